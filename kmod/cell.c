// SPDX-License-Identifier: GPL-2.0
/*
 * cell - a cell of a plan -> a job for the workers, prepared, done and cleaned
 * up -> how it ended, self-checks first, and what they recorded, merged.
 */
#include <linux/build_bug.h>
#include <linux/kernel.h>
#include <linux/minmax.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/time64.h>
#include <linux/topology.h>

#include "cell.h"
#include "clock.h"
#include "compat_state.h"
#include "demand.h"
#include "frag.h"
#include "room.h"
#include "rows.h"
#include "sampling.h"
#include "tail.h"

/* Short enough to stop within 100 ms, and for interrupts to be kept off. */
#define BURST_US_PROCESS	5000
#define BURST_US_ATOMIC		50
#define STRETCH_US_PROCESS	50000
#define STRETCH_US_ATOMIC	1000

/* Cells whose objects take less check for room once, not before every chunk. */
#define CELL_UNWATCHED		SZ_1M

/**
 * kab_cell_close() - end the workers, free the memory
 * @b: bench that kab_cell_open() has seen
 *
 * Context: process, may sleep.
 */
void kab_cell_close(struct cell_bench *b)
{
	kab_crew_close(&b->crew);
	kvfree(b->merged);
	kvfree(b->zones);
	kvfree(b->workers);
	kvfree(b->evict);
}

static bool get_memory(struct cell_bench *b)
{
	const bool merges = b->plan->n_cpus > 1;

	b->workers = kvcalloc(b->plan->n_cpus, sizeof(*b->workers), OWN_GFP);
	if (merges)
		b->merged = kvcalloc(OPS, sizeof(*b->merged), OWN_GFP);
	b->most_zones = num_online_nodes() * MAX_NR_ZONES;
	b->zones = kvcalloc(WHENS * b->most_zones, sizeof(*b->zones), OWN_GFP);
	b->evict_bytes = kab_demand_evict_bytes(b->plan);
	if (b->evict_bytes)
		b->evict = kvzalloc(b->evict_bytes, OWN_GFP);
	return b->workers && b->zones && (b->merged || !merges) &&
	       (b->evict || !b->evict_bytes);
}

/**
 * kab_cell_open() - start workers, take the memory that all cells need
 * @b: zeroed; filled
 * @plan: plan
 *
 * Context: process, may sleep.
 * Return: 0 or -ENOMEM, with nothing left.
 */
int kab_cell_open(struct cell_bench *b, const struct plan *plan)
{
	might_sleep();
	b->plan = plan;
	if (get_memory(b) && !kab_crew_open(&b->crew, plan))
		return 0;
	kab_cell_close(b);
	return -ENOMEM;
}

/* The references run with interrupts off wherever they are called. */
static u64 stretch_us(const struct plan_cell *at)
{
	const bool atomic = kab_contexts[at->context].traits & CONTEXT_ATOMIC;
	const bool reference = kab_allocs[at->alloc].traits & ALLOC_REFERENCE;

	return atomic || reference ? STRETCH_US_ATOMIC : STRETCH_US_PROCESS;
}

/* Others keep half where a cell takes all it can get or frees late, else a quarter. */
static void keep_room(struct job *job)
{
	const bool greedy = (job->pattern->traits & PATTERN_FILLS) ||
			    (job->alloc->traits & ALLOC_DEFERS);

	kab_room_keep(&job->need.room, greedy ? 2 : 4);
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
	const u64 *number = b->plan->number;
	struct job *job = &b->job;

	*job = (struct job){
		.plan = b->plan, .alloc = alloc,
		.loops = kab_allocs_loops(alloc, at->size),
		.pattern = &kab_patterns[at->pattern], .context = context,
		.need = kab_demand_of(b->plan, at, each), .size = at->size,
		.gfp = (__force gfp_t)at->flags->bits | __GFP_NOWARN,
		.samples = number[PLAN_SAMPLES],
		.warmup = number[PLAN_WARMUP],
		.burst_ticks = cell_ticks(&b->clock, atomic ? BURST_US_ATOMIC :
							      BURST_US_PROCESS),
		.stretch_ticks = cell_ticks(&b->clock, stretch_us(at)),
		.budget_ticks = cell_ticks(&b->clock, number[PLAN_BUDGET_MS] *
						     USEC_PER_MSEC),
		.evict = b->evict, .evict_bytes = b->evict_bytes,
	};
	job->looks = looks(at, job->need.calls);
	job->watched = job->need.room.order || (alloc->traits & ALLOC_DEFERS) ||
		       each * job->need.slots * max(job->need.calls, 1U) >
		       CELL_UNWATCHED;
}

/* Whether accounting was asked for, and whether the writer's cgroup is charged. */
static enum result_charge charge_of(const struct job *job)
{
	if (!(job->gfp & __GFP_ACCOUNT))
		return CHARGE_UNASKED;
	return compat_charges(job->need.room.memcg) ? CHARGE_GROUP : CHARGE_NOBODY;
}

