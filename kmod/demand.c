// SPDX-License-Identifier: GPL-2.0
/*
 * demand - what a cell needs: stretches, slots, memory.
 */
#include <linux/kernel.h>
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/numa.h>
#include <linux/sizes.h>

#include "allocs.h"
#include "compat.h"
#include "contexts.h"
#include "demand.h"
#include "patterns.h"
#include "room.h"
#include "worker.h"

/* Of a slab of 32 objects these are half: most draws look alike. */
#define DEMAND_MOVES	16
/* What the slab allocator does not hand on to the page allocator. */
#define SLAB_LARGEST	(2 * PAGE_SIZE)

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
 * demand_piles() - whether what a call allocates may be held by the next
 * @at: cell
 *
 * Context: any.
 * Return: true if a chunk of calls takes more than one object.
 */
bool demand_piles(const struct plan_cell *at)
{
	return (patterns[at->pattern].traits & (PATTERN_TURNS | PATTERN_REMOTE)) ||
	       (allocs[at->alloc].traits & ALLOC_DEFERS);
}

/**
 * demand_objects() - say what is taken from a room
 * @room: its objects change
 * @a: allocator
 * @each: bytes that an object takes, 0 for nothing
 *
 * Context: any.
 */
void demand_objects(struct room *room, const struct allocator *a, u64 each)
{
	room->each = each;
	room->order = each ? block_order(a, each) : 0;
}

/**
 * demand_room() - where the objects of a cell come from
 * @plan: plan
 * @at: cell
 * @each: bytes that an object takes
 *
 * Context: process; current->active_memcg is the writer's.
 * Return: a room that nothing is kept in.
 */
struct room demand_room(const struct plan *plan, const struct plan_cell *at,
			u64 each)
{
	const struct allocator *a = &allocs[at->alloc];
	const gfp_t gfp = (__force gfp_t)at->flags->bits | a->adds;
	const u64 node = plan->number[PLAN_NODE];
	struct room room = {
		.gfp = gfp, .node = node == PLAN_ANY ? NUMA_NO_NODE : (int)node,
		.memcg = gfp & __GFP_ACCOUNT ? compat_active_memcg() : NULL,
		.takers = plan->n_cpus, .piles = demand_piles(at),
	};

	demand_objects(&room, a, each);
	return room;
}

/**
 * demand_calls() - calls in a stretch
 * @plan: plan
 * @at: cell
 *
 * Patterns that hold a number of live objects are cut into equal stretches.
 *
 * Context: any.
 * Return: calls; 0 when every call is timed, or when there is no equal cut.
 */
unsigned int demand_calls(const struct plan *plan, const struct plan_cell *at)
{
	const u64 calls = plan->number[PLAN_CALLS];
	const u64 depth = plan->number[PLAN_DEPTH];

	if (plan->number[PLAN_TIMING] != TIMING_BATCH)
		return 0;
	if (!(patterns[at->pattern].keys & BIT(PLAN_DEPTH)))
		return calls;
	if (depth <= calls)
		return depth;
	return div64_u64(depth, calls) * calls == depth ? calls : 0;
}

/**
 * demand_touch() - most that is written to at a time
 * @at: cell
 *
 * Nothing else may run meanwhile, in process context because the CPU is not
 * given away.
 *
 * Context: any.
 * Return: bytes.
 */
u64 demand_touch(const struct plan_cell *at)
{
	const bool atomic = contexts[at->context].traits & CONTEXT_ATOMIC;

	return atomic ? SZ_64K : SZ_64M;
}

/**
 * demand_chunk() - calls a worker makes before it looks at anything else
 * @plan: plan
 * @at: cell
 *
 * Patterns that fill and empty in turns touch the objects of a chunk together.
 * What a stretch frees for later is looked at behind each.
 *
 * Context: any.
 * Return: allocations, or stretches where those are timed.
 */
unsigned int demand_chunk(const struct plan *plan, const struct plan_cell *at)
{
	const struct pattern *p = &patterns[at->pattern];
	const unsigned int most = p->chunk ?: WORKER_CHUNK;

	if ((allocs[at->alloc].traits & ALLOC_DEFERS) && demand_calls(plan, at))
		return 1;
	if (plan->number[PLAN_TOUCH] == TOUCH_NONE ||
	    !(p->traits & PATTERN_TURNS))
		return most;
	return clamp_t(u64, div64_u64(demand_touch(at), at->size), 1, most);
}

/**
 * demand_bytes() - what bytes= stands for now
 * @plan: plan
 * @at: cell
 *
 * Context: process; current->active_memcg is the writer's.
 * Return: bytes.
 */
u64 demand_bytes(const struct plan *plan, const struct plan_cell *at)
{
	const u64 bytes = plan->number[PLAN_BYTES];
	const struct room room = demand_room(plan, at, 0);

	return bytes == PLAN_AUTO ? room_available(&room) / 4 : bytes;
}

