// SPDX-License-Identifier: GPL-2.0
/*
 * verdict - how a cell ended, and the self-checks before its numbers are shown.
 */
#include <linux/kernel.h>
#include <linux/minmax.h>

#include "clock.h"
#include "verdict.h"

/* Sums over the workers of a cell. */
struct tally {
	enum worker_stop stop;
	bool low;
	enum room_kind lack;
	u64 tried;
	u64 fail;
	u64 gets;
	u64 puts;
};

static struct tally count(struct worker *const *workers, unsigned int n)
{
	struct tally sum = {};
	unsigned int i;

	for (i = 0; i < n; i++) {
		sum.stop = max(sum.stop, workers[i]->stop);
		if (workers[i]->low || workers[i]->stop == WORKER_LOW) {
			sum.low = true;
			sum.lack = workers[i]->lack;
		}
		sum.tried += workers[i]->tried;
		sum.fail += workers[i]->fail;
		sum.gets += workers[i]->gets;
		sum.puts += workers[i]->puts;
	}
	return sum;
}

/* A sentence on the first self-check that does not hold, or NULL. */
static const char *check_worker(const struct worker *w)
{
	enum result_op timed = w->recorded.hist[OP_PAIR]->n ? OP_PAIR : OP_ALLOC;
	u64 sum = 0;
	enum result_op op;

	if (w->stop == WORKER_RUNS && w->tried != w->job->samples)
		return "self-check: the samples are not those that were asked for";
	if (w->recorded.hist[timed]->n + w->fail != w->tried)
		return "self-check: samples and failures are not the calls that were made";
	for (op = 0; op < OPS; op++) {
		const struct hist *h = w->recorded.hist[op];

		if (h->max > w->wall || h->spilled)
			return "self-check: a sample is longer than the run";
		sum += h->sum;
	}
	if (sum > w->wall)
		return "self-check: the samples take longer than the run";
	return NULL;
}

/**
 * verdict_stop() - say what is wrong when a worker left early
 * @stop: why it left
 *
 * Context: any.
 * Return: a sentence, or NULL where nothing that was measured is in doubt.
 */
const char *verdict_stop(enum worker_stop stop)
{
	switch (stop) {
	case WORKER_CPU_GONE:
		return "a CPU went away during the run";
	case WORKER_BACKWARDS:
		return "the clock ran backwards";
	case WORKER_STILL:
		return "the clock stands still";
	case WORKER_CONTEXT:
		return "self-check: the calls were not made in the context asked for";
	default:
		return NULL;
	}
}

static const char *find_break(struct worker *const *workers, unsigned int n,
			      const struct tally *sum)
{
	const char *broken = verdict_stop(sum->stop) ?: clock_refusal();
	unsigned int i;

	if (broken)
		return broken;
	for (i = 0; i < n && !broken; i++)
		broken = check_worker(workers[i]);
	if (!broken && sum->gets != sum->puts)
		broken = "self-check: allocations and frees differ";
	return broken;
}

static __printf(3, 4) void explain(struct verdict *v, enum result_state state,
				   const char *fmt, ...)
{
	va_list args;

	v->state = state;
	va_start(args, fmt);
	vsnprintf(v->reason, sizeof(v->reason), fmt, args);
	va_end(args);
}

static void explain_stop(struct verdict *v, const u64 *number, u64 wanted,
			 const struct tally *sum)
{
	switch (sum->stop) {
	case WORKER_ABORTED:
		explain(v, STATE_ABORTED, "stopped after %llu of %llu calls",
			sum->tried, wanted);
		break;
	case WORKER_STRETCH:
		explain(v, STATE_SHORT, "calls=%llu in a row take too long",
			number[PLAN_CALLS]);
		break;
	case WORKER_LOW:
		explain(v, STATE_SHORT, "%s after %llu of %llu calls, %llu objects were taken",
			room_lack(sum->lack), sum->tried, wanted, sum->gets);
		break;
	case WORKER_WARM_BUDGET:
		explain(v, STATE_SHORT, "half of budget_ms=%llu was over before warmup=%llu was",
			number[PLAN_BUDGET_MS], number[PLAN_WARMUP]);
		break;
	case WORKER_DEPTH:
		explain(v, STATE_SHORT, "an allocation failed before depth=%llu was reached",
			number[PLAN_DEPTH]);
		break;
	case WORKER_DEPTH_BUDGET:
		explain(v, STATE_SHORT, "half of budget_ms=%llu was over before depth=%llu was",
			number[PLAN_BUDGET_MS], number[PLAN_DEPTH]);
		break;
	case WORKER_BUDGET:
		explain(v, STATE_SHORT, "budget_ms=%llu was over after %llu of %llu calls",
			number[PLAN_BUDGET_MS], sum->tried, wanted);
		break;
	case WORKER_OVER:
		explain(v, STATE_SHORT, "%s after %llu of %llu calls",
			sum->fail ? "an allocation failed" :
			sum->low ? room_lack(sum->lack) :
				   "the memory of bytes= was used up",
			sum->tried, wanted);
		break;
	default:
		break;
	}
}

static bool none_worked(const struct tally *sum)
{
	if (sum->stop == WORKER_DEPTH)
		return !sum->gets;
	return sum->tried && sum->tried == sum->fail &&
	       sum->stop != WORKER_ABORTED;
}

/**
 * verdict_find() - say how a cell ended
 * @verdict: filled
 * @plan: plan of the cell
 * @workers: all that worked on it
 * @n_workers: how many
 *
 * Context: any.
 */
void verdict_find(struct verdict *verdict, const struct plan *plan,
		  struct worker *const *workers, unsigned int n_workers)
{
	const struct tally sum = count(workers, n_workers);
	const char *broken = find_break(workers, n_workers, &sum);

	verdict->state = STATE_OK;
	verdict->broken = broken;
	verdict->reason[0] = '\0';
	if (broken)
		explain(verdict, STATE_FAILED, "%s", broken);
	else if (none_worked(&sum))
		explain(verdict, STATE_FAILED, "every allocation failed");
	else
		explain_stop(verdict, plan->number,
			     plan->number[PLAN_SAMPLES] * n_workers, &sum);
}

/**
 * verdict_frag() - whether memory was as fragmented as its pattern says
 * @verdict: of a cell that was found; the reason it has already stays
 * @plan: plan of the cell
 * @frag: what was pinned
 *
 * Context: any.
 */
void verdict_frag(struct verdict *verdict, const struct plan *plan,
		  const struct frag *frag)
{
	if (verdict->state != STATE_OK || !frag->left)
		return;
	if (frag->end == FRAG_SHARE)
		explain(verdict, STATE_SHORT,
			"%lu free blocks of order %u left: share=%llu was used up",
			frag->left, frag->order, plan->number[PLAN_SHARE]);
	else
		explain(verdict, STATE_SHORT, "%lu free blocks of order %u were left for others",
			frag->left, frag->order);
}
