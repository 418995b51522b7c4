// SPDX-License-Identifier: GPL-2.0
/*
 * cell - a cell of a plan -> a job for the workers, prepared and cleaned up.
 */
#include <linux/kernel.h>
#include <linux/math64.h>
#include <linux/mm.h>
#include <linux/sizes.h>
#include <linux/time64.h>
#include <linux/topology.h>

#include "allocs.h"
#include "cell.h"
#include "compat.h"
#include "contexts.h"
#include "demand.h"
#include "frag.h"
#include "patterns.h"

/* Short enough to stop within 100 ms, and for interrupts to be kept off. */
#define BURST_US_PROCESS	5000
#define BURST_US_ATOMIC		50
#define STRETCH_US_PROCESS	50000
#define STRETCH_US_ATOMIC	1000

/* What takes no more than this by far need not be watched. */
#define CELL_UNWATCHED		SZ_1M

/**
 * cell_ticks() - a time in ticks of the clock
 * @clock: clock
 * @us: microseconds
 *
 * Context: any.
 * Return: ticks.
 */
u64 cell_ticks(const struct result_clock *clock, u64 us)
{
	return div_u64(us * clock->khz, 1000);
}

/* What a pattern does not ask for is meant for another of the plan's. */
static u64 for_pattern(const struct cell *c, enum plan_key key, u64 neutral)
{
	return patterns[c->at->pattern].keys & BIT(key) ?
	       c->plan->number[key] : neutral;
}

/* The references run with interrupts off wherever they are called. */
static u64 stretch_us(const struct plan_cell *at)
{
	const bool atomic = contexts[at->context].traits & CONTEXT_ATOMIC;
	const bool reference = allocs[at->alloc].traits & ALLOC_REFERENCE;

	return atomic || reference ? STRETCH_US_ATOMIC : STRETCH_US_PROCESS;
}

/* Above a page kvmalloc() may take pages one by one, and nobody sees it. */
static bool looks(const struct plan_cell *at, unsigned int calls)
{
	const unsigned int falls = ALLOC_SLAB | ALLOC_GUARDED;
	const bool holds = patterns[at->pattern].traits & PATTERN_TURNS;

	return (allocs[at->alloc].traits & falls) == falls &&
	       at->size > PAGE_SIZE &&
	       (holds || !calls);
}

static void fill_job(const struct cell *c, struct job *job)
{
	const struct plan_cell *at = c->at;
	const struct context *context = &contexts[at->context];
	const bool atomic = context->traits & CONTEXT_ATOMIC;
	const u64 *number = c->plan->number;
	const struct demand need = demand_of(c->plan, at, c->each);

	*job = (struct job){
		.alloc = &allocs[at->alloc],
		.loops = allocs_loops(&allocs[at->alloc], at->size),
		.pattern = &patterns[at->pattern],
		.context = context,
		.size = at->size,
		.gfp = (__force gfp_t)at->flags->bits | __GFP_NOWARN,
		.node = number[PLAN_NODE] == PLAN_ANY ? NUMA_NO_NODE :
							(int)number[PLAN_NODE],
		.touch_step = need.touch_step,
		.depth = need.depth,
		.slots = need.slots,
		.moves = need.moves,
		.order = for_pattern(c, PLAN_ORDER, ORDER_FIFO),
		.mix = for_pattern(c, PLAN_MIX, 1),
		.calls = need.calls,
		.looks = looks(at, need.calls),
		.chunk = need.chunk,
		.seed = number[PLAN_SEED],
		.samples = number[PLAN_SAMPLES],
		.warmup = number[PLAN_WARMUP],
		.burst_ticks = cell_ticks(c->clock, atomic ? BURST_US_ATOMIC :
							 BURST_US_PROCESS),
		.stretch_ticks = cell_ticks(c->clock, stretch_us(at)),
		.budget_ticks = cell_ticks(c->clock, number[PLAN_BUDGET_MS] *
						 USEC_PER_MSEC),
		.evict = c->evict,
		.evict_bytes = c->evict_bytes,
		.room = need.room,
		.abort = c->crew->abort,
	};
}

/* Where the objects come from, and who is charged: whom the writer knows. */
static void fill_room(const struct cell *c, struct job *job)
{
	job->memcg = job->room.memcg;
	if (job->gfp & __GFP_ACCOUNT)
		job->charge = compat_charges(job->memcg) ? CHARGE_GROUP :
							   CHARGE_NOBODY;
	job->watched = job->room.order ||
		       (job->alloc->traits & ALLOC_DEFERS) ||
		       c->each * job->slots * max(job->calls, 1U) > CELL_UNWATCHED;
}

