// SPDX-License-Identifier: GPL-2.0
/*
 * worker - a pinned thread: warm-up, sampling, and what it records.
 */
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/overflow.h>
#include <linux/processor.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/smp.h>
#include <linux/topology.h>
#include <linux/vmalloc.h>

#include "clock.h"
#include "compat.h"
#include "worker.h"

/* Warm-up goes on until two chunks agree, but not for ever. */
#define WARM_CHUNKS_MAX	16

/* Room for the samples of one op between two folds. */
#define TICKS_BYTES	(WORKER_CHUNK * sizeof(u64))

/**
 * kab_mark_cell() - mark for those who follow the instructions from outside
 *
 * The next cell that is measured begins. Does nothing.
 *
 * Context: any.
 */
noinline void kab_mark_cell(void)
{
	asm volatile("# cell");
}

/*
 * The same: a chunk of warm-up begins. The three say different things, or the
 * compiler would make one function of them.
 */
static noinline void kab_mark_warmup(void)
{
	asm volatile("# warmup");
}

/* The same: a chunk of samples begins. */
static noinline void kab_mark_sample(void)
{
	asm volatile("# sample");
}

static void forget_slots(struct worker *w)
{
	kvfree(w->slots);
	kvfree(w->cookies);
	kvfree(w->sizes);
	kvfree(w->shuffled);
	w->slots = NULL;
	w->cookies = NULL;
	w->sizes = NULL;
	w->shuffled = NULL;
}

static void worker_free(struct worker *w)
{
	enum result_op op;

	for (op = 0; op < OPS; op++) {
		kvfree(w->recorded.hist[op]);
		kfree(w->ticks[op]);
	}
	forget_slots(w);
	kvfree(w->tail);
	kfree(w);
}

/**
 * worker_bytes() - memory that one worker takes, its slots not counted
 *
 * Context: any.
 * Return: bytes.
 */
size_t worker_bytes(void)
{
	return sizeof(struct worker) + sizeof(struct tail) +
	       OPS * (sizeof(struct hist) + TICKS_BYTES);
}

static struct worker *worker_alloc(unsigned int cpu)
{
	int node = cpu_to_node(cpu);
	struct worker *w = kzalloc_node(sizeof(*w), GFP_KERNEL, node);
	enum result_op op;
	bool whole = true;

	if (!w)
		return NULL;

	for (op = 0; op < OPS; op++) {
		struct hist *h = kvmalloc_node(sizeof(*h), GFP_KERNEL, node);

		w->recorded.hist[op] = h;
		w->ticks[op] = kmalloc_node(TICKS_BYTES, GFP_KERNEL, node);
		whole &= h && w->ticks[op];
	}
	w->tail = kvmalloc_node(sizeof(*w->tail), GFP_KERNEL, node);
	if (!whole || !w->tail) {
		worker_free(w);
		return NULL;
	}
	w->cpu = cpu;
	w->recorded.cpu = cpu;
	init_completion(&w->entered);
	return w;
}

static void worker_main(struct kthread_work *work);

/**
 * worker_create() - start a thread on a CPU
 * @cpu: where
 *
 * Context: process, may sleep.
 * Return: a worker that waits for a job, or an ERR_PTR().
 */
struct worker *worker_create(unsigned int cpu)
{
	struct worker *w = worker_alloc(cpu);
	int err;

	if (!w)
		return ERR_PTR(-ENOMEM);

