// SPDX-License-Identifier: GPL-2.0
/*
 * cell - a cell of a plan -> a job for the workers, prepared, done and cleaned
 * up -> what they recorded, merged.
 */
#include <linux/kernel.h>
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <linux/time64.h>
#include <linux/topology.h>

#include "allocs.h"
#include "cell.h"
#include "compat_state.h"
#include "contexts.h"
#include "demand.h"
#include "frag.h"
#include "patterns.h"
#include "room.h"
#include "sampling.h"
#include "tail.h"
#include "verdict.h"

/* Short enough to stop within 100 ms, and for interrupts to be kept off. */
#define BURST_US_PROCESS	5000
#define BURST_US_ATOMIC		50
#define STRETCH_US_PROCESS	50000
#define STRETCH_US_ATOMIC	1000

/* What takes no more than this by far need not be watched. */
#define CELL_UNWATCHED		SZ_1M

/**
 * kab_cell_close() - end the workers, free the memory
 * @b: bench that kab_cell_open() has seen
 *
 * Context: process, may sleep.
 */
void kab_cell_close(struct cell_bench *b)
{
	enum result_when when;
	enum result_op op;

	kab_crew_close(&b->crew);
	for (op = 0; op < OPS; op++)
		kvfree(b->merged[op]);
	for (when = 0; when < WHENS; when++)
		kvfree(b->zones[when]);
	kvfree(b->workers);
	kvfree(b->evict);
}

static bool get_memory(struct cell_bench *b)
{
	bool whole = true;
	enum result_when when;
	enum result_op op;

	b->workers = kvcalloc(b->plan->n_cpus, sizeof(*b->workers), ROOM_OWN);
	for (op = 0; op < OPS && b->plan->n_cpus > 1; op++) {
		b->merged[op] = kvmalloc(sizeof(*b->merged[op]), ROOM_OWN);
		if (b->merged[op])
			kab_hist_init(b->merged[op]);
		whole &= !!b->merged[op];
	}
	b->most_zones = num_online_nodes() * MAX_NR_ZONES;
	for (when = 0; when < WHENS; when++) {
		b->zones[when] = kvcalloc(b->most_zones,
					  sizeof(*b->zones[when]), ROOM_OWN);
		whole &= !!b->zones[when];
	}
	b->evict_bytes = kab_demand_evict_bytes(b->plan);
	if (b->evict_bytes) {
		b->evict = kvzalloc(b->evict_bytes, ROOM_OWN);
		whole &= !!b->evict;
	}
	return whole && b->workers;
}

/**
 * kab_cell_open() - start workers, take the memory that all cells need
 * @b: zeroed; filled
 * @plan: plan
 * @abort: stops the workers when it is set
 *
 * Context: process, may sleep.
 * Return: 0 or -ENOMEM, with nothing left behind.
 */
int kab_cell_open(struct cell_bench *b, const struct plan *plan, const bool *abort)
{
	might_sleep();
	b->plan = plan;
	if (get_memory(b) && !kab_crew_open(&b->crew, plan, abort))
		return 0;
	kab_cell_close(b);
	return -ENOMEM;
}

/**
 * kab_cell_ticks() - a time in ticks of the clock
 * @clock: clock
 * @us: microseconds
 *
 * Context: any.
 * Return: ticks.
 */
u64 kab_cell_ticks(const struct result_clock *clock, u64 us)
{
	return div_u64(us * clock->khz, 1000);
}

/* What a pattern does not ask for is meant for another of the plan's. */
static u64 for_pattern(const struct cell_bench *b, const struct plan_cell *at,
		       enum plan_key key, u64 neutral)
{
	return kab_patterns[at->pattern].word.bits & BIT(key) ?
	       b->plan->number[key] : neutral;
}

/* The references run with interrupts off wherever they are called. */
static u64 stretch_us(const struct plan_cell *at)
{
	const bool atomic = kab_contexts[at->context].traits & CONTEXT_ATOMIC;
	const bool reference = kab_allocs[at->alloc].traits & ALLOC_REFERENCE;

	return atomic || reference ? STRETCH_US_ATOMIC : STRETCH_US_PROCESS;
}

/*
 * Others keep half of what there is, where a cell takes what it can get, and a
 * quarter where it was admitted with half.
 */
static void keep_room(struct job *job)
{
	const bool greedy = (job->pattern->traits & PATTERN_FILLS) ||
			    (job->alloc->traits & ALLOC_DEFERS);

	kab_room_keep(&job->room, greedy ? 2 : 4);
}

