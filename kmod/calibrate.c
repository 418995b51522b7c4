// SPDX-License-Identifier: GPL-2.0
/*
 * calibrate - what a timed region costs that has nothing in it; and whether the
 * clock counts instructions: nobody's word is taken for it.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/irqflags.h>
#include <linux/kernel.h>
#include <linux/limits.h>
#include <linux/minmax.h>
#include <linux/numa.h>
#include <linux/time64.h>

#include "calibrate.h"
#include "clock.h"
#include "rows.h"
#include "sampling.h"

#define CALIBRATION_SAMPLES	10000
#define CALIBRATION_SECONDS	10
/* Some governors look at a CPU every 10 ms: one that slept is fast by then. */
#define CALIBRATION_SPIN_MS	25

static const char *read_worker(struct worker *w)
{
	const struct hist *gets = w->recorded.hist[OP_ALLOC];
	const struct hist *puts = w->recorded.hist[OP_FREE];

	if (kab_cell_doubt(w->stop))
		return kab_cell_doubt(w->stop);
	if (w->stop != WORKER_RUNS || gets->max > w->wall)
		return "the clock does not run evenly: its cost cannot be measured";
	w->clock_overhead = min(gets->min, puts->min);
	return NULL;
}

static const char *read_calibration(const struct crew *crew,
				    struct result_clock *clock)
{
	u64 least = U64_MAX, most = 0;
	unsigned int i;

	for (i = 0; i < crew->n; i++) {
		struct worker *w = crew->workers[i];
		const char *refusal = read_worker(w);

		if (refusal)
			return refusal;
		least = min(least, w->clock_overhead);
		most = max(most, w->clock_overhead);
	}
	clock->overhead = least;
	clock->overhead_max = most;
	clock->overhead_p50 =
		hist_percentile(crew->workers[0]->recorded.hist[OP_ALLOC],
				HIST_P50);
	return NULL;
}

/**
 * kab_calibrate_clock() - measure the cost of the clock
 * @b: bench; its clock is filled, and each of its workers finds what comes off
 *	its own samples
 *
 * The loop is that of the allocator that does nothing, so that the region is
 * the same as around a call. The smallest value comes off every sample: a
 * larger one would make some calls cheaper than they are.
 *
 * On every worker's CPU, and all at once, as in a cell: they may share a core.
 * Once is enough: a clock that runs evenly has a cost in ticks that changes with
 * the speed of the CPU only, and the least of 10,000 at full speed takes too
 * little off a slower CPU, never too much.
 *
 * Context: process, may sleep.
 * Return: NULL, or a sentence that says why the clock cannot be used.
 */
const char *kab_calibrate_clock(struct cell_bench *b)
{
	struct result_clock *clock = &b->clock;
	const char *refusal = clock_refusal();

	might_sleep();
	clock->name = CLOCK_NAME;
	clock->khz = clock_khz();
	if (refusal)
		return refusal;

	b->job = (struct job){
		.plan = b->plan,
		.alloc = kab_allocs_null, .loops = &kab_allocs_null->loops,
		.pattern = kab_patterns_pair, .context = kab_contexts_process,
		.need = { .room.node = NUMA_NO_NODE, .slots = 1, .depth = 1,
			  .chunk = WORKER_CHUNK, .mix = 1 },
		.size = 1, .gfp = GFP_KERNEL,
		.samples = CALIBRATION_SAMPLES,
		.warmup = CALIBRATION_SAMPLES / 10,
		.burst_ticks = cell_ticks(clock, USEC_PER_MSEC),
		.budget_ticks = cell_ticks(clock, CALIBRATION_SECONDS *
						 USEC_PER_SEC),
		/* Instructions do not get faster. */
		.spin_ms = clock->insn ? 0 : CALIBRATION_SPIN_MS,
	};
	if (kab_crew_prepare(&b->crew, &b->job))
		return "there was no memory to measure the cost of the clock";
	kab_sampling_run(&b->crew, &b->job);
	return READ_ONCE(b->plan->stop) ? NULL :
					   read_calibration(&b->crew, clock);
}

/* The cheapest of them met no interrupt and no other virtual CPU. */
#define INSN_TRIES	100

/* What is compared: the longer of two loops has this many instructions more. */
#define INSN_MORE	1000

static __always_inline u64 least_ticks(void (*const spin)(unsigned int),
				       unsigned int turns)
{
	u64 since, least = U64_MAX;
	unsigned long flags;
	unsigned int i;

	for (i = 0; i < INSN_TRIES; i++) {
		local_irq_save(flags);
		since = clock_now();
		spin(turns);
		least = min(least, clock_now() - since);
		local_irq_restore(flags);
	}
	return least;
}

/* The same code with two arguments: the difference is INSN_MORE instructions and no more. */
static noinline u64 dense_ticks(unsigned int turns)
{
	return least_ticks(clock_spin, turns);
}

static noinline u64 nop_ticks(unsigned int turns)
{
	return least_ticks(clock_spin_nops, turns);
}

/**
 * kab_calibrate_check_insn() - see whether a tick is an instruction
 *
 * No real CPU runs both loops at a tick an instruction: one is limited by its
 * jumps, the other by how many nops it retires at once. With several virtual
 * CPUs the clock counts the others' instructions, too, but not in the cheapest
 * of many tries: QEMU runs one CPU for much longer than a try.
 *
 * A clock that cannot be used at all is refused by the run.
 *
 * Context: process.
 * Return: 0, or -EINVAL with a sentence in the kernel's log.
 */
int kab_calibrate_check_insn(void)
{
	u64 dense, nops;

	if (clock_refusal())
		return 0;
	dense = dense_ticks(2 * INSN_MORE / CLOCK_SPIN) -
		dense_ticks(INSN_MORE / CLOCK_SPIN);
	nops = nop_ticks(2 * INSN_MORE / CLOCK_SPIN_NOPS) -
	       nop_ticks(INSN_MORE / CLOCK_SPIN_NOPS);
	if (dense == INSN_MORE && nops == INSN_MORE)
		return 0;
	pr_err("lane=insn: this clock does not count instructions: %u of them took %lld ticks, %u others %lld; load with lane=time, or under QEMU's %s\n",
	       INSN_MORE, (s64)dense, INSN_MORE, (s64)nops, CLOCK_COUNTING);
	return -EINVAL;
}
