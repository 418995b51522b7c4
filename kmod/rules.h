/* SPDX-License-Identifier: GPL-2.0 */
#ifndef KALLOCBENCH_RULES_H
#define KALLOCBENCH_RULES_H

#include "plan.h"

extern const struct vocab_list kab_rules_gfps;

bool kab_rules_refuse(const struct plan *plan, const struct plan_cell *at,
		      struct text *why);
bool kab_rules_process(const struct plan *plan, const struct plan_cell *at);
int kab_rules_cells(const struct plan *plan, struct refusal *error);

#endif
