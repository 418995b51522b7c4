/* SPDX-License-Identifier: GPL-2.0 */
#ifndef KALLOCBENCH_RUN_H
#define KALLOCBENCH_RUN_H

#include <linux/types.h>

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
 * @abort: set to stop the run
 * @began: there will be results, if only that the run was stopped
 * @cell: finished cells
 * @cells: cells of the plan
 * @started_ns: ktime_get_ns() at the beginning
 * @held_bytes: most memory that live objects take at once
 * @estimate_bytes: the same as it was thought before objects were looked at
 * @recorder_bytes: memory of the module's own
 *
 * @abort and @cell are written by one side and read by the other without a lock:
 * each by itself is right, they do not have to agree. @began is the run's own;
 * the rest is its caller's, who keeps it under a lock.
 */
struct run_progress {
	bool abort;
	bool began;
	unsigned int cell;
	unsigned int cells;
	u64 started_ns;
	u64 held_bytes;
	u64 estimate_bytes;
	u64 recorder_bytes;
};

void kab_output_put(struct output *out);
int kab_output_create(struct output *out);
int kab_output_idle(struct output *out, bool insn);
void kab_run_plan(const struct plan *plan, bool insn, struct run_progress *progress,
		  struct output *out, struct refusal *error);

#endif
