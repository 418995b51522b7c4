/* SPDX-License-Identifier: GPL-2.0 */
#ifndef KALLOCBENCH_RULES_H
#define KALLOCBENCH_RULES_H

#include "plan.h"

extern const struct vocab_list rules_gfps;

bool rules_refuse(const struct plan *plan, const struct plan_cell *at,
		  struct text *why);
bool rules_process(const struct plan *plan, const struct plan_cell *at);
int rules_cells(const struct plan *plan, struct refusal *error);

#endif
