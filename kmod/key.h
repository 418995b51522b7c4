/* SPDX-License-Identifier: GPL-2.0 */
#ifndef KALLOCBENCH_KEY_H
#define KALLOCBENCH_KEY_H

#include "value.h"

/**
 * struct plan_row - one row of the parameter table
 * @name: left of the equals sign
 * @initial: default as a user would write it, NULL for the first online CPU
 * @parse: understands a value; those with a single number return it
 * @rule: what values @parse takes
 * @about: half a line for help
 */
struct plan_row {
	const char *name;
	const char *initial;
	int (*parse)(const struct value_parse *p, struct span value,
		     const struct value_rule *rule, u64 *number);
	struct value_rule rule;
	const char *about;
};

extern const struct plan_row plan_rows[PLAN_KEYS];

void key_help(struct text *t, const struct vocab *vocab);

#endif
