/* SPDX-License-Identifier: GPL-2.0 */
#ifndef KALLOCBENCH_SUMMARY_H
#define KALLOCBENCH_SUMMARY_H

#include "result.h"
#include "text.h"

void kab_summary_head(struct text *t, const struct result_head *head);
void kab_summary_cell(struct text *t, const struct result_cell *cell,
		      const struct plan_cell *previous,
		      const struct result_clock *clock);
void kab_summary_fact_head(struct text *t);
void kab_summary_fact(struct text *t, const struct result_cell *cell);
void kab_summary_end(struct text *t, const struct result_total *total,
		     const struct result_clock *clock);

#endif
