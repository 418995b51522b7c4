/* SPDX-License-Identifier: GPL-2.0 */
#ifndef KALLOCBENCH_VERDICT_H
#define KALLOCBENCH_VERDICT_H

#include "worker.h"
#include "frag.h"
#include "plan.h"
#include "result.h"

const char *kab_verdict_stop(enum worker_stop stop);
void kab_verdict_fail(struct result_cell *cell, const char *why);
bool kab_verdict_find(struct result_cell *cell, const struct plan *plan,
		      const struct crew *crew);
void kab_verdict_frag(struct result_cell *cell, const struct plan *plan,
		      const struct frag *frag);

#endif
