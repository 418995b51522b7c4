/* SPDX-License-Identifier: GPL-2.0 */
#ifndef KALLOCBENCH_WORKER_H
#define KALLOCBENCH_WORKER_H

#include <linux/atomic.h>
#include <linux/cache.h>
#include <linux/completion.h>
#include <linux/kthread.h>
#include <linux/types.h>

#include "allocs.h"
#include "context.h"
#include "pattern.h"
#include "result.h"

/* Samples between two looks at budget, abort and scheduler. */
#define WORKER_CHUNK	128

/* Why a worker left before it had its samples. */
enum worker_stop {
	WORKER_RUNS,
	WORKER_BUDGET,
	WORKER_WARM_BUDGET,
	WORKER_ABORTED,
	WORKER_CPU_GONE,
	WORKER_CLOCK,
	WORKER_CONTEXT,
};

/**
 * struct job - what the workers of one cell do
 * @alloc: allocator
 * @pattern: order of calls
 * @context: where the calls are made
 * @size: bytes to ask for
 * @gfp: flags to ask with
 * @node: node to ask for, or NUMA_NO_NODE
 * @touch_step: bytes between two writes, 0 for no touching
 * @samples: wanted from each worker
 * @warmup: calls before the first sample
 * @overhead: ticks of an empty timed region
 * @burst_ticks: a burst begins no further call after so many ticks
 * @budget_ticks: a worker is done after so many ticks
 * @abort: set from outside to stop
 * @n_workers: how many run this job
 * @warm: workers that are warm
 * @busy: workers that still want samples
 * @left: workers that have left their loops
 * @done: completed by the last of @left
 *
 * Written before the workers start, but for the counters, which none of them
 * touches between two calls.
 */
struct job {
	const struct allocator *alloc;
	const struct pattern *pattern;
	const struct context *context;
	size_t size;
	gfp_t gfp;
	int node;
	size_t touch_step;
	u64 samples;
	u64 warmup;
	u64 overhead;
	u64 burst_ticks;
	u64 budget_ticks;
	const bool *abort;
	unsigned int n_workers;
	atomic_t warm ____cacheline_aligned;
	atomic_t busy;
	atomic_t left;
	struct completion done;
};

/**
 * struct worker - a pinned thread and what it records
 * @cpu: where it is pinned
 * @thread: runs @work
 * @work: one cell
 * @job: the cell
 * @state: what the allocator keeps
 * @burst: arguments of the loops
 * @slots: live objects
 * @cookies: what stays with them
 * @ticks: samples of a chunk, by op
 * @n: entries of @ticks, by op
 * @want: allocations that this chunk may still try
 * @failed: of them, those that returned NULL
 * @recorded: the distributions
 * @tried: allocations tried while sampling
 * @fail: of them, those that returned NULL
 * @gets: allocations that succeeded, warm-up included
 * @puts: frees, warm-up included
 * @wall: ticks of the sampled stretch
 * @stop: why it left
 *
 * Allocated one by one, so that no two workers write to one cache line.
 */
struct worker {
	unsigned int cpu;
	struct kthread_worker *thread;
	struct kthread_work work;
	struct job *job;
	struct alloc_state state;
	struct burst burst;
	void **slots;
	u64 *cookies;
	u64 *ticks[OPS];
	unsigned int n[OPS];
	unsigned int want;
	unsigned int failed;
	struct result_worker recorded;
	u64 tried;
	u64 fail;
	u64 gets;
	u64 puts;
	u64 wall;
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

struct worker *worker_create(unsigned int cpu);
void worker_destroy(struct worker *w);
size_t worker_bytes(void);
void worker_start(struct worker *w, struct job *job);

void worker_burst(struct worker *w);
void worker_pair(struct worker *w);
unsigned int worker_get(struct worker *w, unsigned int slot,
			unsigned int count);
void worker_touch(struct worker *w, unsigned int slot, unsigned int count);
unsigned int worker_put(struct worker *w, unsigned int slot,
			unsigned int count);

void kab_mark_cell(void);
void kab_mark_warmup(void);
void kab_mark_sample(void);

#endif
