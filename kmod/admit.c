// SPDX-License-Identifier: GPL-2.0
/*
 * admit - what objects really take, and whether a plan fits into memory.
 *
 * Some objects are taken, and what the kernel has less is divided by them. The
 * boot options decide: slub_debug makes fourteen times as much of eight bytes,
 * and nothing but the memory itself tells.
 */
#include <linux/cpumask.h>
#include <linux/jiffies.h>
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/percpu.h>
#include <linux/sched.h>
#include <linux/sched/mm.h>
#include <linux/sizes.h>
#include <linux/slab.h>

#include "admit.h"
#include "compat.h"
#include "counters.h"
#include "demand.h"
#include "loops.h"
#include "rows.h"
#include "rules.h"
#include "worker.h"

/* What a worker takes at most, without its slots. */
#define WORKER_BYTES	(sizeof(struct worker) + sizeof(struct tail) + \
			 OPS * sizeof(struct hist))
/* Probing all objects of a plan takes this long at most. */
#define ADMIT_MS	500
/* Debugging makes at most this many times as much of an object. */
#define PROBE_DOUBT	64
/* Dozens of slabs, for one more or less is the error. */
#define PROBE_BYTES	SZ_1M
#define PROBE_OBJECTS	8192
/* Objects between two looks at room and clock. */
#define PROBE_BURST	16
/* Fewer do on a debugging kernel, which is slow; but this many pages, for ten times as long. */
#define PROBE_MS	20
#define PROBE_PAGES	64

/* Objects that are taken to look at their cost. Nobody looks at @ticks. */
struct probe {
	const struct plan *plan;
	const struct allocator *alloc;
	const struct alloc_loops *loops;
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
	return pages - kab_room_free_pages() >= PROBE_PAGES ||
	       time_after(jiffies, since + msecs_to_jiffies(10 * PROBE_MS));
}

/* Returns how many it could take; stops early where time or room is up. */
static unsigned int take(struct probe *p, unsigned int wanted)
{
	struct mem_cgroup *before = set_active_memcg(p->room.memcg);
	const unsigned long since = jiffies;
	const long pages = kab_room_free_pages();
	const unsigned int first = p->n;
	enum room_kind lack;

	while (p->n - first < wanted && !time_is_up(since, pages)) {
		unsigned int count = min(wanted - (p->n - first), PROBE_BURST);

		count = min(count, kab_room_for(&p->room, 1, &lack));
		if (!count)
			break;
		aim_probe(p, p->n, count);
		p->loops->fill(&p->burst);
		p->n += count;
		if (p->burst.failed)
			break;
		cond_resched();
	}
	set_active_memcg(before);
	return p->n - first;
}

static void put_taken(struct probe *p)
{
	unsigned int i;

	for (i = 0; i < p->n; i += PROBE_BURST) {
		aim_probe(p, i, min_t(unsigned int, p->n - i, PROBE_BURST));
		p->loops->empty(&p->burst);
		cond_resched();
	}
	compat_frag_drain(&p->frag);
	p->n = 0;
}

/* The first half fills the holes of slabs that are there already, the second takes new ones. */
static u64 cost_of(struct probe *p, unsigned int count)
{
	unsigned int first = take(p, count), second;
	long before = kab_room_free_pages(), after;

	second = take(p, first);
	after = kab_room_free_pages();
	put_taken(p);
	/* A handful says nothing, nor do fewer than would fill the holes. */
	if (second < 2 || after >= before ||
	    (second < first / 2 && before - after < PROBE_PAGES))
		return 0;
	return div_u64((u64)(before - after) << PAGE_SHIFT, second);
}

static u64 open_and_cost(struct probe *p, unsigned int count)
{
	u64 cost = 0;

	p->slots = kvcalloc(2 * count, sizeof(*p->slots), OWN_GFP);
	p->cookies = kvcalloc(2 * count * p->alloc->cookies + 1,
			      sizeof(*p->cookies), OWN_GFP);
	if (p->slots && p->cookies &&
	    !kab_allocs_open(p->alloc, &p->state, p->burst.ask.size, 2 * count)) {
		cost = cost_of(p, count);
		kab_allocs_close(&p->state);
	}
	kvfree(p->cookies);
	kvfree(p->slots);
	return cost;
}

/* Others that allocate meanwhile add to the cost: the least of three counts. */
static u64 least_cost(struct probe *p, unsigned int count)
{
	const u64 estimate = p->room.each;
	u64 least = U64_MAX;
	unsigned int i;

	for (i = 0; i < 3 && admit_exceeds(least, estimate); i++) {
		if (READ_ONCE(p->plan->stop))
			return 0;
		least = min(least, open_and_cost(p, count) ?: U64_MAX);
	}
	return least == U64_MAX ? 0 : least;
}

