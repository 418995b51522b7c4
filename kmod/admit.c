// SPDX-License-Identifier: GPL-2.0
/*
 * admit - which cells can be measured, and whether a plan fits into memory.
 */
#include <linux/gfp.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/minmax.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "admit.h"
#include "allocs.h"
#include "contexts.h"
#include "demand.h"
#include "patterns.h"
#include "probe.h"
#include "room.h"
#include "worker.h"

/* Looking at all objects of a plan takes so long at most. */
#define ADMIT_PROBE_MS	500

static bool alloc_refused(const struct plan *plan, const struct plan_cell *at,
			  struct text *why)
{
	const struct context *context = &contexts[at->context];
	const struct alloc_call call = {
		.size = at->size,
		.gfp = (__force gfp_t)at->flags->bits,
		.node = plan->number[PLAN_NODE] != PLAN_ANY,
		.context = context->name,
		.traits = context->traits,
	};

	return allocs_refuse(&allocs[at->alloc], &call, why);
}

/**
 * admit_process() - whether an allocator may be called in process context
 * @plan: plan
 * @at: cell, whatever its own context
 *
 * Context: any.
 * Return: true if it may, with the cell's size and flags.
 */
bool admit_process(const struct plan *plan, const struct plan_cell *at)
{
	struct plan_cell process = *at;
	struct text why;

	process.context = 0;
	text_init(&why, NULL, 0);
	return !alloc_refused(plan, &process, &why);
}

static bool touch_refused(const struct plan *plan, const struct plan_cell *at,
			  struct text *why)
{
	const struct allocator *a = &allocs[at->alloc];
	const struct pattern *p = &patterns[at->pattern];
	const u64 most = demand_touch(at);

	if (plan->number[PLAN_TOUCH] == TOUCH_NONE)
		return false;
	if (a->traits & (ALLOC_REFERENCE | ALLOC_SCATTERS))
		text_printf(why, "%s has no memory to touch", a->name);
	else if (!(p->traits & PATTERN_TOUCH))
		text_printf(why, "pattern %s does not touch what it allocates",
			    p->name);
	else if (at->size > most)
		text_printf(why, "more than %llu bytes are not touched in context %s",
			    most, contexts[at->context].name);
	return why->len;
}

static bool timing_refused(const struct plan *plan, const struct plan_cell *at,
			   struct text *why)
{
	const struct allocator *a = &allocs[at->alloc];
	const struct pattern *p = &patterns[at->pattern];
	const u64 *number = plan->number;

	if (number[PLAN_TIMING] != TIMING_BATCH)
		return false;
	if (!(p->traits & PATTERN_STRETCH))
		text_printf(why, "pattern %s is timed call by call only",
			    p->name);
	else if ((a->traits & ALLOC_AFTER) && !(p->traits & PATTERN_TURNS))
		text_printf(why, "a stretch of %s times the call before it: use patterns=batch",
			    a->name);
	else if ((p->keys & BIT(PLAN_ORDER)) && number[PLAN_ORDER] != ORDER_FIFO)
		text_printf(why, "order=fifo alone is timed in stretches");
	else if (!demand_calls(plan, at))
		text_printf(why, "depth=%llu is not a multiple of calls=%llu",
			    number[PLAN_DEPTH], number[PLAN_CALLS]);
	return why->len;
}

static bool pattern_refused(const struct plan *plan,
			    const struct plan_cell *at, struct text *why)
{
	const struct allocator *a = &allocs[at->alloc];
	const struct pattern *p = &patterns[at->pattern];
	const u64 each = allocs_footprint(a, at->size);
	const u64 *number = plan->number;

	if ((p->traits & PATTERN_REMOTE) && plan->n_cpus < 2)
		text_printf(why, "pattern %s needs two CPUs or more in cpus=",
			    p->name);
	else if ((p->keys & BIT(PLAN_MIX)) && number[PLAN_MIX] > 1 &&
		 (a->setup || !a->loops.pair))
		text_printf(why, "%s is prepared for one size: mix=1",
			    a->name);
	else if ((a->traits & ALLOC_WAITS) &&
		 (at->flags->bits & (__force u64)__GFP_DIRECT_RECLAIM) &&
		 demand_slots(plan, at, each) * plan->n_cpus > ALLOC_BULK)
		text_printf(why, "%s waits for ever when its reserve of %d is in use",
			    a->name, ALLOC_BULK);
	else if ((p->keys & BIT(PLAN_ORDER)) &&
		 number[PLAN_DEPTH] > number[PLAN_SAMPLES] *
				      max(demand_calls(plan, at), 1U))
		text_printf(why, "depth=%llu is never reached with samples=%llu",
			    number[PLAN_DEPTH], number[PLAN_SAMPLES]);
	else if ((a->traits & ALLOC_SETTLES) &&
		 (p->traits & (PATTERN_TURNS | PATTERN_FILLS)) != PATTERN_TURNS)
		text_printf(why, "%s waits for a grace period behind each batch: patterns=batch",
			    a->name);
	else if ((p->traits & PATTERN_FILLS) &&
		 (a->traits & (ALLOC_REFERENCE | ALLOC_DEFERS)))
		text_printf(why, "%s cannot exhaust memory", a->name);
	else if ((p->traits & PATTERN_FILLS) && !demand_slots(plan, at, each))
		text_printf(why, "bytes= is less than one object");
	return why->len;
}

