/* SPDX-License-Identifier: GPL-2.0 */
#ifndef KALLOCBENCH_NAME_H
#define KALLOCBENCH_NAME_H

#include "value.h"

int name_list(const struct value_parse *p, struct span list,
	      const struct vocab_list *vocab, struct plan_names *names);
int name_flags(const struct value_parse *p, struct span list);

#endif
