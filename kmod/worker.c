// SPDX-License-Identifier: GPL-2.0
/*
 * worker - a pinned thread, its memory, and what it keeps of its samples.
 */
#include <linux/bitops.h>
#include <linux/build_bug.h>
#include <linux/err.h>
#include <linux/overflow.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/topology.h>

#include "compat.h"
#include "counters.h"
#include "worker.h"

static_assert(WORKER_CHUNK <= COUNTERS_CHUNK);

static void free_slots(struct worker *w)
{
	kvfree(w->slots);
	kvfree(w->cookies);
	kvfree(w->sizes);
	kvfree(w->shuffled);
}

static void worker_destroy(struct worker *w)
{
	enum result_op op;

	if (!IS_ERR_OR_NULL(w->thread))
		kthread_destroy_worker(w->thread);
	for (op = 0; op < OPS; op++)
		kvfree(w->hists[op]);
	free_slots(w);
	kab_counters_close(w->counters);
	kvfree(w->tail);
	kvfree(w);
}

static struct worker *worker_create(const struct plan *plan, unsigned int cpu)
{
	int node = cpu_to_node(cpu);
	struct worker *w = kvzalloc_node(sizeof(*w), OWN_GFP, node);
	struct refusal why;

	if (!w)
		return NULL;
	w->cpu = cpu;
	w->tail = kvmalloc_node(sizeof(*w->tail), OWN_GFP, node);
	w->thread = compat_worker_on_cpu(cpu);
	if (plan->counters.n)
		w->counters = kab_counters_open(plan, cpu, w->n, &why);
	if (w->tail && !IS_ERR(w->thread) &&
	    (w->counters || !plan->counters.n))
		return w;
	worker_destroy(w);
	return NULL;
}

/* Whole cache lines, so that no two workers write to one. */
static void *line_array(u64 n, size_t size, bool *whole)
{
	void *array;

	if (!size)
		return NULL;
	array = kvcalloc(size_add(size_mul(n, size) / SMP_CACHE_BYTES, 1),
			 SMP_CACHE_BYTES, OWN_GFP);
	*whole &= !!array;
	return array;
}

static int alloc_slots(struct worker *w, const struct job *job)
{
	const u64 n = job->need.slots;
	bool whole = true;

	free_slots(w);
	w->slots = line_array(n, sizeof(*w->slots), &whole);
	w->cookies = line_array(n, job->alloc->cookies * sizeof(*w->cookies),
				&whole);
	w->sizes = line_array(n, job->need.mix > 1 ? sizeof(*w->sizes) : 0, &whole);
	w->shuffled = line_array(n, job->need.order == ORDER_RANDOM ?
				 sizeof(*w->shuffled) : 0, &whole);
	return whole ? 0 : -ENOMEM;
}

/* Those that a cell of the run had before are used again. */
static int alloc_hists(struct worker *w, unsigned int ops)
{
	enum result_op op;

	for (op = 0; op < OPS; op++) {
		if (!(ops & BIT(op)))
			continue;
		if (!w->hists[op])
			w->hists[op] = kvzalloc_node(sizeof(*w->hists[op]),
						     OWN_GFP,
						     cpu_to_node(w->cpu));
		if (!w->hists[op])
			return -ENOMEM;
		w->recorded.hist[op] = w->hists[op];
	}
	return 0;
}

static int worker_prepare(struct worker *w, struct job *job)
{
	memset_startat(w, 0, job);
	w->job = job;
	w->state = job->state;
	w->state.frag = &w->frag;
	w->burst.ask = (struct ask){
		.gfp = job->gfp,
		.node = job->need.room.node, .state = &w->state,
	};
	w->burst.cookie_words = job->alloc->cookies;
	w->burst.counters = w->counters;
	w->recorded.cpu = w->cpu;
	w->recorded.tail = w->tail;
	w->tail->n = 0;
	kab_counters_prepare(w->counters, job->ops, &w->recorded);
	prandom_seed_state(&w->random, job->plan->number[PLAN_SEED] + w->cpu);
	return alloc_hists(w, job->ops) ?: alloc_slots(w, job);
}

/**
 * kab_crew_close() - end the workers
 * @crew: crew
 *
 * Context: process, may sleep.
 */
void kab_crew_close(struct crew *crew)
{
	while (crew->n)
		worker_destroy(crew->workers[--crew->n]);
	kvfree(crew->workers);
}

/**
 * kab_crew_open() - start a worker on each CPU of a plan
 * @crew: filled
 * @plan: plan
 *
 * Context: process, may sleep.
 * Return: 0, or -ENOMEM with what kab_crew_close() ends.
 */
int kab_crew_open(struct crew *crew, const struct plan *plan)
{
	unsigned int cpu;

	crew->n = 0;
	crew->workers = kvcalloc(plan->n_cpus, sizeof(*crew->workers),
				 OWN_GFP);
	if (!crew->workers)
		return -ENOMEM;

	for_each_set_bit(cpu, plan->cpus, PLAN_CPUS_MAX) {
		struct worker *w = worker_create(plan, cpu);

		if (!w)
			return -ENOMEM;
		crew->workers[crew->n++] = w;
	}
	return 0;
}

static unsigned int ops_of(const struct job *job)
{
	unsigned int ops = BIT(OP_ALLOC) | BIT(OP_FREE);

	if (job->need.calls && !(job->pattern->traits & PATTERN_TURNS))
		ops = BIT(OP_PAIR);
	if (job->need.touch_step)
		ops |= BIT(OP_TOUCH) | BIT(OP_RETOUCH);
	if (job->alloc->traits & ALLOC_SETTLES)
		ops |= BIT(OP_SETTLE);
	return ops;
}

/**
 * kab_crew_prepare() - make the workers ready for a job
 * @crew: crew
 * @job: job
 *
 * Context: process, may sleep.
 * Return: 0 or -ENOMEM.
 */
int kab_crew_prepare(struct crew *crew, struct job *job)
{
	unsigned int i;
	int err = 0;

	job->ops = ops_of(job);
	for (i = 0; i < crew->n && !err; i++) {
		err = worker_prepare(crew->workers[i], job);
		crew->workers[i]->neighbour =
			crew->workers[(i + crew->n - 1) % crew->n];
	}
	return err;
}