/**
 * admit_refuse() - whether a cell cannot be measured
 * @plan: plan
 * @at: cell
 * @why: empty; gets the rule that forbids it
 *
 * Context: any.
 * Return: true if the cell has to be skipped.
 */
bool admit_refuse(const struct plan *plan, const struct plan_cell *at,
		  struct text *why)
{
	return alloc_refused(plan, at, why) || touch_refused(plan, at, why) ||
	       timing_refused(plan, at, why) || pattern_refused(plan, at, why);
}

/**
 * admit_cells() - whether anything of a plan can be measured
 * @plan: plan
 * @error: filled when not
 *
 * Context: process, may sleep.
 * Return: 0 or -EINVAL.
 */
int admit_cells(const struct plan *plan, struct plan_error *error)
{
	unsigned int i;
	char why[160];
	struct text t;

	for (i = 0; i < plan->n_cells; i++) {
		struct plan_cell at = plan_cell(plan, i);

		text_init(&t, why, sizeof(why));
		if (!admit_refuse(plan, &at, &t))
			return 0;
		cond_resched();
	}
	return plan_refuse(error, -EINVAL, "no cell would be left: %s", why);
}

/**
 * struct weighing - a plan that is held against the memory there is
 * @plan: plan
 * @memory: filled
 * @error: filled when it does not fit
 * @abort: set from outside to stop
 * @probe: what objects take
 */
struct weighing {
	const struct plan *plan;
	struct admit_memory *memory;
	struct plan_error *error;
	const bool *abort;
	struct probe_last probe;
};

static int weigh_cell(struct weighing *w, const struct plan_cell *at)
{
	const u64 estimate = allocs_footprint(&allocs[at->alloc], at->size);
	const struct room room = demand_room(w->plan, at, 0);
	const u64 half = room_available(&room) / 2;
	const u64 each = probe_each(&w->probe, w->plan, at, w->abort);
	const u64 held = demand_held(w->plan, at, each);
	struct admit_memory *m = w->memory;

	if (held > m->held) {
		m->held = held;
		m->estimate = demand_held(w->plan, at, estimate);
	}
	if (held + m->recorder <= half)
		return 0;
	return plan_refuse(w->error, -ENOMEM,
			   "the plan would hold %llu bytes and record into %llu; half of the available memory is %llu",
			   held, m->recorder, half);
}

static int weigh(struct weighing *w)
{
	const unsigned int cells = w->plan->n_cells;
	unsigned int i;
	int err = 0;

	/* A plan has to begin some time; its cells look for themselves. */
	w->probe.until = jiffies + msecs_to_jiffies(ADMIT_PROBE_MS);
	for (i = 0; i < cells && !err; i++) {
		struct plan_cell at = plan_cell(w->plan, i);
		struct text t;

		if (at.round || READ_ONCE(*w->abort))
			break;
		text_init(&t, NULL, 0);
		if (!admit_refuse(w->plan, &at, &t))
			err = weigh_cell(w, &at);
		cond_resched();
	}
	return err;
}

/**
 * admit_memory() - whether a plan fits into memory
 * @plan: plan
 * @memory: filled
 * @abort: set from outside to stop
 * @error: filled when it does not fit
 *
 * Context: a kernel thread, may sleep; what charges memory charges its active
 * cgroup.
 * Return: 0 or -ENOMEM.
 */
int admit_memory(const struct plan *plan, struct admit_memory *memory,
		 const bool *abort, struct plan_error *error)
{
	struct weighing *w = kzalloc(sizeof(*w), ROOM_OWN);
	int err = -ENOMEM;

	if (w) {
		w->plan = plan;
		w->memory = memory;
		w->error = error;
		memory->held = 0;
		memory->estimate = 0;
		memory->recorder = sizeof(*plan) + OPS * sizeof(struct hist) +
				   plan->n_cpus * worker_bytes() +
				   demand_evict_bytes(plan);
		w->abort = abort;
		err = weigh(w);
	}
	kfree(w);
	if (err && !error->err)
		plan_refuse(error, err, "no memory to look at the plan");
	return err;
}