static u64 take_some(const struct plan *plan, const struct plan_cell *at,
		     const struct room *room, unsigned int count)
{
	struct probe *p = kzalloc(sizeof(*p), OWN_GFP);
	u64 found;

	if (!p)
		return 0;
	p->plan = plan;
	p->alloc = &kab_allocs[at->alloc];
	p->loops = kab_allocs_loops(p->alloc, at->size);
	p->room = *room;
	p->room.takers = 1;
	kab_room_keep(&p->room, 2);
	p->state.frag = &p->frag;
	p->burst = (struct burst){
		.ask = { at->size, (__force gfp_t)at->flags->bits | __GFP_NOWARN,
			 room->node, &p->state },
		.deadline = U64_MAX, .cookie_words = p->alloc->cookies,
	};
	found = least_cost(p, count);
	kfree(p);
	return found;
}

/* How many objects will do; 0 where there is nothing to find out. */
static unsigned int how_many(const struct plan *plan, const struct plan_cell *at,
			     const struct demand *d)
{
	const u64 each = d->room.each;
	/* A slab that is debugged takes up to a few dozen times as much. */
	u64 most = d->available / 16;

	if (!each || most < d->own ||
	    (kab_allocs[at->alloc].traits & ALLOC_NO_LOCK) ||
	    !kab_rules_process(plan, at))
		return 0;
	most = div64_u64(most - d->own, each) / 2;
	return min3(most, div64_u64(PROBE_BYTES, each) + 2, (u64)PROBE_OBJECTS);
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
	const struct demand d = kab_demand_of(plan, at, each);

	return (kab_allocs[at->alloc].traits & ALLOC_SLAB) &&
	       d.held > kab_room_in_blocks(&d.room, PAGE_ALLOC_COSTLY_ORDER);
}

static u64 find_each(const struct plan *plan, const struct plan_cell *at,
		     const struct demand *thought)
{
	const struct allocator *a = &kab_allocs[at->alloc];
	const u64 estimate = thought->room.each;
	const unsigned int count = how_many(plan, at, thought);
	u64 found;

	if (count < 2)
		return estimate;
	found = take_some(plan, at, &thought->room, count);
	/* Frees in random order keep a block for one of its objects: computed. */
	if (!found || (a->traits & ALLOC_SHARES) || slabs_shrink(plan, at, found))
		return max(found, estimate);
	/* Others free meanwhile; but no object takes less than is written. */
	return max(found, min(estimate, written(a, at->size)));
}

/**
 * kab_admit_each() - what an object of a cell takes
 * @last: what was found last
 * @plan: plan
 * @at: cell
 *
 * Context: process, may sleep; current->active_memcg is the writer's.
 * Return: bytes: what was found, or what is computed where nothing was.
 */
u64 kab_admit_each(struct admit_last *last, const struct plan *plan,
		   const struct plan_cell *at)
{
	const u64 estimate = kab_demand_footprint(&kab_allocs[at->alloc], at->size);
	struct demand thought;

	if (last->each && last->at.alloc == at->alloc &&
	    last->at.size == at->size && last->at.flags == at->flags)
		return last->each;
	thought = kab_demand_of(plan, at, estimate);
	/* Far from what may be held by any reckoning is not worth a look. */
	if (thought.held < thought.available / PROBE_DOUBT ||
	    (last->until && time_after(jiffies, last->until)))
		return estimate;
	last->at = *at;
	last->each = find_each(plan, at, &thought);
	return last->each;
}

static int weigh_cell(struct admit_last *last, const struct plan *plan,
		      const struct plan_cell *at, struct admit_memory *m,
		      struct refusal *error)
{
	const u64 estimate = kab_demand_footprint(&kab_allocs[at->alloc], at->size);
	const struct demand thought = kab_demand_of(plan, at, estimate);
	const u64 half = thought.available / 2;
	const u64 each = kab_admit_each(last, plan, at);
	const u64 held = kab_demand_of(plan, at, each).held;

	if (held > m->held) {
		m->held = held;
		m->estimate = thought.held;
	}
	if (held + m->recorder <= half)
		return 0;
	return kab_refuse(error, -ENOMEM,
			  "the plan would hold %llu bytes and record into %llu; half of the available memory is %llu",
			  held, m->recorder, half);
}

/**
 * kab_admit_memory() - whether a plan fits into memory
 * @plan: plan
 * @memory: filled
 * @error: filled when it does not fit
 *
 * Context: a kernel thread, may sleep; what charges memory charges its active
 * cgroup.
 * Return: 0 or -ENOMEM.
 */
int kab_admit_memory(const struct plan *plan, struct admit_memory *memory,
		     struct refusal *error)
{
	/* A plan has to begin some time; its cells look for themselves. */
	struct admit_last last = {
		.until = jiffies + msecs_to_jiffies(ADMIT_MS),
	};
	unsigned int i;
	int err = 0;

	*memory = (struct admit_memory){
		.recorder = sizeof(*plan) +
			    (plan->n_cpus > 1) * OPS * sizeof(struct hist) +
			    plan->n_cpus * (WORKER_BYTES + kab_counters_bytes(plan)) +
			    kab_demand_evict_bytes(plan),
	};
	for (i = 0; i < plan->n_cells && !err; i++) {
		const struct plan_cell at = kab_plan_cell(plan, i);

		if (at.round || READ_ONCE(plan->stop))
			break;
		if (!kab_rules_refuse(plan, &at, NULL))
			err = weigh_cell(&last, plan, &at, memory, error);
		cond_resched();
	}
	return err;
}
