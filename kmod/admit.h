/* SPDX-License-Identifier: GPL-2.0 */
#ifndef KALLOCBENCH_ADMIT_H
#define KALLOCBENCH_ADMIT_H

#include <linux/types.h>

#include "plan.h"

/**
 * struct admit_memory - what a plan takes
 * @held: bytes of live objects at once, at most
 * @estimate: the same before real objects were looked at
 * @recorder: bytes of the module's own
 */
struct admit_memory {
	u64 held;
	u64 estimate;
	u64 recorder;
};

bool admit_refuse(const struct plan *plan, const struct plan_cell *at,
		  struct text *why);
bool admit_process(const struct plan *plan, const struct plan_cell *at);
int admit_cells(const struct plan *plan, struct plan_error *error);
int admit_memory(const struct plan *plan, struct admit_memory *memory,
		 const bool *abort, struct plan_error *error);

#endif
