/* SPDX-License-Identifier: GPL-2.0 */
#ifndef KALLOCBENCH_RESULT_H
#define KALLOCBENCH_RESULT_H

#include <linux/types.h>

#include "hist.h"
#include "plan.h"
#include "text.h"

struct tail;

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

/* How a cell or a run ended: a run is done where a cell is ok. */
enum result_state {
	STATE_OK,
	STATE_SHORT,
	STATE_FAILED,
	STATE_ABORTED,
	STATE_SKIPPED,
	STATE_IDLE,
	STATE_DONE,
	STATES
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
 * @overhead: least ticks of an empty region, on the CPU where that is least;
 *	each CPU's own is taken off its samples
 * @overhead_p50: median of an empty region, on the first CPU
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
 * @param: canonical parameter line, empty when there is none
 * @meta: writes key=value words, each with a blank before it
 * @warn: calls @say with each sentence on what spoils the measurement
 * @clock: clock of the run
 */
struct result_head {
	const char *release;
	const char *arch;
	const char *param;
	void (*meta)(struct text *t);
	void (*warn)(struct text *t,
		     void (*say)(struct text *t, const char *sentence));
	struct result_clock clock;
};

/**
 * struct result_fact - what some live objects of a cell have in common
 * @found: there were objects to look at
 * @usable: bytes that may be used, 0 when nothing tells
 * @waste: percent of what is taken that was not asked for, where @usable is known
 * @slot: bytes of its slab that an object takes, 0 for what lies in none
 * @align: largest power of two that all addresses are multiples of
 * @promised: alignment that the allocator promises
 * @extents: physically contiguous pieces, of the object with the most
 * @pages: pages that an object lies on
 * @zeroed: all bytes of all objects were 0, though they had been written to
 * @mapped: they lie in the vmalloc area
 * @node: NUMA node of the first page
 * @searched: @largest was looked for
 * @largest: bytes of the largest object that works
 * @fails: one byte more does not; else the search ended there
 */
struct result_fact {
	bool found;
	size_t usable;
	size_t waste;
	size_t slot;
	size_t align;
	size_t promised;
	unsigned long extents;
	unsigned long pages;
	bool zeroed;
	bool mapped;
	int node;
	bool searched;
	u64 largest;
	bool fails;
};

/* Where the objects of a fact lie. */
static inline const char *result_region(const struct result_fact *f)
{
	return f->mapped ? "vmalloc" : "direct";
}

/* When the free memory is examined: before, while and after it is pinned. */
enum result_when {
	WHEN_BEFORE,
	WHEN_PINNED,
	WHEN_AFTER,
	WHENS
};

/* More orders of blocks than any configuration has. */
#define RESULT_ORDERS	16

/**
 * struct result_zone - how the free memory of a zone is cut
 * @node: its node
 * @name: its name
 * @orders: orders that it has
 * @free: free blocks of each order
 */
struct result_zone {
	int node;
	const char *name;
	unsigned int orders;
	unsigned long free[RESULT_ORDERS];
};

/**
 * struct result_frag - how memory was fragmented for a cell
 * @done: it was
 * @order: of the blocks that should go, 0 for none
 * @pinned: bytes
 * @left: blocks of that order that were still free
 * @zones: zones as they were then
 * @n_zones: how many
 */
struct result_frag {
	bool done;
	unsigned int order;
	u64 pinned;
	unsigned long left;
	const struct result_zone *zones[WHENS];
	unsigned int n_zones[WHENS];
};

/**
 * struct result_last - the last chunk of op alloc
 * @n: samples
 * @sum: ticks of all of them
 * @max: ticks of the largest
 */
struct result_last {
	u64 n;
	u64 sum;
	u64 max;
};

/**
 * struct result_count - what a hardware counter saw of the stretches of an op
 * @name: of the counter
 * @hist: counts of each stretch; NULL where it does not count
 * @overhead: what an empty stretch counts, which was taken off each
 */
struct result_count {
	const char *name;
	struct hist *hist;
	u64 overhead;
};

/**
 * struct result_worker - what one worker recorded in one cell
 * @cpu: where it was pinned
 * @hist: by op; NULL where the cell does not have the op
 * @overhead: ticks that were taken off each sample, by op
 * @counts: by op, hardware counters in the order of the plan
 * @tail: what happened around the samples
 * @allocs: allocations that succeeded, warm-up included
 * @frees: frees, warm-up included
 * @last: the last calls
 * @ended: why it allocated no more, NULL where it does not fill memory
 */
struct result_worker {
	unsigned int cpu;
	struct hist *hist[OPS];
	u64 overhead[OPS];
	struct result_count counts[OPS][COUNTERS];
	const struct tail *tail;
	u64 allocs;
	u64 frees;
	struct result_last last;
	const char *ended;
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
 * @unstarted: the run was stopped before its turn came
 * @fact: what its objects are like
 * @estimate: bytes of all objects as promised, where they take another amount
 * @taken: bytes that they take, 0 where that is @estimate
 * @fail: allocations that returned NULL
 * @charge: whom __GFP_ACCOUNT charged
 * @wall: ticks of the sampled stretch, all workers together
 * @outside: of @wall, what no op accounts for
 * @pairs: allocations with their free that @wall holds
 * @calls: calls in a stretch, 0 when every call is timed
 * @objects: objects of the cell's size in a call, 0 where it is for one
 * @pieces: pieces that an object of the cell's size comes in, 0 where it is one
 * @settles: objects that op settle waits for
 * @looks: objects were asked where they came from
 * @fell: of @looked, objects that came from vmalloc
 * @looked: objects that were asked
 * @frag: how memory was fragmented before
 * @tails: why the slow samples of each op were slow
 * @merged: the samples of all workers
 * @workers: each of them
 * @n_workers: number of @workers, 0 where nothing was recorded
 */
struct result_cell {
	struct plan_cell at;
	const char *alloc;
	const char *pattern;
	const char *context;
	const char *cpus;
	enum result_state state;
	char reason[160];
	bool unstarted;
	struct result_fact fact;
	u64 estimate;
	u64 taken;
	u64 fail;
	enum result_charge charge;
	u64 wall;
	u64 outside;
	u64 pairs;
	u64 calls;
	unsigned int objects;
	unsigned int pieces;
	u64 settles;
	bool looks;
	u64 fell;
	u64 looked;
	struct result_frag frag;
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