/**
 * demand_moves() - objects a worker holds in turn, so that others are hot
 * @at: cell
 *
 * A pattern that frees and allocates the same object again and again measures
 * one object. Whether that lies in the first page of its slab is an
 * instruction more or less to kfree(), its cache sets are those of one address,
 * and which object it is depends on how the machine was booted. So the samples
 * of small objects of the slab allocator are spread over DEMAND_MOVES of them.
 *
 * Context: any.
 * Return: objects.
 */
unsigned int demand_moves(const struct plan_cell *at)
{
	/* kfree_rcu() gives back too late for any object to be the same. */
	const unsigned int others = ALLOC_DEFERS | ALLOC_WAITS;
	const unsigned int traits = allocs[at->alloc].traits;

	if ((traits & (ALLOC_SLAB | others)) != ALLOC_SLAB ||
	    !(patterns[at->pattern].traits & PATTERN_SAME) ||
	    at->size > SLAB_LARGEST)
		return 0;
	return DEMAND_MOVES;
}

/* What the harness keeps beside an object: see get_slots() in worker.c. */
static u64 table_bytes(const struct plan *plan, const struct plan_cell *at)
{
	const u64 keys = patterns[at->pattern].keys;
	u64 bytes = sizeof(void *) + allocs[at->alloc].cookies * sizeof(u64);

	if ((keys & BIT(PLAN_MIX)) && plan->number[PLAN_MIX] > 1)
		bytes += sizeof(size_t);
	if ((keys & BIT(PLAN_ORDER)) && plan->number[PLAN_ORDER] == ORDER_RANDOM)
		bytes += sizeof(u32);
	return bytes;
}

/**
 * demand_slots() - slots that a worker needs for a cell
 * @plan: plan
 * @at: cell
 * @each: bytes that an object takes
 *
 * Context: process; current->active_memcg is the writer's.
 * Return: slots.
 */
u64 demand_slots(const struct plan *plan, const struct plan_cell *at, u64 each)
{
	const struct pattern *p = &patterns[at->pattern];
	u64 depth = plan->number[PLAN_DEPTH];

	if (p->traits & PATTERN_FILLS) {
		each += table_bytes(plan, at);
		depth = div64_u64(demand_bytes(plan, at), each * plan->n_cpus);
		depth = min(depth, plan->number[PLAN_SAMPLES]);
	}
	return p->slots(depth) + demand_moves(at);
}

/**
 * demand_evict_bytes() - memory to read to evict the caches
 * @plan: plan
 *
 * Context: any.
 * Return: bytes: twice the largest cache of this CPU, another may differ; 4 MiB
 * at least, 1 GiB at most; 0 where no pattern of the plan evicts.
 */
size_t demand_evict_bytes(const struct plan *plan)
{
	unsigned int i;

	for (i = 0; i < plan->patterns.n; i++) {
		if (patterns[plan->patterns.index[i]].traits & PATTERN_COLD)
			return clamp_t(size_t, 2 * compat_cache_bytes(),
				       SZ_4M, SZ_1G);
	}
	return 0;
}

/**
 * demand_own() - memory that an allocator is prepared with
 * @at: cell
 * @each: bytes that an object takes
 *
 * Context: any.
 * Return: bytes; what is made for each object that is asked for is not in it.
 */
u64 demand_own(const struct plan_cell *at, u64 each)
{
	const struct alloc_setup *setup = allocs[at->alloc].setup;

	return setup ? setup->reserve * each : 0;
}

/* Objects that the chunk of a worker may have freed and not given back. */
static u64 deferred(const struct plan *plan, const struct plan_cell *at)
{
	if (!(allocs[at->alloc].traits & ALLOC_DEFERS))
		return 0;
	return demand_calls(plan, at) + WORKER_CHUNK;
}

/**
 * demand_held() - memory that the live objects of a cell take at most
 * @plan: plan
 * @at: cell
 * @each: bytes that an object takes
 *
 * Context: process; current->active_memcg is the writer's.
 * Return: bytes, with all that its pattern and its allocator need besides.
 */
u64 demand_held(const struct plan *plan, const struct plan_cell *at, u64 each)
{
	const struct pattern *p = &patterns[at->pattern];
	u64 slots = demand_slots(plan, at, each) + deferred(plan, at);
	u64 whole = each + table_bytes(plan, at);
	u64 bytes;

	slots *= plan->n_cpus;
	/* bytes=auto is looked up anew, and may be next to nothing by now. */
	if (slots && whole > div64_u64(U64_MAX / 2, slots))
		return U64_MAX / 2;
	bytes = whole * slots + demand_own(at, each);
	if (p->traits & PATTERN_FRAGS) {
		const struct room room = demand_room(plan, at, 0);

		bytes += div_u64(room_free(&room) * plan->number[PLAN_SHARE], 100);
	}
	return bytes;
}
