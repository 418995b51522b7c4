/* SPDX-License-Identifier: GPL-2.0 */
#ifndef KALLOCBENCH_REPORT_H
#define KALLOCBENCH_REPORT_H

#include "result.h"
#include "text.h"

/* The words of the result format; a summary speaks the same language. */
extern const char *const kab_report_ops[];
extern const char *const kab_report_states[];
extern const char *const kab_report_causes[];

void kab_report_head(struct text *t, const struct result_head *head);
void kab_report_cell(struct text *t, const struct result_cell *cell);
void kab_report_end(struct text *t, const struct result_total *total);

#endif
