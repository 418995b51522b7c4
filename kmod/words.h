/* SPDX-License-Identifier: GPL-2.0 */
#ifndef KALLOCBENCH_WORDS_H
#define KALLOCBENCH_WORDS_H

#include <linux/types.h>

#include "refusal.h"
#include "vocab.h"

#define WORD_LINE_MAX	4095

/* Bounds that a line of 4,095 bytes cannot pass: "1,", "GFP_DMA,", "pair,". */
#define WORD_SIZES_MAX	(WORD_LINE_MAX / 2 + 1)
#define WORD_FLAGS_MAX	(WORD_LINE_MAX / 8 + 1)
#define WORD_NAMES_MAX	128

/* No plan takes more sizes: beyond that they are not compared. */
#define WORD_SIZES_COMPARED	65536

/* A value is a list, or a single number in one of three forms. */
enum word_kind {
	WORD_LIST,
	WORD_NUMBER,
	WORD_SIZE,
	WORD_CHOICE,
};

/**
 * struct word_rule - which values a key takes
 * @kind: what they are
 * @lo: smallest number
 * @hi: largest number
 * @word: a word that may stand for a number, or NULL
 * @word_value: the number that @word stands for
 * @choices: NULL-ended words instead of numbers, or NULL
 */
struct word_rule {
	enum word_kind kind;
	u64 lo;
	u64 hi;
	const char *word;
	u64 word_value;
	const char *const *choices;
};

/**
 * struct word_names - names that were chosen from a vocab_list
 * @index: positions in the list, in the order they were given
 * @n: number of names
 */
struct word_names {
	u16 index[WORD_NAMES_MAX];
	unsigned int n;
};

/**
 * struct word_range - a range of sizes
 * @lo: first size in bytes
 * @step: bytes from one size to the next, 0 to double
 * @count: number of sizes
 */
struct word_range {
	u64 lo;
	u64 step;
	u64 count;
};

/* The @i-th of @r->count sizes, in bytes. */
static inline u64 word_range_size(const struct word_range *r, u64 i)
{
	return r->step ? r->lo + i * r->step : r->lo << i;
}

/**
 * struct word_sizes - a list of sizes
 * @range: its members; a single size is a range of one
 * @n: number of members
 * @total: number of sizes
 */
struct word_sizes {
	struct word_range range[WORD_SIZES_MAX];
	unsigned int n;
	u64 total;
};

/**
 * struct word_flags - GFP flags, or-ed
 * @bits: the gfp_t
 * @name: as they were written
 */
struct word_flags {
	u64 bits;
	const char *name;
};

/**
 * struct word_flags_list - a list of GFP flags
 * @member: its members
 * @n: number of members
 */
struct word_flags_list {
	struct word_flags member[WORD_FLAGS_MAX];
	unsigned int n;
};

int kab_word_number(const struct words *w, char *word,
		    const struct word_rule *rule, u64 *number);
int kab_word_sizes(const struct words *w, const struct word_rule *rule,
		   struct word_sizes *sizes);
int kab_word_names(const struct words *w, const struct vocab_list *vocab,
		   struct word_names *names);
int kab_word_flags(const struct words *w, const struct vocab_list *vocab,
		   struct word_flags_list *flags);
int kab_word_cpus(const struct words *w, const unsigned long *online,
		  unsigned int nr, unsigned long *cpus);

#endif
