// SPDX-License-Identifier: GPL-2.0
/*
 * calibrate - what a timed region costs that has nothing in it.
 */
#include <linux/kernel.h>
#include <linux/minmax.h>
#include <linux/numa.h>
#include <linux/time64.h>

#include "allocs.h"
#include "calibrate.h"
#include "cell.h"
#include "clock.h"
#include "contexts.h"
#include "patterns.h"
#include "verdict.h"

#define CALIBRATION_SAMPLES	10000
#define CALIBRATION_SECONDS	10
/* Some governors look at a CPU every 10 ms: one that slept is fast by then. */
#define CALIBRATION_SPIN_MS	25

static const char *read_worker(struct worker *w)
{
	const struct hist *gets = w->recorded.hist[OP_ALLOC];
	const struct hist *puts = w->recorded.hist[OP_FREE];

	if (verdict_stop(w->stop))
		return verdict_stop(w->stop);
	if (w->stop != WORKER_RUNS || gets->max > w->wall)
		return "the clock does not run evenly: its cost cannot be measured";
	w->clock_overhead = min(gets->min, puts->min);
	return NULL;
}

static const char *read_calibration(const struct crew *crew,
				    struct result_clock *clock)
{
	const struct hist *gets = crew->workers[0]->recorded.hist[OP_ALLOC];
	u64 least = U64_MAX, most = 0;
	const char *refusal = NULL;
	unsigned int i;

	for (i = 0; i < crew->n && !refusal; i++) {
		struct worker *w = crew->workers[i];

		refusal = read_worker(w);
		least = min(least, w->clock_overhead);
		most = max(most, w->clock_overhead);
	}
	if (refusal)
		return refusal;
	clock->overhead = least;
	clock->overhead_max = most;
	clock->overhead_p50 = hist_percentile(gets, HIST_P50);
	return NULL;
}

/*
 * On every worker's CPU, and all at once, as in a cell: they may share a core.
 * Once is enough: a clock that runs evenly has a cost in ticks that changes with
 * the speed of the CPU only, and the least of 10,000 at full speed takes too
 * little off a slower CPU, never too much.
 */
static const char *calibrate_workers(struct crew *crew, struct job *job,
				     struct result_clock *clock)
{
	if (crew_prepare(crew, job, crew->n))
		return "there was no memory to measure the cost of the clock";
	kab_mark_cell();
	crew_work(crew, job, crew->n);
	return READ_ONCE(*crew->abort) ? NULL : read_calibration(crew, clock);
}

/**
 * calibrate_clock() - measure the cost of the clock
 * @crew: workers; each one finds what comes off its own samples
 * @job: storage
 * @clock: filled
 *
 * The loop is that of the allocator that does nothing, so that the region is
 * the same as around a call. The smallest value comes off every sample: a
 * larger one would make some calls cheaper than they are.
 *
 * Context: process, may sleep; a signal to the caller stops it.
 * Return: NULL, or a sentence that says why the clock cannot be used.
 */
const char *calibrate_clock(struct crew *crew, struct job *job,
			    struct result_clock *clock)
{
	const char *refusal = clock_refusal();

	clock->name = CLOCK_NAME;
	clock->khz = clock_khz();
	if (refusal)
		return refusal;

	*job = (struct job){
		.alloc = allocs_null, .loops = &allocs_null->loops,
		.pattern = &patterns[0], .context = &contexts[0],
		.size = 1, .gfp = GFP_KERNEL, .node = NUMA_NO_NODE,
		.slots = 1, .depth = 1, .mix = 1, .chunk = WORKER_CHUNK,
		.samples = CALIBRATION_SAMPLES,
		.warmup = CALIBRATION_SAMPLES / 10,
		.burst_ticks = cell_ticks(clock, USEC_PER_MSEC),
		.budget_ticks = cell_ticks(clock, CALIBRATION_SECONDS *
						  USEC_PER_SEC),
		.abort = crew->abort, .calibrates = true,
		/* Instructions do not get faster. */
		.spin_ms = clock->insn ? 0 : CALIBRATION_SPIN_MS,
	};
	return calibrate_workers(crew, job, clock);
}
