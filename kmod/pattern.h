/* SPDX-License-Identifier: GPL-2.0 */
#ifndef KALLOCBENCH_PATTERN_H
#define KALLOCBENCH_PATTERN_H

#include <linux/types.h>

#include "plan.h"

struct worker;

/**
 * struct pattern - an order of calls
 * @name: in parameter lines and results
 * @about: half a line for help
 * @keys: BIT() of each enum plan_key that it uses
 * @burst: makes calls; runs in the cell's context and must be short
 */
struct pattern {
	const char *name;
	const char *about;
	u64 keys;
	void (*burst)(struct worker *w);
};

extern const struct pattern patterns[];
extern const unsigned int patterns_count;

#endif
