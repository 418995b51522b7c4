/* SPDX-License-Identifier: GPL-2.0 */
#ifndef KALLOCBENCH_WORKER_H
#define KALLOCBENCH_WORKER_H

#include <linux/atomic.h>
#include <linux/cache.h>
#include <linux/completion.h>
#include <linux/interrupt.h>
#include <linux/irq_work.h>
#include <linux/kthread.h>
#include <linux/mm.h>
#include <linux/prandom.h>
#include <linux/sched.h>
#include <linux/sizes.h>
#include <linux/types.h>

#include "loops.h"
#include "result.h"
#include "room.h"
#include "rows.h"
#include "tail.h"

/* Samples between two looks at budget, abort and scheduler. */
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
};

/**
 * struct job - what the workers of one cell do
 * @alloc: allocator
 * @loops: its timed loops for this size
 * @pattern: order of calls
 * @context: where the calls are made
 * @state: what the allocator was prepared with
 * @memcg: who is charged, NULL for nobody
 * @size: bytes to ask for
 * @gfp: flags to ask with
 * @node: node to ask for, or NUMA_NO_NODE
 * @touch_step: bytes between two writes, 0 for no touching
 * @depth: live objects
 * @slots: slots that each worker needs
 * @moves: of them, how many take objects that are held while others are hot
 * @order: in which live objects are freed
 * @mix: sizes to draw from
 * @calls: calls in a stretch, 0 when every call is timed
 * @looks: whether each object is asked where it came from
 * @chunk: allocations, or stretches, at a time
 * @seed: for everything random
 * @samples: wanted from each worker
 * @warmup: calls before the first sample
 * @burst_ticks: a burst begins no further call after so many ticks
 * @stretch_ticks: the longest stretch that is dared
 * @budget_ticks: a worker is done after so many ticks
 * @room: where the objects come from
 * @watched: they take so much that each chunk looks at @room
 * @evict: memory to read when the caches are to be evicted
 * @evict_bytes: bytes at @evict
 * @abort: set from outside to stop
 * @spin_ms: a worker keeps its CPU busy for so long first
 * @calibrates: nothing is taken off: the cost of the clock is measured
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
	const struct allocator *alloc;
	const struct alloc_loops *loops;
	const struct pattern *pattern;
	const struct context *context;
	struct alloc_state state;
	struct mem_cgroup *memcg;
	size_t size;
	gfp_t gfp;
	int node;
	size_t touch_step;
	unsigned int depth;
	u64 slots;
	unsigned int moves;
	unsigned int order;
	unsigned int mix;
	unsigned int calls;
	bool looks;
	unsigned int chunk;
	u64 seed;
	u64 samples;
	u64 warmup;
	u64 burst_ticks;
	u64 stretch_ticks;
	u64 budget_ticks;
	struct room room;
	bool watched;
	const u8 *evict;
	size_t evict_bytes;
	const bool *abort;
	unsigned int spin_ms;
	bool calibrates;
	bool lost;
	atomic_t warm ____cacheline_aligned;
	atomic_t busy;
	atomic_t inside;
	atomic_t left;
	struct completion done;
};

/**
 * job_ends() - whether the workers shall leave, whatever they are at
 * @job: job
 *
 * Context: any.
 * Return: true once somebody has stopped the run, or it is lost.
 */
