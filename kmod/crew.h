/* SPDX-License-Identifier: GPL-2.0 */
#ifndef KALLOCBENCH_CREW_H
#define KALLOCBENCH_CREW_H

#include "plan.h"
#include "worker.h"

/**
 * struct crew - the workers of a plan
 * @workers: one for each CPU of the plan
 * @n: how many
 * @abort: stops them when it is set
 */
struct crew {
	struct worker **workers;
	unsigned int n;
	const bool *abort;
};

int crew_open(struct crew *crew, const struct plan *plan, const bool *abort);
void crew_close(struct crew *crew);
int crew_prepare(struct crew *crew, struct job *job, unsigned int n);
void crew_work(struct crew *crew, struct job *job, unsigned int n);

#endif
