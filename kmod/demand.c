// SPDX-License-Identifier: GPL-2.0
/*
 * demand - what a cell needs: stretches, slots, memory.
 */
#include <linux/cache.h>
#include <linux/cacheinfo.h>
#include <linux/cpu.h>
#include <linux/cpumask.h>
#include <linux/device.h>
#include <linux/kernel.h>
#include <linux/log2.h>
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/numa.h>
#include <linux/sizes.h>
#include <linux/string.h>
#include <linux/vmalloc.h>

#include "compat_state.h"
#include "demand.h"
#include "rows.h"

/* Of a slab of 32 objects these are half: most draws look alike. */
#define DEMAND_MOVES	16
/* Bytes of a cache that nobody knows. */
#define DEMAND_CACHE	SZ_16M

/* The pages that vmalloc_huge() takes for a size; arm64 has some in between. */
static u64 huge_bytes(u64 size)
{
	if (size >= PMD_SIZE)
		return PMD_SIZE;
	return 1UL << arch_vmap_pte_supported_shift(size);
}

/**
 * kab_demand_footprint() - memory that a live object takes by reckoning
 * @a: allocator
 * @size: bytes asked for
 *
 * Context: any.
 * Return: bytes at most, rounded up the way the allocator does.
 */
u64 kab_demand_footprint(const struct allocator *a, u64 size)
{
	if (a->traits & ALLOC_REFERENCE)
		return 0;
	if (a->traits & ALLOC_PAGED)
		size = max_t(u64, size, PAGE_SIZE);
	/* The pointer may need the next power of two: 16K has a slab of 32K. */
	if (a->traits & ALLOC_CTOR)
		size += sizeof(void *);
	if (a->traits & ALLOC_HUGE)
		size = ALIGN(size, huge_bytes(size));
	if (a->traits & ALLOC_DOUBLES)
		size = roundup_pow_of_two(max_t(u64, size, 8));
	else
		/* A page for the page tables and what describes a mapping. */
		size = ALIGN(size, PAGE_SIZE) + PAGE_SIZE;
	/*
	 * A block of eight objects stays until the last of them is freed: where
	 * frees are random, 1 + 1/2 + ... + 1/8 = 2.7 times what lives is held.
	 */
	if (a->traits & ALLOC_SHARES)
		size += PAGE_SIZE;
	if (a->traits & ALLOC_BULKS)
		size *= ALLOC_BULK;
	if (a->traits & ALLOC_PER_CPU)
		size *= num_possible_cpus();
	return size;
}

/*
 * The smallest block that an object is made of, which a slab falls back to. A
 * slab that is no multiple of its objects adds less than a sixteenth to each.
 */
static unsigned int block_order(const struct allocator *a, u64 each)
{
	if (!(a->traits & ALLOC_DOUBLES) || (a->traits & ALLOC_GUARDED))
		return 0;
	if (a->traits & ALLOC_BULKS)
		each /= ALLOC_BULK;
	return get_order(each - each / 16);
}

/**
 * kab_demand_objects() - say what is taken from a room
 * @room: its objects change
 * @a: allocator
 * @each: bytes that an object takes, 0 for nothing
 *
 * Context: any.
 */
void kab_demand_objects(struct room *room, const struct allocator *a, u64 each)
{
	room->each = each;
	room->order = each ? block_order(a, each) : 0;
}

static struct room find_room(const struct plan *plan, const struct plan_cell *at,
			     u64 each)
{
	const struct allocator *a = &kab_allocs[at->alloc];
	const gfp_t gfp = (__force gfp_t)at->flags->bits | a->adds;
	const u64 node = plan->number[PLAN_NODE];
	struct room room = {
		.gfp = gfp, .node = node == PLAN_ANY ? NUMA_NO_NODE : (int)node,
		.memcg = gfp & __GFP_ACCOUNT ? compat_active_memcg() : NULL,
		.takers = plan->n_cpus,
		/* What a call allocates may be held by the next. */
		.piles = (a->traits & ALLOC_DEFERS) ||
			 (kab_patterns[at->pattern].traits &
			  (PATTERN_TURNS | PATTERN_REMOTE)),
	};

	kab_demand_objects(&room, a, each);
	return room;
}