static inline bool job_ends(const struct job *job)
{
	return READ_ONCE(*job->abort) || READ_ONCE(job->lost);
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
 * @job: the cell
 * @neighbour: whose objects it frees in pattern remote
 * @tasklet: way into a softirq
 * @irq_work: way into a hard interrupt
 * @entered: the softirq is over
 * @frag: page fragments
 * @state: what the allocator keeps
 * @burst: arguments of the loops
 * @slots: live objects
 * @n_slots: entries of @slots
 * @cookies: what stays with them
 * @sizes: their sizes, NULL when all are the same
 * @shuffled: order in which they are freed, NULL when that is not random
 * @index: slots in the order in which a burst frees them
 * @memory: where the objects to be touched are
 * @random: seeded generator
 * @clock_overhead: ticks of an empty timed region on its CPU
 * @ticks: samples of a chunk, by op
 * @n: entries of @ticks, by op
 * @want: allocations that this chunk may still try; stretches, where those
 *	are timed
 * @left: the same for the cell
 * @failed: of them, those of this chunk that returned NULL
 * @seen_mapped: objects of this chunk that came from vmalloc, where the job looks
 * @seen_all: objects of this chunk that were looked at
 * @filled: slots filled, by patterns that fill and empty in turns
 * @emptied: of them, slots emptied
 * @full: they are being emptied
 * @drawn: @shuffled was drawn for the slots that are filled now
 * @over: the pattern has nothing left to do
 * @low: it stopped allocating because others need the memory
 * @lack: what is short, where @low
 * @looked: it has looked at the room of its job
 * @moved: objects held so that others are hot
 * @hole: the empty slot of pattern churn
 * @drained: slots emptied of the segment that is being emptied
 * @ring: pattern remote
 * @recorded: the distributions
 * @tail: what happened around them
 * @tried: allocations tried while sampling
 * @fail: of them, those that returned NULL
 * @fell: objects sampled that came from vmalloc
 * @examined: objects sampled of which that is known
 * @gets: allocations that succeeded, warm-up included
 * @puts: frees, warm-up included
 * @wall: ticks of the sampled stretch
 * @last: the last samples of op alloc
 * @seen: the clock when it was last looked at between two chunks
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
	struct job *job;
	struct worker *neighbour;
	struct tasklet_struct tasklet;
	struct irq_work irq_work;
	struct completion entered;
	struct page_frag_cache frag;
	struct alloc_state state;
	struct burst burst;
	void **slots;
	u64 n_slots;
	u64 *cookies;
	size_t *sizes;
	u32 *shuffled;
	u32 index[WORKER_CHUNK];
	void *memory[WORKER_CHUNK];
	struct rnd_state random;
	u64 clock_overhead;
	u64 *ticks[OPS];
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
	bool looked;
	unsigned int moved;
	unsigned int hole;
	unsigned int drained;
	struct ring_segment ring[WORKER_RING];
	struct result_worker recorded;
	struct tail *tail;
	u64 tried;
	u64 fail;
	u64 fell;
	u64 examined;
	u64 gets;
	u64 puts;
	u64 wall;
	struct result_last last;
	u64 seen;
	unsigned int still;
	bool timing;
	enum worker_stop stop;
};

/**
 * worker_goes_on() - whether a burst may make another call
 * @w: worker
 *
 * Context: the cell's.
 * Return: true while calls are wanted and the burst is short.
 */
static inline bool worker_goes_on(const struct worker *w)
{
	return w->want && clock_now() < w->burst.deadline;
}

/**
 * worker_pause() - let others have the CPU between two calls that take long
 * @w: worker
 *
 * Context: the cell's.
 */
static inline void worker_pause(const struct worker *w)
{
	if (w->job->size >= SZ_1M && !(w->job->context->traits & CONTEXT_ATOMIC))
		cond_resched();
}

/**
 * worker_random() - seeded random number
 * @w: worker
 * @ceil: 1 or more
 *
 * Context: any.
 * Return: a number below @ceil.
 */
static inline u32 worker_random(struct worker *w, u32 ceil)
{
	return ((u64)prandom_u32_state(&w->random) * ceil) >> 32;
}

/* worker.c: a thread and its memory */
struct worker *worker_create(unsigned int cpu);
void worker_destroy(struct worker *w);
size_t worker_bytes(void);
int worker_prepare(struct worker *w, struct job *job);
void worker_start(struct worker *w);
void worker_evict(struct worker *w);
unsigned int worker_room(struct worker *w, u64 unit);

/* sampling.c: what it does with a cell */
void worker_main(struct kthread_work *work);
void kab_mark_cell(void);

/* record.c: what it keeps of the samples */
void worker_record(struct worker *w, unsigned int tried, u64 *max);
void worker_took(struct worker *w, const u64 *max, u64 took);

/* calls.c: what a pattern can ask for */
void worker_burst(struct worker *w);
void worker_pair(struct worker *w);
unsigned int worker_get(struct worker *w, unsigned int slot,
			unsigned int count);
unsigned int worker_fill(struct worker *w, unsigned int slot,
			 unsigned int count);
unsigned int worker_put(struct worker *w, unsigned int slot,
			unsigned int count);
unsigned int worker_put_listed(struct worker *w, unsigned int count);
void worker_tare(struct worker *w);
unsigned int worker_put_from(struct worker *w, struct worker *owner,
			     unsigned int slot, unsigned int count);
void worker_touch(struct worker *w, unsigned int slot, unsigned int count);
void worker_prefill(struct worker *w, unsigned int count);
void worker_move_on(struct worker *w);
void worker_drain(struct worker *w);

#endif
