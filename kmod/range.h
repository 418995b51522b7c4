/* SPDX-License-Identifier: GPL-2.0 */
#ifndef KALLOCBENCH_RANGE_H
#define KALLOCBENCH_RANGE_H

#include "value.h"

u64 range_value(const struct plan_sizes *r, u64 i);
int range_sizes(const struct value_parse *p, struct span list,
		const struct value_rule *rule);
int range_cpus(const struct value_parse *p, struct span list);

#endif
