/* SPDX-License-Identifier: GPL-2.0 */
#ifndef KALLOCBENCH_VALUE_H
#define KALLOCBENCH_VALUE_H

#include "plan.h"

/**
 * struct value_parse - what the parsers of a line share
 * @plan: filled as words are understood
 * @vocab: names of this machine
 * @error: why the line is refused
 */
struct value_parse {
	struct plan *plan;
	const struct vocab *vocab;
	struct plan_error *error;
};

/**
 * struct value_rule - which values a key takes
 * @lo: smallest number
 * @hi: largest number
 * @word: a word beside the numbers, or NULL
 * @word_value: the number that @word stands for
 * @choices: NULL-ended words instead of numbers, or NULL
 */
struct value_rule {
	u64 lo;
	u64 hi;
	const char *word;
	u64 word_value;
	const char *const *choices;
};

/* Sentences that more than one kind of list needs. */
#define VALUE_COMMA	"empty list member: a comma too many"
#define VALUE_BACKWARDS	"the range runs backwards: write the smaller number first"

__printf(3, 4) int value_refuse(const struct value_parse *p, struct span word,
				const char *fmt, ...);
bool value_is(struct span word, const char *name);
bool value_next(struct span *rest, const char *separators, struct span *word);
int value_number(const struct value_parse *p, struct span word,
		 const struct value_rule *rule, u64 *number);
int value_size(const struct value_parse *p, struct span word,
	       const struct value_rule *rule, u64 *bytes);
int value_choice(const struct value_parse *p, struct span word,
		 const struct value_rule *rule, u64 *choice);
int value_node(const struct value_parse *p, struct span word, u64 *node);

#endif