/*
 * Others keep half of what there is, where a cell takes what it can get, and a
 * quarter where it was admitted with half.
 */
static void keep_room(struct job *job)
{
	const bool greedy = (job->pattern->traits & PATTERN_FILLS) ||
			    (job->alloc->traits & ALLOC_DEFERS);

	room_keep(&job->room, greedy ? 2 : 4);
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

static void report_exhaust(const struct cell *c)
{
	unsigned int i;

	for (i = 0; i < c->crew->n; i++) {
		const struct worker *w = c->crew->workers[i];

		text_printf(c->lines,
			    "exhaust cell=%u cpu=%u objects=%llu bytes=%llu returned=%llu ended=%s last=%llu last_sum=%llu last_max=%llu\n",
			    c->at->id, w->cpu, w->gets, w->gets * w->job->size,
			    w->puts, end_of(w), w->last.n, w->last.sum,
			    w->last.max);
	}
}

/* Where the objects will be: on the node asked for, or those of the workers. */
static void fragment(const struct cell *c, const struct job *job,
		     struct frag *frag, struct frag_ask *ask)
{
	*ask = (struct frag_ask){
		.gfp = job->gfp, .order = frag_order(job->size),
		.percent = c->plan->number[PLAN_SHARE], .seed = job->seed,
		.abort = job->abort,
	};
	unsigned int i;

	if (job->node != NUMA_NO_NODE)
		node_set(job->node, ask->nodes);
	for (i = 0; i < c->crew->n && job->node == NUMA_NO_NODE; i++)
		node_set(cpu_to_mem(c->crew->workers[i]->cpu), ask->nodes);
	frag_report(c->lines, c->at->id, "before");
	frag_pin(frag, ask);
	frag_report(c->lines, c->at->id, "pinned");
}

static void remark_frag(const struct cell *c, const struct frag *frag)
{
	const u64 bytes = (u64)frag->n << PAGE_SHIFT;

	text_printf(c->notes, " frag_order=%u frag_pinned=%llu frag_left=%lu",
		    frag->order, bytes, frag->left);
	text_printf(c->remarks, "%llu KiB pinned", bytes >> 10);
	if (frag->order)
		text_printf(c->remarks, ", %lu free blocks of order %u left",
			    frag->left, frag->order);
}

static void remark_fell(const struct cell *c, const struct job *job)
{
	u64 fell = 0, gets = 0;
	unsigned int i;

	if (!job->looks)
		return;
	for (i = 0; i < c->crew->n; i++) {
		fell += c->crew->workers[i]->fell;
		gets += c->crew->workers[i]->examined;
	}
	text_printf(c->notes, " fell=%llu looked=%llu", fell, gets);
	text_printf(c->remarks, "%s%llu of %llu objects came from vmalloc",
		    c->remarks->len ? "; " : "", fell, gets);
}

static void work(const struct cell *c, struct job *job)
{
	const unsigned int traits = job->pattern->traits;
	struct frag_ask ask;
	struct frag frag;

	if (traits & PATTERN_FRAGS)
		fragment(c, job, &frag, &ask);
	keep_room(job);
	kab_mark_cell();
	crew_work(c->crew, job, c->crew->n);
	if (traits & PATTERN_FILLS)
		report_exhaust(c);
	verdict_find(c->verdict, c->plan, c->crew->workers, c->crew->n);
	if (traits & PATTERN_FRAGS) {
		remark_frag(c, &frag);
		verdict_frag(c->verdict, c->plan, &frag);
		frag_unpin(&frag, &ask);
		frag_report(c->lines, c->at->id, "after");
	}
	remark_fell(c, job);
}

/* Returns whether the allocator could be prepared. */
static bool open_and_work(const struct cell *c, struct job *job)
{
	int err;

	if (allocs_open(job->alloc, &job->state, job->size,
			job->slots * c->crew->n))
		return false;
	err = crew_prepare(c->crew, job, c->crew->n);
	if (!err)
		work(c, job);
	allocs_close(job->alloc, &job->state);
	return !err;
}

/**
 * cell_measure() - measure a cell
 * @c: cell
 * @job: gets what was done, for those who read the workers' records
 *
 * Context: process, may sleep; a signal to the caller stops it.
 * Return: true if the workers have records of it.
 */
bool cell_measure(const struct cell *c, struct job *job)
{
	bool worked;

	fill_job(c, job);
	fill_room(c, job);
	worked = open_and_work(c, job);
	if (!worked) {
		c->verdict->state = STATE_FAILED;
		c->verdict->broken = false;
		snprintf(c->verdict->reason, sizeof(c->verdict->reason),
			 "there was no memory to prepare it");
	}
	return worked;
}
