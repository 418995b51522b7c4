// SPDX-License-Identifier: GPL-2.0
/*
 * crew - the workers of a plan, and a job done by all of them.
 */
#include <linux/bitops.h>
#include <linux/completion.h>
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "crew.h"
#include "room.h"

/**
 * crew_close() - end the workers
 * @crew: crew
 *
 * Context: process, may sleep.
 */
void crew_close(struct crew *crew)
{
	unsigned int i;

	for (i = 0; i < crew->n; i++)
		worker_destroy(crew->workers[i]);
	kvfree(crew->workers);
}

/**
 * crew_open() - start a worker on each CPU of a plan
 * @crew: filled
 * @plan: plan
 * @abort: stops the workers when it is set
 *
 * Context: process, may sleep.
 * Return: 0 or a negative errno, with nothing left behind.
 */
int crew_open(struct crew *crew, const struct plan *plan, const bool *abort)
{
	unsigned int cpu;

	crew->abort = abort;
	crew->n = 0;
	crew->workers = kvcalloc(plan->n_cpus, sizeof(*crew->workers),
				 ROOM_OWN);
	if (!crew->workers)
		return -ENOMEM;

	for_each_set_bit(cpu, plan->cpus, PLAN_CPUS_MAX) {
		struct worker *w = worker_create(cpu);

		if (IS_ERR(w)) {
			crew_close(crew);
			return PTR_ERR(w);
		}
		crew->workers[crew->n++] = w;
	}
	return 0;
}

/**
 * crew_prepare() - make workers ready for a job
 * @crew: crew
 * @job: job
 * @n: how many workers, at most @crew->n
 *
 * Context: process, may sleep.
 * Return: 0 or -ENOMEM.
 */
int crew_prepare(struct crew *crew, struct job *job, unsigned int n)
{
	unsigned int i;
	int err = 0;

	for (i = 0; i < n && !err; i++) {
		crew->workers[i]->neighbour = crew->workers[(i + n - 1) % n];
		err = worker_prepare(crew->workers[i], job);
	}
	return err;
}

/**
 * crew_work() - do a job, and wait until it is done
 * @crew: crew
 * @job: job that crew_prepare() has seen
 * @n: how many workers
 *
 * Context: a kernel thread, may sleep. No signal reaches it, and who sleeps
 * interruptibly is not taken for a task that hangs.
 */
void crew_work(struct crew *crew, struct job *job, unsigned int n)
{
	unsigned int i;

	atomic_set(&job->warm, n);
	atomic_set(&job->busy, n);
	atomic_set(&job->inside, n);
	atomic_set(&job->left, n);
	init_completion(&job->done);
	for (i = 0; i < n; i++)
		worker_start(crew->workers[i]);
	while (wait_for_completion_interruptible(&job->done))
		;
}
