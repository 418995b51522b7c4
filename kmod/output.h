/* SPDX-License-Identifier: GPL-2.0 */
#ifndef KALLOCBENCH_OUTPUT_H
#define KALLOCBENCH_OUTPUT_H

#include "result.h"
#include "text.h"

/**
 * struct output - what a run leaves
 * @results: report for machines
 * @summary: report for people
 * @properties: facts for people
 */
struct output {
	struct text *results;
	struct text *summary;
	struct text *properties;
};

int kab_output_create(struct output *out);
void kab_output_put(struct output *out);
bool kab_output_full(const struct output *out);
void kab_output_head(struct output *out, const struct result_clock *clock,
		     const char *param);
void kab_output_cell(struct output *out, const struct result_cell *cell,
		     const struct plan_cell *previous,
		     const struct result_clock *clock);
void kab_output_end(struct output *out, const struct result_total *total,
		    const struct result_clock *clock);
int kab_output_idle(struct output *out, bool insn);

#endif
