/* SPDX-License-Identifier: GPL-2.0 */
#ifndef KALLOCBENCH_REPORT_H
#define KALLOCBENCH_REPORT_H

#include "result.h"
#include "text.h"

const char *report_op(enum result_op op);
const char *report_state(enum result_state state);
const char *report_run_state(enum result_state state);
const char *report_cause(enum tail_cause cause);

void report_head(struct text *t, const struct result_head *head);
void report_cell(struct text *t, const struct result_cell *cell);
void report_end(struct text *t, const struct result_total *total);

#endif