/* What a pattern does not ask for is meant for another of the plan's. */
static u64 for_pattern(const struct plan *plan, const struct plan_cell *at,
		       enum plan_key key, u64 neutral)
{
	return kab_patterns[at->pattern].word.bits & BIT(key) ?
	       plan->number[key] : neutral;
}

/* Patterns that hold a number of live objects are cut into equal stretches. */
static unsigned int calls_of(const struct plan *plan, const struct plan_cell *at)
{
	const u64 calls = plan->number[PLAN_CALLS];
	const u64 depth = plan->number[PLAN_DEPTH];

	if (plan->number[PLAN_TIMING] != TIMING_BATCH)
		return 0;
	if (!(kab_patterns[at->pattern].word.bits & BIT(PLAN_DEPTH)))
		return calls;
	if (depth <= calls)
		return depth;
	return div64_u64(depth, calls) * calls == depth ? calls : 0;
}

/* A chunk of PATTERN_TURNS is touched at once. A stretch of deferred frees is a chunk. */
static unsigned int chunk_of(const struct demand *d, const struct plan_cell *at)
{
	const struct pattern *p = &kab_patterns[at->pattern];
	const unsigned int most = p->chunk ?: WORKER_CHUNK;

	if ((kab_allocs[at->alloc].traits & ALLOC_DEFERS) && d->calls)
		return 1;
	if (!d->touch_step || !(p->traits & PATTERN_TURNS))
		return most;
	return clamp_t(u64, div64_u64(d->touch_most, at->size), 1, most);
}

static size_t touch_step(const struct plan *plan)
{
	static const size_t steps[] = {
		[TOUCH_NONE] = 0,
		[TOUCH_PAGE] = PAGE_SIZE,
		[TOUCH_LINE] = SMP_CACHE_BYTES,
	};

	return steps[plan->number[PLAN_TOUCH]];
}

/* While memory is written to nothing else runs on the CPU. */
static u64 touch_most(const struct plan_cell *at)
{
	const bool atomic = kab_contexts[at->context].traits & CONTEXT_ATOMIC;

	return atomic ? SZ_64K : SZ_64M;
}

/*
 * A pattern that frees and allocates the same object again and again measures
 * one object. Whether that lies in the first page of its slab is an
 * instruction more or less to kfree(), its cache sets are those of one address,
 * and which object it is depends on how the machine was booted. So the samples
 * of small objects of the slab allocator are spread over DEMAND_MOVES of them.
 */
static unsigned int moves_of(const struct plan_cell *at)
{
	/* kfree_rcu() frees too late for any object to be the same. */
	const unsigned int others = ALLOC_DEFERS | ALLOC_WAITS;
	const unsigned int traits = kab_allocs[at->alloc].traits;

	if ((traits & (ALLOC_SLAB | others)) != ALLOC_SLAB ||
	    !(kab_patterns[at->pattern].traits & PATTERN_SAME) ||
	    at->size > KMALLOC_MAX_CACHE_SIZE)
		return 0;
	return DEMAND_MOVES;
}

/* What the harness keeps for an object: see alloc_slots() in worker.c. */
static u64 table_bytes(const struct demand *d, const struct plan_cell *at)
{
	u64 bytes = sizeof(void *) + kab_allocs[at->alloc].cookies * sizeof(u64);

	if (d->mix > 1)
		bytes += sizeof(size_t);
	if (d->order == ORDER_RANDOM)
		bytes += sizeof(u32);
	return bytes;
}

static u64 slots_of(const struct demand *d, const struct plan *plan,
		    const struct plan_cell *at, u64 whole)
{
	const struct pattern *p = &kab_patterns[at->pattern];
	u64 depth = d->depth;

	if (p->traits & PATTERN_FILLS) {
		depth = div64_u64(d->bytes, whole * plan->n_cpus);
		depth = min(depth, plan->number[PLAN_SAMPLES]);
	}
	return (p->slots ?: depth) + p->spare + d->moves;
}