/* Above a page kvmalloc() may take pages one by one, and nobody sees it. */
static bool looks(const struct plan_cell *at, unsigned int calls)
{
	const unsigned int falls = ALLOC_SLAB | ALLOC_GUARDED;
	const bool holds = kab_patterns[at->pattern].traits & PATTERN_TURNS;

	return (kab_allocs[at->alloc].traits & falls) == falls &&
	       at->size > PAGE_SIZE && (holds || !calls);
}

static void fill_job(struct cell_bench *b, const struct plan_cell *at, u64 each)
{
	const struct allocator *alloc = &kab_allocs[at->alloc];
	const struct context *context = &kab_contexts[at->context];
	const bool atomic = context->traits & CONTEXT_ATOMIC;
	const struct demand need = kab_demand_of(b->plan, at, each);
	const u64 *number = b->plan->number;
	struct job *job = &b->job;

	*job = (struct job){
		.alloc = alloc, .loops = kab_allocs_loops(alloc, at->size),
		.pattern = &kab_patterns[at->pattern], .context = context,
		.room = need.room, .node = need.room.node,
		.memcg = need.room.memcg, .size = at->size,
		.gfp = (__force gfp_t)at->flags->bits | __GFP_NOWARN,
		.touch_step = need.touch_step, .depth = need.depth,
		.slots = need.slots, .moves = need.moves,
		.order = for_pattern(b, at, PLAN_ORDER, ORDER_FIFO),
		.mix = for_pattern(b, at, PLAN_MIX, 1),
		.calls = need.calls, .looks = looks(at, need.calls),
		.chunk = need.chunk,
		.seed = number[PLAN_SEED],
		.samples = number[PLAN_SAMPLES],
		.warmup = number[PLAN_WARMUP],
		.burst_ticks = kab_cell_ticks(&b->clock, atomic ? BURST_US_ATOMIC :
							      BURST_US_PROCESS),
		.stretch_ticks = kab_cell_ticks(&b->clock, stretch_us(at)),
		.budget_ticks = kab_cell_ticks(&b->clock, number[PLAN_BUDGET_MS] *
						      USEC_PER_MSEC),
		.evict = b->evict, .evict_bytes = b->evict_bytes,
		.abort = b->crew.abort,
	};
	job->watched = job->room.order || (alloc->traits & ALLOC_DEFERS) ||
		       each * job->slots * max(job->calls, 1U) > CELL_UNWATCHED;
}

/* Whom the writer knows is charged. */
static enum result_charge charge_of(const struct job *job)
{
	if (!(job->gfp & __GFP_ACCOUNT))
		return CHARGE_UNASKED;
	return compat_charges(job->memcg) ? CHARGE_GROUP : CHARGE_NOBODY;
}

/* Why a worker of pattern exhaust allocated no more. */
static const char *end_of(const struct worker *w)
{
	if (w->fail)
		return "failure";
	if (w->tried == w->job->samples)
		return "samples";
	if (w->low)
		return "others";
	return w->stop == WORKER_OVER ? "bytes" : "stop";
}

/* Of what was taken off on each CPU, the least is known of all of them. */
static void merge_op(struct cell_bench *b, struct result_cell *cell,
		     enum result_op op)
{
	struct hist *h = b->merged[op];
	unsigned int i;

	kab_hist_clear(h);
	cell->merged.hist[op] = h;
	cell->merged.overhead[op] = U64_MAX;
	for (i = 0; i < cell->n_workers; i++) {
		const struct result_worker *w = &cell->workers[i];

		kab_hist_merge(h, w->hist[op]);
		cell->merged.overhead[op] = min(cell->merged.overhead[op],
						w->overhead[op]);
	}
}

/* What lies between the samples of a cell is the harness's own. */
static void merge(struct cell_bench *b, struct result_cell *cell)
{
	enum result_op op;

	cell->merged = b->workers[0];
	cell->outside = cell->wall;
	for (op = 0; op < OPS; op++) {
		if (!cell->merged.hist[op])
			continue;
		if (cell->n_workers > 1)
			merge_op(b, cell, op);
		cell->outside -= cell->merged.hist[op]->sum;
		cell->pairs = max(cell->pairs, cell->merged.hist[op]->n);
	}
	cell->pairs *= max(b->job.calls, 1U);
}

