// SPDX-License-Identifier: GPL-2.0
/*
 * counters - what the processor counts itself while a stretch runs.
 *
 * The kernel's own perf events, pinned to the worker's CPU: an event that finds
 * no free counter is refused before the run rather than given turns. Reading one
 * takes far longer than a call, so that stretches alone are counted, and what an
 * empty one counts comes off, as it does of its ticks.
 */
#include <linux/bitops.h>
#include <linux/build_bug.h>
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/limits.h>
#include <linux/minmax.h>
#include <linux/perf_event.h>
#include <linux/slab.h>

#include "clock.h"
#include "compat_state.h"
#include "counters.h"

#define HARDWARE(what)	{ PERF_TYPE_HARDWARE, PERF_COUNT_HW_##what }
#define READ_MISSES(what) {						\
	PERF_TYPE_HW_CACHE,						\
	PERF_COUNT_HW_CACHE_##what | PERF_COUNT_HW_CACHE_OP_READ << 8 |	\
		PERF_COUNT_HW_CACHE_RESULT_MISS << 16 }

static const struct {
	u32 type;
	u64 config;
} events[] = {
	[COUNTER_CYCLES] = HARDWARE(CPU_CYCLES),
	[COUNTER_INSTRUCTIONS] = HARDWARE(INSTRUCTIONS),
	[COUNTER_BRANCHES] = HARDWARE(BRANCH_INSTRUCTIONS),
	[COUNTER_BRANCH_MISSES] = HARDWARE(BRANCH_MISSES),
	[COUNTER_CACHE_MISSES] = HARDWARE(CACHE_MISSES),
	[COUNTER_L1D_MISSES] = READ_MISSES(L1D),
	[COUNTER_DTLB_MISSES] = READ_MISSES(DTLB),
	[COUNTER_ITLB_MISSES] = READ_MISSES(ITLB),
};

static_assert(ARRAY_SIZE(events) == COUNTERS);

/* Stretches are of these ops. */
#define OPS_COUNTED	(BIT(OP_ALLOC) | BIT(OP_FREE) | BIT(OP_PAIR))

/* The events of a worker. */
struct counters {
	const struct word_names *which;		/* what they count */
	const unsigned int *n;			/* samples of the worker's chunk, by op */
	struct perf_event *event[COUNTERS];	/* one for each of @which */
	u64 since[COUNTERS];			/* what it said when the stretch began */
	u64 value[OPS][COUNTERS][COUNTERS_CHUNK];
	struct hist (*hist)[OPS];		/* for each of @which */
};

static struct perf_event *event_open(enum plan_counter which, unsigned int cpu)
{
	struct perf_event_attr attr = {
		.type = events[which].type, .config = events[which].config,
		.size = sizeof(attr), .pinned = 1,
	};

	return compat_counter_create(&attr, cpu);
}

/**
 * kab_counters_bytes() - memory that the counters of a worker take
 * @plan: plan
 *
 * Context: any.
 * Return: bytes.
 */
size_t kab_counters_bytes(const struct plan *plan)
{
	return plan->counters.n ? sizeof(struct counters) +
		plan->counters.n * OPS * sizeof(struct hist) : 0;
}

/**
 * kab_counters_close() - let go of the events
 * @c: counters, or NULL
 *
 * Context: process, may sleep.
 */
void kab_counters_close(struct counters *c)
{
	unsigned int i;

	if (!c)
		return;
	for (i = 0; i < COUNTERS; i++) {
		if (!IS_ERR_OR_NULL(c->event[i]))
			perf_event_release_kernel(c->event[i]);
	}
	kvfree(c->hist);
	kvfree(c);
}

/* Of those of a plan, the first that cannot be had is refused. */
static int open_events(struct counters *c, unsigned int cpu, struct refusal *error)
{
	unsigned int i;

	for (i = 0; i < c->which->n; i++) {
		const unsigned int which = c->which->index[i];

		c->event[i] = event_open(which, cpu);
		if (IS_ERR(c->event[i]))
			return kab_refuse(error, -EINVAL,
					  "this machine counts no %s: it has no PMU, or none that does, or a guest is not shown it",
					  kab_plan_counters[which].name);
		if (!compat_counter_active(c->event[i]))
			return kab_refuse(error, -EINVAL,
					  "no counter of the CPU is left for %s: ask for fewer",
					  kab_plan_counters[which].name);
	}
	return 0;
}