static u64 held_by(const struct demand *d, const struct plan *plan,
		   const struct plan_cell *at, u64 whole)
{
	u64 slots = d->slots, bytes;

	/* Objects that the chunk of a worker may have freed, and are not back. */
	if (kab_allocs[at->alloc].traits & ALLOC_DEFERS)
		slots += d->calls + WORKER_CHUNK;
	slots *= plan->n_cpus;
	/* bytes=auto is looked up anew, and may be next to nothing by now. */
	if (slots && whole > div64_u64(U64_MAX / 2, slots))
		return U64_MAX / 2;
	bytes = whole * slots + d->own;
	if (kab_patterns[at->pattern].traits & PATTERN_FRAGS)
		bytes += div_u64(kab_room_in_blocks(&d->room, 0) * plan->number[PLAN_SHARE],
				 100);
	return bytes;
}

/**
 * kab_demand_of() - what a cell needs
 * @plan: plan
 * @at: cell
 * @each: bytes that an object takes
 *
 * Context: process; current->active_memcg is the writer's.
 * Return: all of it, as far as it depends on memory as that is now.
 */
struct demand kab_demand_of(const struct plan *plan, const struct plan_cell *at,
			    u64 each)
{
	struct demand d = {
		.room = find_room(plan, at, each),
		.bytes = plan->number[PLAN_BYTES],
		.depth = plan->number[PLAN_DEPTH],
		.moves = moves_of(at),
		.calls = calls_of(plan, at),
		.order = for_pattern(plan, at, PLAN_ORDER, ORDER_FIFO),
		.mix = for_pattern(plan, at, PLAN_MIX, 1),
		.touch_step = touch_step(plan),
		.touch_most = touch_most(at),
		.own = kab_allocs[at->alloc].reserve * each,
	};
	const u64 whole = each + table_bytes(&d, at);

	d.available = kab_room_available(&d.room);
	if (d.bytes == PLAN_AUTO)
		d.bytes = d.available / 4;
	d.chunk = chunk_of(&d, at);
	d.slots = slots_of(&d, plan, at, whole);
	d.held = held_by(&d, plan, at, whole);
	return d;
}

static int cache_larger(struct device *dev, void *data)
{
	const struct cacheinfo *cache = dev_get_drvdata(dev);
	size_t *most = data;

	if (cache)
		*most = max_t(size_t, *most, cache->size);
	return 0;
}

/*
 * The largest cache, as /sys/devices/system/cpu/cpuN/cache shows it, for the
 * kernel's own functions are not exported. An emulator says it has caches and
 * has none.
 */
static size_t cache_bytes(void)
{
	char hypervisor[16];
	unsigned int cpu;
	size_t most = 0;

	compat_hypervisor(hypervisor);
	if (!strncmp(hypervisor, "TCGTCGTCGTCG", 12))
		return 0;
	for_each_online_cpu(cpu) {
		struct device *dev = get_cpu_device(cpu), *caches;

		caches = dev ? device_find_child_by_name(dev, "cache") : NULL;
		if (!caches)
			continue;
		device_for_each_child(caches, &most, cache_larger);
		put_device(caches);
	}
	return most ?: DEMAND_CACHE;
}

/**
 * kab_demand_evict_bytes() - memory to read to evict the caches
 * @plan: plan
 *
 * Context: process, may sleep.
 * Return: bytes: twice the largest cache, 4 MiB at least, 1 GiB at most; 0
 * where no pattern of the plan evicts.
 */
size_t kab_demand_evict_bytes(const struct plan *plan)
{
	unsigned int i;

	for (i = 0; i < plan->patterns.n; i++) {
		if (kab_patterns[plan->patterns.index[i]].traits & PATTERN_COLD)
			return clamp_t(size_t, 2 * cache_bytes(),
				       SZ_4M, SZ_1G);
	}
	return 0;
}