/* Why the slow samples were slow. */
static void find_tails(struct result_cell *cell)
{
	enum result_op op;

	for (op = 0; op < OPS; op++) {
		const struct hist *h = cell->merged.hist[op];
		struct tail_shares *shares = &cell->tails[op];

		if (!h || !kab_hist_resolves(h, HIST_P99))
			continue;
		shares->basis_points = kab_hist_resolves(h, HIST_P999) ?
				       HIST_P999 : HIST_P99;
		kab_tail_find(shares, cell->workers, cell->n_workers, op,
			      kab_hist_percentile(h, shares->basis_points));
	}
}

/* What the workers have recorded. */
static void gather(struct cell_bench *b, struct result_cell *cell)
{
	const struct job *job = &b->job;
	unsigned int i;

	for (i = 0; i < b->crew.n; i++) {
		const struct worker *w = b->crew.workers[i];

		b->workers[i] = w->recorded;
		if (job->pattern->traits & PATTERN_FILLS)
			b->workers[i].ended = end_of(w);
		cell->fail += w->fail;
		cell->wall += w->wall;
		cell->fell += w->fell;
		cell->looked += w->examined;
	}
	cell->workers = b->workers;
	cell->n_workers = b->crew.n;
	cell->looks = job->looks;
	cell->calls = job->calls;
	cell->settles = job->depth;
	if (job->alloc->traits & ALLOC_BULKS)
		cell->objects = ALLOC_BULK;
	else if ((job->alloc->traits & ALLOC_SCATTERS) && job->state.n_pages > 1)
		cell->pieces = job->state.n_pages;
	merge(b, cell);
	find_tails(cell);
}

/* Where the objects will be: on the node asked for, or those of the workers. */
static struct frag what_to_fragment(const struct cell_bench *b)
{
	const struct job *job = &b->job;
	struct frag frag = {
		.gfp = job->gfp, .size = job->size,
		.percent = b->plan->number[PLAN_SHARE], .seed = job->seed,
		.abort = job->abort,
	};
	unsigned int i;

	if (job->node != NUMA_NO_NODE)
		node_set(job->node, frag.nodes);
	for (i = 0; i < b->crew.n && job->node == NUMA_NO_NODE; i++)
		node_set(cpu_to_mem(b->crew.workers[i]->cpu), frag.nodes);
	return frag;
}

static void look_at_zones(struct cell_bench *b, struct result_frag *result,
			  enum result_when when)
{
	result->zones[when] = b->zones[when];
	result->n_zones[when] = kab_frag_zones(b->zones[when], b->most_zones);
}

static bool work(struct cell_bench *b, struct result_cell *cell)
{
	keep_room(&b->job);
	kab_sampling_run(&b->crew, &b->job);
	return kab_verdict_find(cell, b->plan, &b->crew);
}

static bool work_fragmented(struct cell_bench *b, struct result_cell *cell)
{
	struct frag frag = what_to_fragment(b);
	struct result_frag *result = &cell->frag;
	bool holds;

	look_at_zones(b, result, WHEN_BEFORE);
	kab_frag_pin(&frag);
	look_at_zones(b, result, WHEN_PINNED);
	holds = work(b, cell);
	kab_verdict_frag(cell, b->plan, &frag);
	result->done = true;
	result->order = frag.order;
	result->pinned = (u64)frag.n << PAGE_SHIFT;
	result->left = frag.left;
	kab_frag_unpin(&frag);
	look_at_zones(b, result, WHEN_AFTER);
	return holds;
}

/**
 * kab_cell_measure() - measure a cell
 * @b: bench
 * @each: bytes that an object takes
 * @cell: with its coordinates; gets all that is found, and refers to @b
 *
 * Context: process, may sleep; current->active_memcg is the writer's.
 * Return: 0; or -EIO if nothing is to be believed any more, and the run fails
 * for the cell's reason.
 */
int kab_cell_measure(struct cell_bench *b, u64 each, struct result_cell *cell)
{
	struct job *job = &b->job;
	bool holds = true;

	might_sleep();
	fill_job(b, &cell->at, each);
	cell->charge = charge_of(job);
	/* As long as nothing else is known. */
	kab_verdict_fail(cell, "there was no memory to prepare it");
	if (kab_allocs_open(job->alloc, &job->state, job->size,
			    job->slots * b->crew.n))
		return 0;
	if (!kab_crew_prepare(&b->crew, job)) {
		holds = job->pattern->traits & PATTERN_FRAGS ?
			work_fragmented(b, cell) : work(b, cell);
		if (holds)
			gather(b, cell);
	}
	kab_allocs_close(job->alloc, &job->state);
	return holds ? 0 : -EIO;
}
