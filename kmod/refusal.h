/* SPDX-License-Identifier: GPL-2.0 */
#ifndef KALLOCBENCH_REFUSAL_H
#define KALLOCBENCH_REFUSAL_H

#include "plan.h"
#include "text.h"

void refusal_write(struct text *t, const struct plan_error *error,
		   const char *line, size_t len);

#endif
