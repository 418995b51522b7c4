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

int output_create(struct output *out);
void output_put(struct output *out);
bool output_full(const struct output *out);
void output_head(struct output *out, const struct result_clock *clock,
		 const char *param);
void output_cell(struct output *out, const struct result_cell *cell,
		 const struct plan_cell *previous,
		 const struct result_clock *clock);
void output_end(struct output *out, const struct result_total *total,
		const struct result_clock *clock);
int output_idle(struct output *out, bool insn);

#endif
