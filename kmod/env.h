/* SPDX-License-Identifier: GPL-2.0 */
#ifndef KALLOCBENCH_ENV_H
#define KALLOCBENCH_ENV_H

#include "text.h"

void kab_env_meta(struct text *t);
void kab_env_warn(struct text *t,
		  void (*say)(struct text *t, const char *sentence));

#endif
