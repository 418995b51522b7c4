// SPDX-License-Identifier: GPL-2.0
/*
 * probe - what an object really takes: some are taken, and what the kernel has
 * less is divided by them.
 *
 * The boot options decide: slub_debug makes fourteen times as much of eight
 * bytes, and nothing but the memory itself tells.
 */
#include <linux/cpumask.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/numa.h>
#include <linux/percpu.h>
#include <linux/sched.h>
#include <linux/sched/mm.h>
#include <linux/sizes.h>
#include <linux/slab.h>

#include "admit.h"
#include "allocs.h"
#include "compat.h"
#include "demand.h"
#include "loops.h"
#include "probe.h"
#include "room.h"

/* Debugging makes no more than so many times as much of an object. */
#define PROBE_DOUBT	64
/* Dozens of slabs, for one more or less is the error. */
#define PROBE_BYTES	SZ_1M
#define PROBE_OBJECTS	8192
/* Objects between two looks at room and clock. */
#define PROBE_BURST	16
/*
 * A debugging kernel is slow, and its objects are large: fewer will do, but for
 * so many pages, which may take ten times as long.
 */
#define PROBE_MS	20
#define PROBE_PAGES	64

/**
 * struct probe - objects that are taken to look at their cost
 * @alloc: allocator
 * @room: where they come from
 * @state: what the allocator was prepared with
 * @frag: page fragments
 * @burst: arguments of the loops
 * @slots: objects
 * @cookies: what stays with them
 * @n: how many there are
 * @ticks: nobody looks at these
 */
struct probe {
	const struct allocator *alloc;
	struct room room;
	struct alloc_state state;
	struct page_frag_cache frag;
	struct burst burst;
	void **slots;
	u64 *cookies;
	unsigned int n;
	u64 ticks[2][PROBE_BURST];
};

static void aim_probe(struct probe *p, unsigned int first, unsigned int count)
{
	p->burst.count = count;
	p->burst.slots = p->slots + first;
	p->burst.cookies = p->cookies + first * p->alloc->cookies;
	p->burst.alloc = p->ticks[0];
	p->burst.free = p->ticks[1];
}

static bool time_is_up(unsigned long since, long pages)
{
	if (time_before(jiffies, since + msecs_to_jiffies(PROBE_MS) + 1))
		return false;
	return pages - room_free_pages() >= PROBE_PAGES ||
	       time_after(jiffies, since + msecs_to_jiffies(10 * PROBE_MS));
}

/* Returns how many it could take; stops early where time or room is up. */
static unsigned int take(struct probe *p, const struct alloc_loops *loops,
			 unsigned int wanted)
{
	struct mem_cgroup *before = set_active_memcg(p->room.memcg);
	const unsigned long since = jiffies;
	const long pages = room_free_pages();
	const unsigned int first = p->n;
	enum room_kind lack;

	while (p->n - first < wanted && !time_is_up(since, pages)) {
		unsigned int count = min(wanted - (p->n - first), PROBE_BURST);

		count = min(count, room_for(&p->room, 1, &lack));
		if (!count)
			break;
		aim_probe(p, p->n, count);
		loops->fill(&p->burst);
		p->n += count;
		if (p->burst.failed)
			break;
		cond_resched();
	}
	set_active_memcg(before);
	return p->n - first;
}

static void put_taken(struct probe *p, const struct alloc_loops *loops)
{
	unsigned int i;

	for (i = 0; i < p->n; i += PROBE_BURST) {
		aim_probe(p, i, min_t(unsigned int, p->n - i, PROBE_BURST));
		loops->empty(&p->burst);
		cond_resched();
	}
	compat_frag_drain(&p->frag);
}

/*
 * The first half fills the holes of slabs that are there already; the second
 * takes new ones.
 */
static u64 cost_of(struct probe *p, unsigned int count)
{
	const struct alloc_loops *loops = allocs_loops(p->alloc, p->burst.ask.size);
	unsigned int first = take(p, loops, count), second;
	long before = room_free_pages(), after;

	second = take(p, loops, first);
	after = room_free_pages();
	put_taken(p, loops);
	/* A handful says nothing, nor do fewer than would fill the holes. */
	if (second < 2 || after >= before ||
	    (second < first / 2 && before - after < PROBE_PAGES))
		return 0;
	return div_u64((u64)(before - after) << PAGE_SHIFT, second);
}

static u64 open_and_cost(struct probe *p, unsigned int count)
{
	u64 cost = 0;

	p->slots = kvcalloc(2 * count, sizeof(*p->slots), ROOM_OWN);
	p->cookies = kvcalloc(2 * count * p->alloc->cookies + 1,
			      sizeof(*p->cookies), ROOM_OWN);
	if (p->slots && p->cookies &&
	    !allocs_open(p->alloc, &p->state, p->burst.ask.size, 2 * count)) {
		cost = cost_of(p, count);
		allocs_close(p->alloc, &p->state);
	}
	kvfree(p->cookies);
	kvfree(p->slots);
	return cost;
}

/* By more than a tenth. */
static bool exceeds(u64 taken, u64 estimate)
{
	return taken > estimate && taken - estimate > estimate / 10;
}