/**
 * kab_counters_open() - begin to count
 * @plan: plan, with counters
 * @cpu: whose
 * @n: samples of the worker's chunk, by op; read whenever a stretch ends
 * @error: filled on failure
 *
 * Context: process, may sleep.
 * Return: counters, or NULL.
 */
struct counters *kab_counters_open(const struct plan *plan, unsigned int cpu,
				   const unsigned int *n, struct refusal *error)
{
	struct counters *c = kvzalloc(sizeof(*c), OWN_GFP);

	if (c)
		c->hist = kvcalloc(plan->counters.n, sizeof(*c->hist), OWN_GFP);
	if (!c || !c->hist) {
		kab_refuse(error, -ENOMEM, "there is no memory for counters");
	} else {
		c->which = &plan->counters;
		c->n = n;
		if (!open_events(c, cpu, error))
			return c;
	}
	kab_counters_close(c);
	return NULL;
}

/**
 * kab_counters_check() - whether this machine counts what a plan asks for
 * @plan: plan
 * @error: filled when not
 *
 * Context: process, may sleep.
 * Return: 0 or a negative errno.
 */
int kab_counters_check(const struct plan *plan, struct refusal *error)
{
	struct counters *c;

	if (!plan->counters.n)
		return 0;
	c = kab_counters_open(plan, find_first_bit(plan->cpus, PLAN_CPUS_MAX),
			      NULL, error);
	kab_counters_close(c);
	return c ? 0 : error->err;
}

/**
 * kab_counters_prepare() - make ready for a cell
 * @c: counters, or NULL
 * @ops: BIT() of each op of the cell
 * @r: gets the distributions, empty
 *
 * Context: process.
 */
void kab_counters_prepare(struct counters *c, unsigned int ops,
			  struct result_worker *r)
{
	enum result_op op;
	unsigned int i;

	for (i = 0; c && i < c->which->n; i++) {
		for (op = 0; op < OPS; op++) {
			if (!(ops & OPS_COUNTED & BIT(op)))
				continue;
			kab_hist_clear(&c->hist[i][op]);
			r->counts[op][i] = (struct result_count){
				.name = kab_plan_counters[c->which->index[i]].name,
				.hist = &c->hist[i][op], .overhead = U64_MAX,
			};
		}
	}
}

/**
 * kab_counters_begin() - a stretch begins
 * @c: counters
 *
 * Context: process, may sleep.
 * Return: the clock.
 */
u64 kab_counters_begin(struct counters *c)
{
	unsigned int i;

	for (i = 0; i < c->which->n; i++)
		c->since[i] = compat_counter_read(c->event[i]);
	return clock_now();
}

/**
 * kab_counters_end() - a stretch has ended
 * @c: counters
 * @op: its op
 * @at: how many samples of this burst came before it
 *
 * Context: process, may sleep.
 * Return: the clock.
 */
u64 kab_counters_end(struct counters *c, enum result_op op, unsigned int at)
{
	const u64 now = clock_now();
	unsigned int i;

	for (i = 0; i < c->which->n; i++)
		c->value[op][i][c->n[op] + at] =
			compat_counter_read(c->event[i]) - c->since[i];
	return now;
}

/**
 * kab_counters_tare() - a stretch that ended was empty: it counted the harness
 * @c: counters, or NULL
 * @op: its op
 * @r: the least that was seen comes off all samples
 *
 * Context: process.
 */
void kab_counters_tare(struct counters *c, enum result_op op,
		       struct result_worker *r)
{
	unsigned int i;

	for (i = 0; c && i < c->which->n; i++)
		r->counts[op][i].overhead = min(r->counts[op][i].overhead,
						c->value[op][i][c->n[op]]);
}

/**
 * kab_counters_record() - the samples of a chunk into the distributions
 * @c: counters, or NULL
 * @r: with the distributions
 *
 * Context: process.
 */
void kab_counters_record(struct counters *c, struct result_worker *r)
{
	enum result_op op;
	unsigned int i;

	for (i = 0; c && i < c->which->n; i++) {
		for (op = 0; op < OPS; op++) {
			const struct result_count *count = &r->counts[op][i];

			if (c->n[op] && count->hist)
				kab_hist_fold(count->hist, c->value[op][i],
					      c->n[op], count->overhead);
		}
	}
}
