/* SPDX-License-Identifier: GPL-2.0 */
#ifndef KALLOCBENCH_RUN_H
#define KALLOCBENCH_RUN_H

#include <linux/types.h>

#include "admit.h"
#include "plan.h"
#include "text.h"

/**
 * struct output - what a run leaves
 * @results: report for machines
 * @summary: report for people
 * @properties: facts for people
 */
struct output {
	struct text *results;
	struct text *summary;
	struct text *properties;
};

/**
 * struct run_progress - what can be seen of a run from outside
 * @began: there will be results, if only that the run was stopped
 * @cell: finished cells
 * @cells: cells of the plan
 * @started_ns: ktime_get_ns() at the beginning
 * @memory: what the plan takes
 *
 * @cell is written by the run and read by others without a lock. @began is the
 * run's own; the rest is its caller's, who keeps it under a lock.
 */
struct run_progress {
	bool began;
	unsigned int cell;
	unsigned int cells;
	u64 started_ns;
	struct admit_memory memory;
};

void kab_output_put(struct output *out);
int kab_output_idle(struct output *out, bool insn);
void kab_run_plan(const struct plan *plan, bool insn, struct run_progress *progress,
		  struct output *out, struct refusal *error);

#endif
