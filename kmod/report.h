/* SPDX-License-Identifier: GPL-2.0 */
#ifndef KALLOCBENCH_REPORT_H
#define KALLOCBENCH_REPORT_H

#include "result.h"
#include "text.h"

const char *report_op(enum result_op op);
const char *report_state(enum result_state state);

void report_head(struct text *t, const struct result_head *head);
void report_cell(struct text *t, const struct result_cell *cell);
void report_end(struct text *t, const struct result_total *total);

void report_summary_head(struct text *t, const struct result_head *head);
void report_summary_cell(struct text *t, const struct result_cell *cell,
			 const struct plan_cell *previous,
			 const struct result_clock *clock);
void report_summary_end(struct text *t, const struct result_total *total,
			const struct result_clock *clock);

#endif
