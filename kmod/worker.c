// SPDX-License-Identifier: GPL-2.0
/*
 * worker - a pinned thread: warm-up, sampling, and what it records.
 */
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/smp.h>
#include <linux/vmalloc.h>

#include "clock.h"
#include "compat.h"
#include "worker.h"

/* Warm-up goes on until two chunks agree, but not for ever. */
#define WARM_CHUNKS_MAX	16

/*
 * Marks for those who follow the executed instructions from outside: a cell
 * begins, a chunk of warm-up begins, a chunk of samples begins.
 */
noinline void kab_mark_cell(void)
{
	barrier();
}

noinline void kab_mark_warmup(void)
{
	barrier();
}

noinline void kab_mark_sample(void)
{
	barrier();
}

static void worker_free(struct worker *w)
{
	enum result_op op;

	for (op = 0; op < OPS; op++) {
		kvfree(w->recorded.hist[op]);
		kfree(w->ticks[op]);
	}
	kvfree(w->slots);
	kfree(w);
}

/**
 * worker_bytes() - memory that one worker takes
 *
 * Context: any.
 * Return: bytes.
 */
size_t worker_bytes(void)
{
	return sizeof(struct worker) +
	       OPS * (sizeof(struct hist) + WORKER_CHUNK * sizeof(u64));
}

static struct worker *worker_alloc(unsigned int cpu)
{
	int node = cpu_to_node(cpu);
	struct worker *w = kzalloc_node(sizeof(*w), GFP_KERNEL, node);
	enum result_op op;
	bool whole = true;

	if (!w)
		return NULL;

	w->slots = kvcalloc(1, sizeof(*w->slots), GFP_KERNEL);
	whole &= !!w->slots;
	for (op = 0; op < OPS; op++) {
		w->recorded.hist[op] = kvmalloc_node(sizeof(struct hist),
						     GFP_KERNEL, node);
		w->ticks[op] = kmalloc_node(WORKER_CHUNK * sizeof(u64),
					    GFP_KERNEL, node);
		whole &= w->recorded.hist[op] && w->ticks[op];
	}
	if (!whole) {
		worker_free(w);
		return NULL;
	}
	w->cpu = cpu;
	w->recorded.cpu = cpu;
	return w;
}

static void worker_main(struct kthread_work *work);

/**
 * worker_create() - start a thread on a CPU
 * @cpu: where
 *
 * Context: process, may sleep.
 * Return: a worker that waits for worker_start(), or an ERR_PTR().
 */
struct worker *worker_create(unsigned int cpu)
{
	struct worker *w = worker_alloc(cpu);

	if (!w)
		return ERR_PTR(-ENOMEM);

	kthread_init_work(&w->work, worker_main);
	w->thread = compat_worker_on_cpu(cpu);
	if (IS_ERR(w->thread)) {
		int err = PTR_ERR(w->thread);

		worker_free(w);
		return ERR_PTR(err);
	}
	return w;
}

/**
 * worker_destroy() - end a worker that has no job
 * @w: worker, may be NULL or an ERR_PTR()
 *
 * Context: process, may sleep.
 */
void worker_destroy(struct worker *w)
{
	if (IS_ERR_OR_NULL(w))
		return;
	kthread_destroy_worker(w->thread);
	worker_free(w);
}

/**
 * worker_start() - let a worker do a cell
 * @w: worker
 * @job: what to do; @job->done is completed when the last worker is through
 *
 * Context: process.
 */
void worker_start(struct worker *w, struct job *job)
{
	const struct burst fresh = {
		.size = job->size, .gfp = job->gfp, .node = job->node,
		.state = &w->state, .cookie_words = job->alloc->cookies,
	};
	enum result_op op;

	w->job = job;
	w->burst = fresh;
	for (op = 0; op < OPS; op++)
		hist_init(w->recorded.hist[op]);
	w->tried = 0;
	w->fail = 0;
	w->gets = 0;
	w->puts = 0;
	w->wall = 0;
	w->stop = WORKER_RUNS;
	kthread_queue_work(w->thread, &w->work);
}

static void aim(struct worker *w, unsigned int slot, unsigned int count)
{
	struct burst *b = &w->burst;

	b->count = count;
	b->slots = w->slots + slot;
	b->cookies = w->cookies + slot * b->cookie_words;
	b->alloc = w->ticks[OP_ALLOC] + w->n[OP_ALLOC];
	b->free = w->ticks[OP_FREE] + w->n[OP_FREE];
}

static void note_gets(struct worker *w)
{
	const struct burst *b = &w->burst;

	w->n[OP_ALLOC] += b->samples;
	w->want -= b->done;
	w->failed += b->failed;
	w->gets += b->samples;
}

/**
 * worker_pair() - allocate and free as often as this chunk wants
 * @w: worker
 *
 * Context: the cell's.
 */
void worker_pair(struct worker *w)
{
	aim(w, 0, w->want);
	w->job->alloc->pair(&w->burst);
	note_gets(w);
	w->n[OP_FREE] += w->burst.samples;
	w->puts += w->burst.samples;
}

/**
 * worker_get() - fill slots
 * @w: worker
 * @slot: the first
 * @count: how many, at most @w->want
 *
 * Context: the cell's.
 * Return: how many slots hold an object now.
 */
unsigned int worker_get(struct worker *w, unsigned int slot,
			unsigned int count)
{
	aim(w, slot, count);
	w->job->alloc->get(&w->burst);
	note_gets(w);
	return w->burst.samples;
}

