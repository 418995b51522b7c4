/* SPDX-License-Identifier: GPL-2.0 */
#ifndef KALLOCBENCH_WORKER_H
#define KALLOCBENCH_WORKER_H

#include <linux/atomic.h>
#include <linux/cache.h>
#include <linux/completion.h>
#include <linux/kthread.h>
#include <linux/mm_types.h>
#include <linux/prandom.h>
#include <linux/types.h>

#include "loops.h"
#include "plan.h"
#include "result.h"
#include "room.h"
#include "rows.h"
#include "tail.h"

/* Samples between two looks at budget, stop and scheduler. */
#define WORKER_CHUNK	128

/* Pattern remote: segments in a worker's ring, and slots in a segment. */
#define WORKER_RING	4
#define WORKER_SEGMENT	8

/* Why a worker left before it had its samples, the gravest last. */
enum worker_stop {
	WORKER_RUNS,
	WORKER_OVER,
	WORKER_BUDGET,
	WORKER_WARM_BUDGET,
	WORKER_DEPTH,
	WORKER_DEPTH_BUDGET,
	WORKER_STRETCH,
	WORKER_LOW,
	WORKER_ABORTED,
	/* From here on what was measured is in doubt. */
	WORKER_IN_DOUBT,
	WORKER_CPU_GONE = WORKER_IN_DOUBT,
	WORKER_BACKWARDS,
	WORKER_STILL,
	WORKER_CONTEXT,
	WORKER_STOPS
};

/**
 * struct demand - what a cell needs
 * @room: where its objects come from; nothing is kept in it before the cell begins
 * @available: bytes that can be had there
 * @bytes: what bytes= stands for
 * @depth: live objects of a worker
 * @slots: slots that a worker needs for them
 * @moves: of them, those that take objects held while others are hot
 * @calls: calls in a stretch; 0 when every call is timed, or when the depth is
 *	no multiple of calls=
 * @chunk: allocations, or stretches where those are timed, that a worker makes
 *	before it looks at anything else
 * @order: in which live objects are freed
 * @mix: sizes to draw from
 * @touch_step: bytes between two writes, 0 for no touching
 * @touch_most: most bytes that are written to at a time
 * @own: bytes that the allocator is prepared with, less what it takes for each
 *	object that is asked for
 * @held: bytes that live objects take at once at most, with all that pattern
 *	and allocator need besides
 */
struct demand {
	struct room room;
	u64 available;
	u64 bytes;
	unsigned int depth;
	u64 slots;
	unsigned int moves;
	unsigned int calls;
	unsigned int chunk;
	enum plan_order order;
	unsigned int mix;
	size_t touch_step;
	u64 touch_most;
	u64 own;
	u64 held;
};

/**
 * struct job - what the workers of one cell do
 * @plan: plan of the cell
 * @alloc: allocator
 * @loops: its timed loops for this size
 * @pattern: order of calls
 * @context: where the calls are made
 * @state: what the allocator was prepared with
 * @need: what the cell needs
 * @size: bytes to ask for
 * @gfp: flags to ask with
 * @ops: BIT() of each op that it has samples of; set by kab_crew_prepare()
 * @looks: whether each object is asked where it came from
 * @samples: wanted from each worker
 * @warmup: calls before the first sample
 * @burst_ticks: a burst begins no further call after this many ticks
 * @stretch_ticks: the longest stretch that is dared
 * @budget_ticks: a worker leaves after this many ticks
 * @watched: the objects take so much that each chunk looks at their room
 * @evict: memory to read when the caches are to be evicted
 * @evict_bytes: bytes at @evict
 * @spin_ms: a worker first keeps its CPU busy for this long
 * @lost: set by a worker that has found a reason to fail the run
 * @warm: workers that are not warm yet
 * @busy: workers that still want samples
 * @inside: workers that may still touch each other's objects
 * @left: workers that are not through yet
 * @done: completed by the last of @left
 *
 * Written before the workers start, but for the counters, which none of them
 * touches between two calls.
 */
struct job {
	const struct plan *plan;
	const struct allocator *alloc;
	const struct alloc_loops *loops;
	const struct pattern *pattern;
	const struct context *context;
	struct alloc_state state;
	struct demand need;
	size_t size;
	gfp_t gfp;
	unsigned int ops;
	bool looks;
	u64 samples;
	u64 warmup;
	u64 burst_ticks;
	u64 stretch_ticks;
	u64 budget_ticks;
	bool watched;
	const u8 *evict;
	size_t evict_bytes;
	unsigned int spin_ms;
	bool lost;
	atomic_t warm ____cacheline_aligned;
	atomic_t busy;
	atomic_t inside;
	atomic_t left;
	struct completion done;
};

