/* SPDX-License-Identifier: GPL-2.0 */
#ifndef KALLOCBENCH_PROBE_H
#define KALLOCBENCH_PROBE_H

#include "plan.h"

/**
 * struct probe_last - what was found last: cells of one kind follow each other
 * @at: one of them
 * @each: bytes that an object takes, 0 before the first
 * @until: nothing is looked at after these jiffies, 0 for no end
 */
struct probe_last {
	struct plan_cell at;
	u64 each;
	unsigned long until;
};

u64 probe_each(struct probe_last *last, const struct plan *plan,
	       const struct plan_cell *at, const bool *abort);
bool probe_differs(u64 taken, u64 estimate);

#endif
