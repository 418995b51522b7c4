/* SPDX-License-Identifier: GPL-2.0 */
#ifndef KALLOCBENCH_RESULT_H
#define KALLOCBENCH_RESULT_H

#include <linux/types.h>

#include "hist.h"
#include "plan.h"

/* What a sample times, in the order of the report. */
enum result_op {
	OP_ALLOC,
	OP_TOUCH,
	OP_RETOUCH,
	OP_FREE,
	OP_PAIR,
	OP_SETTLE,
	OPS
};

/* How a cell or a run ended. */
enum result_state {
	STATE_OK,
	STATE_SHORT,
	STATE_FAILED,
	STATE_ABORTED,
	STATE_SKIPPED,
	STATE_IDLE,
};

/* Whom __GFP_ACCOUNT charged. */
enum result_charge {
	CHARGE_UNASKED,
	CHARGE_NOBODY,
	CHARGE_GROUP,
};

/* What can be proved of a chunk of samples from outside its timed regions. */
enum tail_cause {
	TAIL_INTERRUPT,
	TAIL_SWITCH,
	TAIL_MIGRATION,
	TAIL_SLAB,
	TAIL_CAUSES
};

/**
 * struct tail_shares - what was seen around the slowest samples of an op
 * @basis_points: they lie above this percentile, in 1/100 %
 * @all: chunks that hold samples of the op
 * @of_all: of these, those with a cause; a chunk may have several
 * @chunks: of @all, those that hold samples above the percentile
 * @by: of @chunks, those with a cause
 * @blamed: BIT() of each cause that chunks with slow samples have more often
 *	than chance lets them
 * @unexplained: of @chunks, those with none of @blamed
 * @unseen: chunks that were not remembered
 */
struct tail_shares {
	unsigned int basis_points;
	unsigned int all;
	unsigned int of_all[TAIL_CAUSES];
	unsigned int chunks;
	unsigned int by[TAIL_CAUSES];
	unsigned int blamed;
	unsigned int unexplained;
	unsigned int unseen;
};

/**
 * struct result_clock - the clock of a run
 * @name: name of the counter
 * @khz: ticks per millisecond
 * @overhead: ticks of an empty region at the least, on the CPU where that is
 *	least; each CPU's own is taken off its samples
 * @overhead_p50: an empty region's median, on the first CPU
 * @overhead_max: as @overhead, on the CPU where it is most
 * @insn: a tick is an instruction
 */
struct result_clock {
	const char *name;
	u64 khz;
	u64 overhead;
	u64 overhead_p50;
	u64 overhead_max;
	bool insn;
};

/**
 * struct result_head - what a report says before the first cell
 * @release: of the kernel
 * @arch: machine
 * @meta: key=value words, escaped, or an empty string
 * @param: canonical parameter line
 * @clock: clock of the run
 */
struct result_head {
	const char *release;
	const char *arch;
	const char *meta;
	const char *param;
	struct result_clock clock;
};

/**
 * struct result_worker - samples of one worker in one cell
 * @cpu: where it was pinned
 * @hist: by op; NULL where the cell does not have the op
 * @overhead: ticks that were taken off each sample, by op
 */
struct result_worker {
	unsigned int cpu;
	struct hist *hist[OPS];
	u64 overhead[OPS];
};

/**
 * struct result_cell - one finished, skipped or never started cell
 * @at: coordinates
 * @alloc: name of the allocator
 * @pattern: name of the pattern
 * @context: name of the context
 * @cpus: the workers' CPUs as a list
 * @state: how it ended
 * @reason: why, when @state is not STATE_OK
 * @fail: allocations that returned NULL
 * @charge: whom __GFP_ACCOUNT charged
 * @wall: ticks of the sampled stretch, all workers together
 * @calls: calls in a stretch, 0 when every call is timed
 * @objects: objects of the cell's size in a call, 0 where it is for one
 * @pieces: pieces that an object of the cell's size comes in, 0 where it is one
 * @settles: objects that op settle waits for
 * @notes: further key=value words for the cell line, each with a blank
 *	before it, or an empty string
 * @lines: further whole lines about the cell, or an empty string
 * @remarks: a sentence on the samples for people, or an empty string
 * @unstarted: the run was stopped before its turn came
 * @tails: why the slow samples of each op were slow
 * @merged: the samples of all workers
 * @workers: the samples of each, or NULL when there is only one
 * @n_workers: how many at @workers
 */
struct result_cell {
	struct plan_cell at;
	const char *alloc;
	const char *pattern;
	const char *context;
	const char *cpus;
	enum result_state state;
	const char *reason;
	u64 fail;
	enum result_charge charge;
	u64 wall;
	u64 calls;
	unsigned int objects;
	unsigned int pieces;
	u64 settles;
	const char *notes;
	const char *lines;
	const char *remarks;
	bool unstarted;
	struct tail_shares tails[OPS];
	struct result_worker merged;
	const struct result_worker *workers;
	unsigned int n_workers;
};

/**
 * struct result_total - what a run adds up to
 * @cells: cell lines
 * @unstarted: of them, those whose turn did not come
 * @state: how the run ended
 * @outside: ticks of the sampled stretches that no op accounts for
 * @pairs: allocations with their free that these stretches hold
 */
struct result_total {
	unsigned int cells;
	unsigned int unstarted;
	enum result_state state;
	u64 outside;
	u64 pairs;
};

#endif