/* Whether the workers shall leave: somebody has stopped the run, or it is lost. */
static inline bool job_ends(const struct job *job)
{
	return READ_ONCE(job->plan->stop) || READ_ONCE(job->lost);
}

/**
 * struct ring_segment - slots that go from one worker to its neighbour
 * @full: the neighbour may empty it, else its owner may fill it
 */
struct ring_segment {
	bool full ____cacheline_aligned;
};

/**
 * struct worker - a pinned thread and what it records
 * @cpu: where it is pinned
 * @thread: runs @work
 * @work: one cell
 * @frag: page fragments
 * @clock_overhead: ticks of an empty timed region on its CPU, 0 until that is
 *	calibrated
 * @hists: the distributions, by op; NULL until a cell has the op
 * @counters: what the CPU counts, NULL where nobody asks
 * @tail: what happened around the samples
 * @slots: live objects
 * @cookies: what stays with them
 * @sizes: their sizes, NULL when all are the same
 * @shuffled: order in which they are freed, NULL when that is not random
 * @index: slots in the order in which a burst frees them
 * @memory: where the objects to be touched are
 * @ticks: samples of a chunk, by op
 * @job: the cell
 * @neighbour: whose objects it frees in pattern remote
 * @state: what the allocator keeps
 * @burst: arguments of the loops
 * @random: generator, seeded anew for each cell with seed= and the CPU
 * @n: entries of @ticks, by op
 * @want: allocations that this chunk may still try; stretches, where those
 *	are timed
 * @left: the same for the cell
 * @failed: of them, those of this chunk that returned NULL
 * @seen_mapped: objects of this chunk that came from vmalloc, where the job looks
 * @seen_all: objects of this chunk that were examined
 * @filled: slots filled, by patterns that fill and empty in turns
 * @emptied: of them, slots emptied
 * @full: they are being emptied
 * @drawn: @shuffled was drawn for the slots that are filled now
 * @over: the pattern has nothing left to do
 * @low: it stopped allocating because others need the memory
 * @lack: what is short, where @low
 * @room_checked: it has checked the room of its job
 * @moved: objects held so that others are hot
 * @hole: the empty slot of pattern churn
 * @drained: slots emptied of the segment that is being emptied
 * @ring: pattern remote
 * @recorded: the distributions of the cell's ops, and what else is reported
 * @tried: allocations tried while sampling
 * @fail: of them, those that returned NULL
 * @fell: objects sampled that came from vmalloc
 * @examined: objects sampled of which that is known
 * @wall: ticks of the sampled stretch
 * @seen: the clock at the last check between two chunks
 * @still: timed calls and chunks since it last moved
 * @timing: no pattern, plain pairs, to see what a stretch would take
 * @stop: why it left
 *
 * Allocated one by one, so that no two workers write to one cache line.
 */
struct worker {
	unsigned int cpu;
	struct kthread_worker *thread;
	struct kthread_work work;
	struct page_frag_cache frag;
	u64 clock_overhead;
	struct hist *hists[OPS];
	struct counters *counters;
	struct tail *tail;
	void **slots;
	u64 *cookies;
	size_t *sizes;
	u32 *shuffled;
	u32 index[WORKER_CHUNK];
	void *memory[WORKER_CHUNK];
	u64 ticks[OPS][WORKER_CHUNK];
	/* From here on a cell's: cleared before each, see worker_prepare(). */
	struct job *job;
	struct worker *neighbour;
	struct alloc_state state;
	struct burst burst;
	struct rnd_state random;
	unsigned int n[OPS];
	unsigned int want;
	u64 left;
	unsigned int failed;
	unsigned int seen_mapped;
	unsigned int seen_all;
	unsigned int filled;
	unsigned int emptied;
	bool full;
	bool drawn;
	bool over;
	bool low;
	enum room_kind lack;
	bool room_checked;
	unsigned int moved;
	unsigned int hole;
	unsigned int drained;
	struct ring_segment ring[WORKER_RING];
	struct result_worker recorded;
	u64 tried;
	u64 fail;
	u64 fell;
	u64 examined;
	u64 wall;
	u64 seen;
	unsigned int still;
	bool timing;
	enum worker_stop stop;
};

/**
 * struct crew - the workers of a plan
 * @workers: one for each CPU of the plan
 * @n: number of workers
 */
struct crew {
	struct worker **workers;
	unsigned int n;
};

int kab_crew_open(struct crew *crew, const struct plan *plan);
void kab_crew_close(struct crew *crew);
int kab_crew_prepare(struct crew *crew, struct job *job);

#endif
