/* SPDX-License-Identifier: GPL-2.0 */
#ifndef KALLOCBENCH_FACT_H
#define KALLOCBENCH_FACT_H

#include "result.h"

void kab_fact_learn_slots(void);
u64 kab_fact_slots_padded(void);
bool kab_fact_padded_sizes(struct text *t);
void kab_fact_find(const struct plan *plan, const struct plan_cell *at, u64 each,
		   bool largest, struct result_fact *f);

#endif
