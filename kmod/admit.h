/* SPDX-License-Identifier: GPL-2.0 */
#ifndef KALLOCBENCH_ADMIT_H
#define KALLOCBENCH_ADMIT_H

#include <linux/types.h>

#include "plan.h"

/**
 * struct admit_last - what was found last: cells of one kind follow each other
 * @at: one of them
 * @each: bytes that an object takes, 0 before the first
 * @until: nothing is probed after these jiffies, 0 for no end
 */
struct admit_last {
	struct plan_cell at;
	u64 each;
	unsigned long until;
};

/**
 * struct admit_memory - what a plan takes
 * @held: bytes of live objects at once, at most
 * @estimate: the same before real objects were probed
 * @recorder: bytes of the module's own
 */
struct admit_memory {
	u64 held;
	u64 estimate;
	u64 recorder;
};

u64 kab_admit_each(struct admit_last *last, const struct plan *plan,
		   const struct plan_cell *at);
int kab_admit_memory(const struct plan *plan, struct admit_memory *memory,
		     struct refusal *error);

/* By more than a tenth. */
static inline bool admit_exceeds(u64 taken, u64 estimate)
{
	return taken > estimate && taken - estimate > estimate / 10;
}

static inline bool admit_differs(u64 taken, u64 estimate)
{
	return admit_exceeds(taken, estimate) || admit_exceeds(estimate, taken);
}

#endif
