/* SPDX-License-Identifier: GPL-2.0 */
#ifndef KALLOCBENCH_VERDICT_H
#define KALLOCBENCH_VERDICT_H

#include "frag.h"
#include "plan.h"
#include "result.h"
#include "worker.h"

/**
 * struct verdict - how a cell ended
 * @state: state
 * @broken: a self-check did not hold, or the machine changed: the run fails
 * @reason: why, when @state is not STATE_OK
 */
struct verdict {
	enum result_state state;
	bool broken;
	char reason[160];
};

const char *verdict_stop(enum worker_stop stop);
void verdict_find(struct verdict *verdict, const struct plan *plan,
		  struct worker *const *workers, unsigned int n_workers);
void verdict_frag(struct verdict *verdict, const struct plan *plan,
		  const struct frag *frag);

#endif
