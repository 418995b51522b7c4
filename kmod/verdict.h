/* SPDX-License-Identifier: GPL-2.0 */
#ifndef KALLOCBENCH_VERDICT_H
#define KALLOCBENCH_VERDICT_H

#include "worker.h"
#include "frag.h"
#include "plan.h"
#include "result.h"

const char *verdict_stop(enum worker_stop stop);
void verdict_fail(struct result_cell *cell, const char *why);
bool verdict_find(struct result_cell *cell, const struct plan *plan,
		  const struct crew *crew);
void verdict_frag(struct result_cell *cell, const struct plan *plan,
		  const struct frag *frag);

#endif