/**
 * worker_touch() - write to live objects, and once more
 * @w: worker
 * @slot: the first
 * @count: how many
 *
 * Context: the cell's.
 */
void worker_touch(struct worker *w, unsigned int slot, unsigned int count)
{
	const struct job *job = w->job;

	burst_touch(w->slots + slot, count, job->size, job->touch_step,
		    w->ticks[OP_TOUCH] + w->n[OP_TOUCH]);
	burst_retouch(w->slots + slot, count, job->size, job->touch_step,
		      w->ticks[OP_RETOUCH] + w->n[OP_RETOUCH]);
	w->n[OP_TOUCH] += count;
	w->n[OP_RETOUCH] += count;
}

/**
 * worker_put() - empty slots
 * @w: worker
 * @slot: the first
 * @count: how many
 *
 * Context: the cell's.
 * Return: how many slots were looked at before the burst was to end.
 */
unsigned int worker_put(struct worker *w, unsigned int slot,
			unsigned int count)
{
	aim(w, slot, count);
	w->job->alloc->put(&w->burst);
	w->n[OP_FREE] += w->burst.samples;
	w->puts += w->burst.samples;
	return w->burst.done;
}

/**
 * worker_burst() - make the calls of a chunk
 * @w: worker
 *
 * Context: the cell's; called by way of struct context.
 */
void worker_burst(struct worker *w)
{
	if (!w->job->context->holds()) {
		w->stop = WORKER_CONTEXT;
		return;
	}
	w->burst.deadline = clock_now() + w->job->burst_ticks;
	w->job->pattern->burst(w);
}

static void chunk(struct worker *w, u64 want)
{
	w->want = min_t(u64, want, WORKER_CHUNK);
	w->failed = 0;
	memset(w->n, 0, sizeof(w->n));
	w->job->context->call(w);
}

/* Between two chunks: may the worker go on? */
static bool stopped(struct worker *w, u64 since, u64 budget)
{
	cond_resched();
	if (w->stop != WORKER_RUNS)
		return true;

	if (READ_ONCE(*w->job->abort))
		w->stop = WORKER_ABORTED;
	else if (raw_smp_processor_id() != w->cpu)
		w->stop = WORKER_CPU_GONE;
	else if (clock_now() < since)
		w->stop = WORKER_CLOCK;
	else if (clock_now() - since > budget)
		w->stop = WORKER_BUDGET;
	return w->stop != WORKER_RUNS;
}

static u64 cheapest(const u64 *ticks, unsigned int n)
{
	u64 least = U64_MAX;

	while (n--)
		least = min(least, ticks[n]);
	return least;
}

/*
 * At least as many calls as asked for, and then until two chunks agree on the
 * cheapest allocation. May take half of the budget.
 */
static void warm_up(struct worker *w)
{
	const struct job *job = w->job;
	const u64 since = clock_now();
	unsigned int chunks = 0;
	u64 before = 0, least = 1, calls = 0;

	while (calls < job->warmup ||
	       (calls && before != least && chunks < WARM_CHUNKS_MAX)) {
		kab_mark_warmup();
		chunk(w, WORKER_CHUNK);
		calls += WORKER_CHUNK - w->want;
		chunks += calls >= job->warmup;
		before = least;
		least = cheapest(w->ticks[OP_ALLOC], w->n[OP_ALLOC]);
		if (stopped(w, since, job->budget_ticks / 2))
			break;
	}
	if (w->stop == WORKER_BUDGET)
		w->stop = calls < job->warmup ? WORKER_WARM_BUDGET : WORKER_RUNS;
}

static void record(struct worker *w, unsigned int tried)
{
	enum result_op op;

	for (op = 0; op < OPS; op++)
		hist_fold(w->recorded.hist[op], w->ticks[op], w->n[op],
			  w->job->overhead);
	w->tried += tried;
	w->fail += w->failed;
}

static void sample(struct worker *w)
{
	const struct job *job = w->job;
	const u64 since = clock_now();

	while (w->tried < job->samples && w->stop == WORKER_RUNS) {
		unsigned int want = min_t(u64, job->samples - w->tried,
					  WORKER_CHUNK);

		kab_mark_sample();
		chunk(w, want);
		record(w, want - w->want);
		w->wall = clock_now() - since;
		stopped(w, since, job->budget_ticks);
	}
	if (w->stop == WORKER_BUDGET && w->tried == job->samples)
		w->stop = WORKER_RUNS;
}

/* Stay loaded until all workers are at the same point: they share caches. */
static void load_until(struct worker *w, atomic_t *waiting)
{
	const u64 since = clock_now();

	atomic_dec(waiting);
	while (atomic_read(waiting) > 0 && !stopped(w, since, U64_MAX))
		chunk(w, WORKER_CHUNK);
}

static void worker_main(struct kthread_work *work)
{
	struct worker *w = container_of(work, struct worker, work);
	struct job *job = w->job;
	enum worker_stop stop;

	warm_up(w);
	load_until(w, &job->warm);
	sample(w);
	stop = w->stop;
	load_until(w, &job->busy);
	/* What happens while waiting for others does not taint the samples. */
	if (stop != WORKER_RUNS || w->stop != WORKER_CPU_GONE)
		w->stop = stop;
	if (atomic_dec_and_test(&job->left))
		complete(&job->done);
}