/* Why workers leave. A sentence has the values of two keys at most, or is not in the table. */
static const struct ending {
	enum result_state state;
	const char *sentence;
	enum plan_key keys[2];
	bool counts;		/* and after how many calls */
} endings[] = {
	[WORKER_RUNS] = { STATE_OK, "" },
	[WORKER_OVER] = { STATE_SHORT, NULL, .counts = true },
	[WORKER_BUDGET] = { STATE_SHORT, "budget_ms=%llu was over",
			    { PLAN_BUDGET_MS }, .counts = true },
	[WORKER_WARM_BUDGET] = { STATE_SHORT,
				 "half of budget_ms=%llu was over before warmup=%llu was",
				 { PLAN_BUDGET_MS, PLAN_WARMUP } },
	[WORKER_DEPTH] = { STATE_SHORT,
			   "an allocation failed before depth=%llu was reached",
			   { PLAN_DEPTH } },
	[WORKER_DEPTH_BUDGET] = { STATE_SHORT,
				  "half of budget_ms=%llu was over before depth=%llu was",
				  { PLAN_BUDGET_MS, PLAN_DEPTH } },
	[WORKER_STRETCH] = { STATE_SHORT, "calls=%llu without a break take too long",
			     { PLAN_CALLS } },
	[WORKER_LOW] = { STATE_SHORT, NULL, .counts = true },
	[WORKER_ABORTED] = { STATE_ABORTED, "stopped", .counts = true },
	[WORKER_CPU_GONE] = { STATE_FAILED, "a CPU went away during the run" },
	[WORKER_BACKWARDS] = { STATE_FAILED, "the clock ran backwards" },
	[WORKER_STILL] = { STATE_FAILED, "the clock stands still" },
	[WORKER_CONTEXT] = { STATE_FAILED,
			     "self-check: the calls were not made in the context asked for" },
};

static_assert(ARRAY_SIZE(endings) == WORKER_STOPS);

static const char *const lacks[] = {
	[ROOM_BYTES] = "the memory that is left is for others",
	[ROOM_BLOCKS] = "the free blocks of its order that are left are for others",
	[ROOM_CHARGE] = "what the memory cgroup may still take is for others",
};

static_assert(ARRAY_SIZE(lacks) == ROOM_KINDS);

/* Sums over the workers of a cell. */
struct tally {
	enum worker_stop stop;
	bool low;
	enum room_kind lack;
	u64 wanted;
	u64 tried;
	u64 fail;
	u64 allocs;
	u64 frees;
};

static struct tally add_up(const struct crew *crew)
{
	struct tally sum = {};
	unsigned int i;

	for (i = 0; i < crew->n; i++) {
		const struct worker *w = crew->workers[i];

		sum.stop = max(sum.stop, w->stop);
		if (w->low || w->stop == WORKER_LOW) {
			sum.low = true;
			sum.lack = w->lack;
		}
		sum.wanted += w->job->samples;
		sum.tried += w->tried;
		sum.fail += w->fail;
		sum.allocs += w->recorded.allocs;
		sum.frees += w->recorded.frees;
	}
	return sum;
}

/* A sentence on the first self-check that does not hold, or NULL. */
static const char *check_worker(const struct worker *w)
{
	enum result_op timed = w->recorded.hist[OP_PAIR] ? OP_PAIR : OP_ALLOC;
	u64 sum = 0;
	enum result_op op;

	if (w->stop == WORKER_RUNS && w->tried != w->job->samples)
		return "self-check: the samples are not those that were asked for";
	if (w->recorded.hist[timed]->n + w->fail != w->tried)
		return "self-check: samples and failures are not the calls that were made";
	for (op = 0; op < OPS; op++) {
		const struct hist *h = w->recorded.hist[op];

		if (!h)
			continue;
		if (h->max > w->wall || h->spilled)
			return "self-check: a sample is longer than the run";
		sum += h->sum;
	}
	if (sum > w->wall)
		return "self-check: the samples take longer than the run";
	return NULL;
}

/**
 * kab_cell_doubt() - say what is wrong when a worker left early
 * @stop: why it left
 *
 * Context: any.
 * Return: a sentence, or NULL where nothing that was measured is in doubt.
 */
const char *kab_cell_doubt(enum worker_stop stop)
{
	return stop >= WORKER_IN_DOUBT ? endings[stop].sentence : NULL;
}

static const char *find_break(const struct crew *crew, const struct tally *sum)
{
	const char *broken = kab_cell_doubt(sum->stop) ?: clock_refusal();
	unsigned int i;

	for (i = 0; i < crew->n && !broken; i++)
		broken = check_worker(crew->workers[i]);
	if (!broken && sum->allocs != sum->frees)
		broken = "self-check: allocations and frees differ";
	return broken;
}

static bool none_worked(const struct tally *sum)
{
	if (sum->stop == WORKER_DEPTH)
		return !sum->allocs;
	return sum->tried && sum->tried == sum->fail &&
	       sum->stop != WORKER_ABORTED;
}

static const char *why_over(const struct tally *sum)
{
	if (sum->stop == WORKER_OVER && sum->fail)
		return "an allocation failed";
	return sum->low ? lacks[sum->lack] :
			  "the memory of bytes= was used up";
}

