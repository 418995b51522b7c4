/* SPDX-License-Identifier: GPL-2.0 */
#ifndef KALLOCBENCH_GATHER_H
#define KALLOCBENCH_GATHER_H

#include "crew.h"
#include "result.h"

/**
 * struct gather - room for what the workers of a cell have recorded
 * @merged: the samples of all
 * @workers: the samples of each, as the report wants them
 */
struct gather {
	struct result_worker merged;
	struct result_worker *workers;
};

int gather_open(struct gather *g, unsigned int n_workers);
void gather_close(struct gather *g);
void gather_cell(struct gather *g, const struct crew *crew,
		 struct result_cell *cell, struct result_total *total);
void gather_tails(const struct crew *crew, struct result_cell *cell);

#endif
