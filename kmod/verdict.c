// SPDX-License-Identifier: GPL-2.0
/*
 * verdict - how a cell ended, and the self-checks before its numbers are shown.
 */
#include <linux/build_bug.h>
#include <linux/kernel.h>
#include <linux/minmax.h>
#include <linux/string.h>

#include "clock.h"
#include "verdict.h"

/*
 * Why workers leave. A sentence may have the values of two keys; where it
 * depends on more than that, there is none.
 */
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

static struct tally count(const struct crew *crew)
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
 * kab_verdict_stop() - say what is wrong when a worker left early
 * @stop: why it left
 *
 * Context: any.
 * Return: a sentence, or NULL where nothing that was measured is in doubt.
 */
const char *kab_verdict_stop(enum worker_stop stop)
{
	return stop >= WORKER_IN_DOUBT ? endings[stop].sentence : NULL;
}

static const char *find_break(const struct crew *crew, const struct tally *sum)
{
	const char *broken = kab_verdict_stop(sum->stop) ?: clock_refusal();
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
	return sum->low ? kab_room_lack(sum->lack) :
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

/**
 * kab_verdict_fail() - a cell failed
 * @cell: gets the verdict
 * @why: a sentence
 *
 * Context: any.
 */
void kab_verdict_fail(struct result_cell *cell, const char *why)
{
	cell->state = STATE_FAILED;
	strscpy(cell->reason, why, sizeof(cell->reason));
}

/**
 * kab_verdict_find() - say how a cell ended
 * @cell: gets the verdict
 * @plan: plan of the cell
 * @crew: workers that have done it
 *
 * Context: any.
 * Return: true; false when a self-check did not hold or the machine changed, and
 * the run fails for the cell's reason.
 */
bool kab_verdict_find(struct result_cell *cell, const struct plan *plan,
		      const struct crew *crew)
{
	const struct tally sum = count(crew);
	const char *broken = find_break(crew, &sum);

	if (broken)
		kab_verdict_fail(cell, broken);
	else if (none_worked(&sum))
		kab_verdict_fail(cell, "every allocation failed");
	else
		explain(cell, plan->number, &sum);
	return !broken;
}

/**
 * kab_verdict_frag() - whether memory was as fragmented as its pattern says
 * @cell: with a verdict; the reason it has already stays
 * @plan: plan of the cell
 * @frag: what was pinned
 *
 * Context: any.
 */
void kab_verdict_frag(struct result_cell *cell, const struct plan *plan,
		      const struct frag *frag)
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
				plan->number[PLAN_SHARE]);
	else
		kab_text_printf(&t, "were left for others");
}
