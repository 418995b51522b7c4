/* SPDX-License-Identifier: GPL-2.0 */
#ifndef KALLOCBENCH_HINT_H
#define KALLOCBENCH_HINT_H

#include "value.h"

unsigned int hint_alike(struct span word, const char *name);
int hint_number(const struct value_parse *p, struct span word,
		const struct value_rule *rule, unsigned int digits);
int hint_size(const struct value_parse *p, struct span word,
	      unsigned int digits);
int hint_blanks(const struct value_parse *p, struct span line);
int hint_character(const struct value_parse *p, struct span rest);

#endif