static void explain(struct result_cell *cell, const u64 *number,
		    const struct tally *sum)
{
	const struct ending *e = &endings[sum->stop];
	struct text t;

	cell->state = e->state;
	kab_text_init(&t, cell->reason, sizeof(cell->reason));
	kab_text_printf(&t, e->sentence ?: why_over(sum), number[e->keys[0]],
			number[e->keys[1]]);
	if (e->counts)
		kab_text_printf(&t, " after %llu of %llu calls", sum->tried,
				sum->wanted);
	if (sum->stop == WORKER_LOW)
		kab_text_printf(&t, ", %llu objects were taken", sum->allocs);
}

static void fail(struct result_cell *cell, const char *why)
{
	cell->state = STATE_FAILED;
	strscpy(cell->reason, why, sizeof(cell->reason));
}

/*
 * How the cell ended. False when a self-check did not hold or the machine
 * changed, and the run fails for the cell's reason.
 */
static bool judge(struct result_cell *cell, const struct cell_bench *b)
{
	const struct tally sum = add_up(&b->crew);
	const char *broken = find_break(&b->crew, &sum);

	if (broken)
		fail(cell, broken);
	else if (none_worked(&sum))
		fail(cell, "every allocation failed");
	else
		explain(cell, b->plan->number, &sum);
	return !broken;
}

/* Whether memory was as fragmented as the pattern says. */
static void judge_frag(struct result_cell *cell, const struct frag *frag)
{
	struct text t;

	if (cell->state != STATE_OK || !frag->left)
		return;
	cell->state = STATE_SHORT;
	kab_text_init(&t, cell->reason, sizeof(cell->reason));
	kab_text_printf(&t, "%lu free blocks of order %u ", frag->left,
			frag->order);
	if (frag->end == FRAG_SHARE)
		kab_text_printf(&t, "left: share=%llu was used up",
				frag->plan->number[PLAN_SHARE]);
	else
		kab_text_printf(&t, "were left for others");
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
	struct hist *h = &b->merged[op];
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
	cell->pairs *= max(b->job.need.calls, 1U);
}

/* Why the slow samples were slow. */
static void find_tails(struct result_cell *cell)
{
	enum result_op op;

	for (op = 0; op < OPS; op++) {
		const struct hist *h = cell->merged.hist[op];
		struct tail_shares *shares = &cell->tails[op];

		if (!h || !hist_resolves(h, HIST_P99))
			continue;
		shares->basis_points = hist_resolves(h, HIST_P999) ?
				       HIST_P999 : HIST_P99;
		kab_tail_find(shares, cell->workers, cell->n_workers, op,
			      hist_percentile(h, shares->basis_points));
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
	cell->calls = job->need.calls;
	cell->settles = job->need.depth;
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
	const int node = job->need.room.node;
	struct frag frag = {
		.plan = b->plan, .gfp = job->gfp, .size = job->size,
	};
	unsigned int i;

	if (node != NUMA_NO_NODE)
		node_set(node, frag.nodes);
	for (i = 0; i < b->crew.n && node == NUMA_NO_NODE; i++)
		node_set(cpu_to_mem(b->crew.workers[i]->cpu), frag.nodes);
	return frag;
}

static void look_at_zones(struct cell_bench *b, struct result_frag *result,
			  enum result_when when)
{
	struct result_zone *zones = b->zones + when * b->most_zones;

	result->zones[when] = zones;
	result->n_zones[when] = kab_frag_zones(zones, b->most_zones);
}

static void fragment(struct cell_bench *b, struct result_frag *result,
		     struct frag *frag)
{
	*frag = what_to_fragment(b);
	look_at_zones(b, result, WHEN_BEFORE);
	kab_frag_pin(frag);
	look_at_zones(b, result, WHEN_PINNED);
	result->done = true;
	result->order = frag->order;
	result->pinned = (u64)frag->n << PAGE_SHIFT;
	result->left = frag->left;
}

static void mend(struct cell_bench *b, struct result_cell *cell,
		 struct frag *frag)
{
	judge_frag(cell, frag);
	kab_frag_unpin(frag);
	look_at_zones(b, &cell->frag, WHEN_AFTER);
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
	bool holds = true, frags;
	struct frag frag;

	might_sleep();
	fill_job(b, &cell->at, each);
	cell->charge = charge_of(job);
	frags = job->pattern->traits & PATTERN_FRAGS;
	/* As long as nothing else is known. */
	fail(cell, "there was no memory to prepare it");
	if (kab_allocs_open(job->alloc, &job->state, job->size,
			    job->need.slots * b->crew.n))
		return 0;
	if (!kab_crew_prepare(&b->crew, job)) {
		if (frags)
			fragment(b, &cell->frag, &frag);
		keep_room(job);
		kab_sampling_run(&b->crew, job);
		holds = judge(cell, b);
		if (frags)
			mend(b, cell, &frag);
		if (holds)
			gather(b, cell);
	}
	kab_allocs_close(&job->state);
	return holds ? 0 : -EIO;
}