	kthread_init_work(&w->work, worker_main);
	w->thread = compat_worker_on_cpu(cpu);
	if (IS_ERR(w->thread)) {
		err = PTR_ERR(w->thread);
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

static int get_slots(struct worker *w, const struct job *job)
{
	const u64 n = job->slots;
	bool whole;

	forget_slots(w);
	w->n_slots = n;
	w->slots = kvcalloc(n, sizeof(*w->slots), GFP_KERNEL);
	whole = !!w->slots;
	if (job->alloc->cookies) {
		w->cookies = kvcalloc(size_mul(n, job->alloc->cookies),
				      sizeof(*w->cookies), GFP_KERNEL);
		whole &= !!w->cookies;
	}
	if (job->mix > 1) {
		w->sizes = kvcalloc(n, sizeof(*w->sizes), GFP_KERNEL);
		whole &= !!w->sizes;
	}
	if (job->order == ORDER_RANDOM) {
		w->shuffled = kvcalloc(n, sizeof(*w->shuffled), GFP_KERNEL);
		whole &= !!w->shuffled;
	}
	return whole ? 0 : -ENOMEM;
}

static void reset(struct worker *w)
{
	enum result_op op;

	for (op = 0; op < OPS; op++)
		hist_init(w->recorded.hist[op]);
	memset(w->ring, 0, sizeof(w->ring));
	memset(&w->last, 0, sizeof(w->last));
	w->tail->n = 0;
	w->filled = 0;
	w->emptied = 0;
	w->full = false;
	w->over = false;
	w->drained = 0;
	w->tried = 0;
	w->fail = 0;
	w->gets = 0;
	w->puts = 0;
	w->wall = 0;
	w->timing = false;
	w->stop = WORKER_RUNS;
}

/**
 * worker_prepare() - make a worker ready for a cell
 * @w: worker
 * @job: what to do
 *
 * Context: process, may sleep.
 * Return: 0 or -ENOMEM.
 */
int worker_prepare(struct worker *w, struct job *job)
{
	const struct burst fresh = {
		.gfp = job->gfp, .node = job->node, .state = &w->state,
		.cookie_words = job->alloc->cookies,
	};

	w->job = job;
	w->burst = fresh;
	w->state = job->state;
	w->state.frag = &w->frag;
	prandom_seed_state(&w->random, job->seed + w->cpu);
	reset(w);
	return get_slots(w, job);
}

/**
 * worker_start() - let a prepared worker do its cell
 * @w: worker
 *
 * Its job's done is completed when the last worker is through.
 *
 * Context: process.
 */
void worker_start(struct worker *w)
{
	kthread_queue_work(w->thread, &w->work);
}

/* What is not timed and not counted as the harness's cost either. */
static void before_chunk(struct worker *w, u64 left)
{
	const struct pattern *pattern = w->job->pattern;

	w->left = left;
	w->want = min_t(u64, left, pattern->chunk ?: WORKER_CHUNK);
	w->failed = 0;
	memset(w->n, 0, sizeof(w->n));
	if (pattern->between)
		pattern->between(w);
}

static void chunk(struct worker *w, u64 left)
{
	before_chunk(w, left);
	w->job->context->call(w);
}

/* Objects that wait for a grace period are as good as held. */
static void breathe(struct worker *w, u64 since, u64 budget)
{
	while ((w->job->alloc->traits & ALLOC_DEFERS) && worker_low(w) &&
	       !READ_ONCE(*w->job->abort) && clock_now() - since < budget)
		msleep(20);
}

/* Between two chunks: may the worker go on? */
static bool stopped(struct worker *w, u64 since, u64 budget)
{
	u64 now;

	cond_resched();
	breathe(w, since, budget);
	now = clock_now();
	if (w->stop > WORKER_BUDGET)
		return true;

	if (READ_ONCE(*w->job->abort))
		w->stop = WORKER_ABORTED;
	else if (raw_smp_processor_id() != w->cpu)
		w->stop = WORKER_CPU_GONE;
	else if (now < since)
		w->stop = WORKER_CLOCK;
	else if (now - since > budget)
		w->stop = WORKER_BUDGET;
	return w->stop != WORKER_RUNS;
}

static u64 cheapest(const struct worker *w)
{
	enum result_op op = w->n[OP_PAIR] ? OP_PAIR : OP_ALLOC;
	u64 least = U64_MAX;
	unsigned int i;

	for (i = 0; i < w->n[op]; i++)
		least = min(least, w->ticks[op][i]);
	return least;
}

/*
 * Calls in a stretch cannot be interrupted, so a few are timed one by one
 * first: a stretch that would keep the CPU for long is not begun.
 */
static void try_stretch(struct worker *w)
{
	const struct job *job = w->job;
	u64 most = 0;
	unsigned int i;

	if (!job->calls || w->stop != WORKER_RUNS)
		return;

	w->timing = true;
	chunk(w, U64_MAX);
	w->timing = false;
	for (i = 0; i < w->n[OP_ALLOC]; i++)
		most = max(most, w->ticks[OP_ALLOC][i] + w->ticks[OP_FREE][i]);
	if (most > div_u64(job->stretch_ticks, job->calls))
		w->stop = WORKER_STRETCH;
}

/*
 * At least as many calls as asked for, and then until two chunks agree on the
 * cheapest. May take half of the budget.
 */
static void warm_up(struct worker *w)
{
	const struct job *job = w->job;
	const u64 since = clock_now();
	unsigned int chunks = 0;
	u64 before = 0, least = 1, calls = 0;

	try_stretch(w);
	while (w->stop == WORKER_RUNS &&
	       (calls < job->warmup ||
		(calls && before != least && chunks < WARM_CHUNKS_MAX))) {
		unsigned int want = job->pattern->chunk ?: WORKER_CHUNK;

		kab_mark_warmup();
		chunk(w, U64_MAX);
		stopped(w, since, job->budget_ticks / 2);
		/* A chunk that only frees says nothing. */
		if (w->n[OP_ALLOC] + w->n[OP_PAIR] + w->failed == 0)
			continue;
		calls += want - w->want;
		chunks += calls >= job->warmup;
		before = least;
		least = cheapest(w);
	}
	if (w->stop == WORKER_BUDGET)
		w->stop = calls < job->warmup ? WORKER_WARM_BUDGET : WORKER_RUNS;
}

static void note_last(struct worker *w)
{
	const u64 overhead = w->job->overhead;
	unsigned int i;

	if (!w->n[OP_ALLOC])
		return;
	memset(&w->last, 0, sizeof(w->last));
	for (i = 0; i < w->n[OP_ALLOC]; i++) {
		u64 ticks = w->ticks[OP_ALLOC][i] - overhead;

		w->last.n++;
		w->last.sum += ticks;
		w->last.max = max(w->last.max, ticks);
	}
}

static void record(struct worker *w, unsigned int tried, u64 *max)
{
	struct hist *frees = w->recorded.hist[OP_FREE];
	enum result_op op;

	/* A neighbour that is still loaded sends more than was asked for. */
	if (w->job->pattern->traits & PATTERN_REMOTE)
		w->n[OP_FREE] = min_t(u64, w->n[OP_FREE],
				      w->job->samples - frees->n);
	for (op = 0; op < OPS; op++)
		max[op] = hist_fold(w->recorded.hist[op], w->ticks[op],
				    w->n[op], w->job->overhead);
	if (w->job->pattern->traits & PATTERN_FILLS)
		note_last(w);
	w->tried += tried;
	w->fail += w->failed;
}

static void sample_chunk(struct worker *w)
{
	const u64 left = w->job->samples - w->tried;
	struct tail_counters before, after;
	u64 max[OPS], since;

	before_chunk(w, left);
	tail_read(&before, w->cpu);
	kab_mark_sample();
	since = clock_now();
	w->job->context->call(w);
	record(w, left - w->left, max);
	w->wall += clock_now() - since;
	tail_read(&after, w->cpu);
	tail_note(w->tail, &before, &after, max);
}

static bool finished(const struct worker *w)
{
	if (w->over)
		return true;
	if (w->tried < w->job->samples)
		return false;
	if (w->job->pattern->traits & PATTERN_REMOTE)
		return w->recorded.hist[OP_FREE]->n + w->fail >= w->job->samples;
	return !w->filled;
}

static void sample(struct worker *w)
{
	const struct job *job = w->job;
	const u64 since = clock_now();

	while (w->stop == WORKER_RUNS && !finished(w)) {
		sample_chunk(w);
		stopped(w, since, job->budget_ticks);
	}
	/* What comes now, the freeing of what is left, is nobody's sample. */
	kab_mark_warmup();
	if (w->stop == WORKER_BUDGET && finished(w))
		w->stop = WORKER_RUNS;
	if (w->stop == WORKER_RUNS && w->tried < job->samples)
		w->stop = WORKER_OVER;
}

/* Stay loaded until all workers are at the same point: they share caches. */
static void load_until(struct worker *w, atomic_t *waiting)
{
	const u64 since = clock_now();

	atomic_dec(waiting);
	while (atomic_read(waiting) > 0 && !stopped(w, since, U64_MAX)) {
		chunk(w, U64_MAX);
		cpu_relax();
	}
}

static void run_cell(struct worker *w)
{
	struct job *job = w->job;
	enum worker_stop stop;

	if (job->pattern->open)
		job->pattern->open(w);
	if (!(job->pattern->traits & PATTERN_ONCE)) {
		warm_up(w);
		load_until(w, &job->warm);
		if (job->pattern->traits & PATTERN_TURNS)
			worker_drain(w);
	}
	sample(w);
	if (job->pattern->traits & PATTERN_ONCE)
		return;
	/* What happens while waiting for others does not taint the samples. */
	stop = w->stop;
	load_until(w, &job->busy);
	if (w->stop != WORKER_CPU_GONE)
		w->stop = stop;
}

static void worker_main(struct kthread_work *work)
{
	struct worker *w = container_of(work, struct worker, work);
	struct job *job = w->job;

	run_cell(w);
	/* Nobody frees his objects while another may still be at them. */
	atomic_dec(&job->inside);
	while (atomic_read(&job->inside) > 0) {
		cond_resched();
		cpu_relax();
	}
	worker_drain(w);
	compat_frag_drain(&w->frag);
	if (atomic_dec_and_test(&job->left))
		complete(&job->done);
}