/* Others that allocate meanwhile add to the cost: the least of three counts. */
static u64 least_cost(struct probe *p, unsigned int count, u64 estimate,
		      const bool *abort)
{
	u64 least = U64_MAX;
	unsigned int i;

	for (i = 0; i < 3 && exceeds(least, estimate); i++) {
		if (READ_ONCE(*abort))
			return 0;
		p->n = 0;
		least = min(least, open_and_cost(p, count) ?: U64_MAX);
	}
	return least == U64_MAX ? 0 : least;
}

static void fill_probe(struct probe *p, const struct plan *plan,
		       const struct plan_cell *at, u64 estimate)
{
	p->alloc = &allocs[at->alloc];
	p->room = demand_room(plan, at, estimate);
	p->room.takers = 1;
	room_keep(&p->room, 2);
	p->state.frag = &p->frag;
	p->burst = (struct burst){
		.ask = { at->size, (__force gfp_t)at->flags->bits | __GFP_NOWARN,
			 p->room.node, &p->state },
		.deadline = U64_MAX, .cookie_words = p->alloc->cookies,
	};
}

/* How many objects will do; 0 where there is nothing to find out. */
static unsigned int how_many(const struct plan *plan,
			     const struct plan_cell *at, u64 estimate)
{
	const struct allocator *a = &allocs[at->alloc];
	const struct room room = demand_room(plan, at, estimate);
	const u64 own = demand_own(at, estimate);
	u64 most;

	if (!estimate || (a->traits & ALLOC_NO_LOCK) || !admit_process(plan, at))
		return 0;
	/* A slab that is debugged takes up to a few dozen times as much. */
	most = room_available(&room) / 16;
	if (most < own)
		return 0;
	most = div64_u64(most - own, estimate) / 2;
	return min3(most, div64_u64(PROBE_BYTES, estimate) + 2,
		    (u64)PROBE_OBJECTS);
}

/**
 * probe_differs() - whether an object takes another amount than was thought
 * @taken: bytes
 * @estimate: bytes
 *
 * Context: any.
 * Return: true if one is more than a tenth above the other.
 */
bool probe_differs(u64 taken, u64 estimate)
{
	return exceeds(taken, estimate) || exceeds(estimate, taken);
}

/* Bytes that the caller may write, and those that the kernel keeps of them. */
static u64 written(const struct allocator *a, u64 size)
{
	if (a->traits & ALLOC_BULKS)
		size *= ALLOC_BULK;
	/* A pointer for each place where a piece may begin: obj_exts of a chunk. */
	if (a->traits & ALLOC_PER_CPU)
		size = size * num_possible_cpus() +
		       size / PCPU_MIN_ALLOC_SIZE * sizeof(void *);
	return size;
}

/*
 * Where blocks run out, SLUB makes slabs of single pages, which fit the objects
 * worse: two of 2056 bytes take two pages there, 15 of them eight elsewhere.
 */
static bool slabs_shrink(const struct plan *plan, const struct plan_cell *at,
			 u64 each)
{
	const struct room room = demand_room(plan, at, each);

	return (allocs[at->alloc].traits & ALLOC_SLAB) &&
	       demand_held(plan, at, each) >
	       room_in_blocks(&room, PAGE_ALLOC_COSTLY_ORDER);
}

static u64 find_each(const struct plan *plan, const struct plan_cell *at,
		     u64 estimate, const bool *abort)
{
	const unsigned int count = how_many(plan, at, estimate);
	struct probe *p;
	u64 found = 0;

	if (count < 2)
		return estimate;
	p = kzalloc(sizeof(*p), ROOM_OWN);
	if (p) {
		fill_probe(p, plan, at, estimate);
		found = least_cost(p, count, estimate, abort);
	}
	kfree(p);
	/* Frees in random order keep a block for one of its objects: computed. */
	if (!found || (allocs[at->alloc].traits & ALLOC_SHARES) ||
	    slabs_shrink(plan, at, found))
		return max(found, estimate);
	/* Others free meanwhile; but no object takes less than is written. */
	return max(found, min(estimate, written(&allocs[at->alloc], at->size)));
}

/* Far from what may be held by any reckoning: not worth a look. */
static bool small(const struct plan *plan, const struct plan_cell *at,
		  u64 estimate)
{
	const struct room room = demand_room(plan, at, 0);

	return demand_held(plan, at, estimate) <
	       room_available(&room) / PROBE_DOUBT;
}

/**
 * probe_each() - what an object of a cell takes
 * @last: what was found last
 * @plan: plan
 * @at: cell
 * @abort: set from outside to stop
 *
 * Context: process, may sleep; current->active_memcg is the writer's.
 * Return: bytes: what was found, or what is computed where nothing was.
 */
u64 probe_each(struct probe_last *last, const struct plan *plan,
	       const struct plan_cell *at, const bool *abort)
{
	const u64 estimate = allocs_footprint(&allocs[at->alloc], at->size);

	if (last->each && last->at.alloc == at->alloc &&
	    last->at.size == at->size && last->at.flags == at->flags)
		return last->each;
	if (small(plan, at, estimate) ||
	    (last->until && time_after(jiffies, last->until)))
		return estimate;
	last->at = *at;
	last->each = find_each(plan, at, estimate, abort);
	return last->each;
}
