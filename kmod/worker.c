// SPDX-License-Identifier: GPL-2.0
/*
 * worker - a pinned thread and its memory.
 */
#include <linux/cache.h>
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/mm.h>
#include <linux/overflow.h>
#include <linux/sched.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <linux/topology.h>
#include <linux/vmalloc.h>

#include "compat.h"
#include "worker.h"

/* Room for the samples of one op between two folds. */
#define TICKS_BYTES	(WORKER_CHUNK * sizeof(u64))

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
	struct worker *w = kzalloc_node(sizeof(*w), ROOM_OWN, node);
	enum result_op op;
	bool whole = true;

	if (!w)
		return NULL;

	for (op = 0; op < OPS; op++) {
		struct hist *h = kvmalloc_node(sizeof(*h), ROOM_OWN, node);

		if (h)
			hist_init(h);
		w->recorded.hist[op] = h;
		w->ticks[op] = kmalloc_node(TICKS_BYTES, ROOM_OWN, node);
		whole &= h && w->ticks[op];
	}
	w->tail = kvmalloc_node(sizeof(*w->tail), ROOM_OWN, node);
	if (!whole || !w->tail) {
		worker_free(w);
		return NULL;
	}
	w->cpu = cpu;
	w->recorded.cpu = cpu;
	init_completion(&w->entered);
	return w;
}

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

/* Whole cache lines, so that no two workers write to one. */
static void *line_array(u64 n, size_t size)
{
	return kvcalloc(size_add(size_mul(n, size) / SMP_CACHE_BYTES, 1),
			SMP_CACHE_BYTES, ROOM_OWN);
}

static int get_slots(struct worker *w, const struct job *job)
{
	const u64 n = job->slots;
	bool whole;

	forget_slots(w);
	w->n_slots = n;
	w->slots = line_array(n, sizeof(*w->slots));
	whole = !!w->slots;
	if (job->alloc->cookies) {
		w->cookies = line_array(size_mul(n, job->alloc->cookies),
					sizeof(*w->cookies));
		whole &= !!w->cookies;
	}
	if (job->mix > 1) {
		w->sizes = line_array(n, sizeof(*w->sizes));
		whole &= !!w->sizes;
	}
	if (job->order == ORDER_RANDOM) {
		w->shuffled = line_array(n, sizeof(*w->shuffled));
		whole &= !!w->shuffled;
	}
	return whole ? 0 : -ENOMEM;
}

static void reset(struct worker *w)
{
	enum result_op op;

	for (op = 0; op < OPS; op++)
		hist_clear(w->recorded.hist[op]);
	memset(w->ring, 0, sizeof(w->ring));
	memset(&w->last, 0, sizeof(w->last));
	w->tail->n = 0;
	w->filled = 0;
	w->emptied = 0;
	w->full = false;
	w->drawn = false;
	w->over = false;
	w->low = false;
	w->looked = false;
	w->moved = 0;
	w->drained = 0;
	w->tried = 0;
	w->fail = 0;
	w->fell = 0;
	w->examined = 0;
	w->gets = 0;
	w->puts = 0;
	w->wall = 0;
	w->seen = 0;
	w->still = 0;
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
		.ask = { .gfp = job->gfp, .node = job->node, .state = &w->state },
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

/**
 * worker_evict() - read so much memory that the caches hold nothing else
 * @w: worker; gives up when it shall stop
 *
 * Context: process, may sleep.
 */
void worker_evict(struct worker *w)
{
	const struct job *job = w->job;
	size_t i;

	for (i = 0; i < job->evict_bytes; i += SMP_CACHE_BYTES) {
		READ_ONCE(job->evict[i]);
		if (i & (SZ_1M - 1))
			continue;
		if (job_ends(job))
			return;
		cond_resched();
	}
}

/**
 * worker_room() - how much a worker may allocate before it looks again
 * @w: worker; remembers what is short
 * @unit: objects that it allocates without a look between them
 *
 * Context: process.
 * Return: units, 0 if so little is left that it is for others.
 */
unsigned int worker_room(struct worker *w, u64 unit)
{
	return room_for(&w->job->room, unit, &w->lack);
}
