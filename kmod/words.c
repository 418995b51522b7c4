// SPDX-License-Identifier: GPL-2.0
/*
 * words - one word of a line -> numbers, sizes, names, CPUs. Pure.
 *
 * Words are C strings in a copy of the line. A word that is not understood is
 * refused, see refusal.c; none is corrected.
 */
#include <linux/bitmap.h>
#include <linux/bitops.h>
#include <linux/ctype.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/kstrtox.h>
#include <linux/limits.h>
#include <linux/log2.h>
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/string.h>

#include "words.h"

/* Sentences that more than one kind of list needs. */
#define WORD_COMMA	"empty list member: a comma too many"
#define WORD_BACKWARDS	"the range runs backwards: write the smaller number first"
#define WORD_ALL_ALONE	"\"all\" stands alone"

static int read_decimal(const struct words *w, char *word,
			const struct word_rule *rule, u64 *number)
{
	const size_t digits = strspn(word, WORD_DIGITS);

	if (!digits || word[digits])
		return kab_refuse_number(w, word, rule->word);
	if (kstrtou64(word, 10, number) || *number < rule->lo ||
	    *number > rule->hi)
		return refuse_word(w, word, "out of range %llu..%llu",
				   rule->lo, rule->hi);
	return 0;
}

/* A number of bytes with a suffix, in either case. */
static int read_size(const struct words *w, char *word,
		     const struct word_rule *rule, u64 *bytes)
{
	static const char suffixes[] = "KMGT";
	const size_t digits = strspn(word, WORD_DIGITS);
	const char after = word[digits];
	const char *suffix = after ? strchr(suffixes, toupper(after)) : NULL;
	const unsigned int shift = suffix ? 10 * (suffix - suffixes + 1) : 0;
	bool wide;

	if (!digits || word[digits + !!suffix])
		return kab_refuse_size(w, word);

	word[digits] = '\0';
	wide = kstrtou64(word, 10, bytes) || *bytes > U64_MAX >> shift;
	word[digits] = after;
	*bytes <<= shift;
	if (wide || *bytes < rule->lo || *bytes > rule->hi)
		return refuse_word(w, word, "out of range %llu..%lluG bytes",
				   rule->lo, rule->hi >> 30);
	return 0;
}

static int read_choice(const struct words *w, const char *word,
		       const struct word_rule *rule, u64 *choice)
{
	const int found = match_string(rule->choices, -1, word);
	char known[64];
	struct text t;
	unsigned int i;

	if (found >= 0) {
		*choice = found;
		return 0;
	}
	kab_text_init(&t, known, sizeof(known));
	for (i = 0; rule->choices[i]; i++)
		kab_text_printf(&t, "%s%s", i ? ", " : "", rule->choices[i]);
	return refuse_word(w, word, "not one of %s", known);
}

/**
 * kab_word_number() - understand a value that is a single number
 * @w: text that the word is in
 * @word: word
 * @rule: what is taken
 * @number: result: a number, bytes, or the index of a choice
 *
 * Context: any.
 * Return: 0 or -EINVAL.
 */
int kab_word_number(const struct words *w, char *word,
		    const struct word_rule *rule, u64 *number)
{
	if (rule->word && !strcmp(word, rule->word)) {
		*number = rule->word_value;
		return 0;
	}
	switch (rule->kind) {
	case WORD_SIZE:
		return read_size(w, word, rule, number);
	case WORD_CHOICE:
		return read_choice(w, word, rule, number);
	default:
		return read_decimal(w, word, rule, number);
	}
}

static u64 last_size(const struct word_range *r)
{
	return word_range_size(r, r->count - 1);
}

static bool range_has(const struct word_range *r, u64 size)
{
	if (size < r->lo || size > last_size(r))
		return false;
	if (!r->step)
		return is_power_of_2(size);
	return !((size - r->lo) - div64_u64(size - r->lo, r->step) * r->step);
}

/*
 * Walks the shorter range. All ranges together hold at most WORD_SIZES_COMPARED
 * sizes when this is called, so the whole line costs some million divisions at
 * the very worst.
 */
static bool ranges_meet(const struct word_range *a, const struct word_range *b)
{
	u64 i;

	if (a->count > b->count)
		swap(a, b);
	if (last_size(a) < b->lo || a->lo > last_size(b))
		return false;
	for (i = 0; i < a->count; i++) {
		if (range_has(b, word_range_size(a, i)))
			return true;
	}
	return false;
}

static bool given_before(const struct word_sizes *sizes,
			 const struct word_range *r)
{
	unsigned int i;

	if (sizes->total + r->count > WORD_SIZES_COMPARED)
		return false;
	for (i = 0; i < sizes->n; i++) {
		if (ranges_meet(r, &sizes->range[i]))
			return true;
	}
	return false;
}

/* lo..hi and lo..hi+step; the word is cut apart. */
static int read_range(const struct words *w, char *word, char *dots,
		      const struct word_rule *rule, struct word_range *r)
{
	const size_t width = strlen(word);
	char *step = dots + 2;
	char *top = strsep(&step, "+");
	u64 hi;
	int err;

	if (strstr(top, ".."))
		return kab_refuse_at(w, word, width,
				     "a range has two ends: lo..hi");
	*dots = '\0';
	err = read_size(w, word, rule, &r->lo);
	if (!err)
		err = read_size(w, top, rule, &hi);
	if (!err && step)
		err = read_size(w, step, rule, &r->step);
	if (err)
		return err;

	if (r->lo > hi)
		return kab_refuse_at(w, word, width, WORD_BACKWARDS);
	if (!r->step && !(is_power_of_2(r->lo) && is_power_of_2(hi)))
		return kab_refuse_at(w, word, width,
				     "lo..hi takes powers of two, otherwise give a step: lo..hi+step");
	r->count = 1 + (r->step ? div64_u64(hi - r->lo, r->step) :
				  ilog2(hi) - ilog2(r->lo));
	return 0;
}

/**
 * kab_word_sizes() - understand a list of sizes and of ranges of sizes
 * @w: list, cut into its words
 * @rule: smallest and largest size in bytes
 * @sizes: result
 *
 * Context: any.
 * Return: 0 or -EINVAL.
 */
int kab_word_sizes(const struct words *w, const struct word_rule *rule,
		   struct word_sizes *sizes)
{
	char *word, *dots, *rest = w->start;
	int err;

	sizes->n = 0;
	sizes->total = 0;
	while ((word = strsep(&rest, ","))) {
		const size_t width = strlen(word);
		struct word_range r = { .count = 1 };

		if (!width)
			return refuse_word(w, word, WORD_COMMA);
		dots = strstr(word, "..");
		err = dots ? read_range(w, word, dots, rule, &r) :
			     read_size(w, word, rule, &r.lo);
		if (err)
			return err;
		if (given_before(sizes, &r))
			return kab_refuse_at(w, word, width, "given twice");
		sizes->range[sizes->n++] = r;
		sizes->total += r.count;
	}
	return 0;
}

static int add_name(const struct words *w, const char *word,
		    const struct vocab_list *vocab, struct word_names *names)
{
	const int found = vocab_find(vocab, word);
	unsigned int i;

	if (!*word)
		return refuse_word(w, word, WORD_COMMA);
	if (!strcmp(word, "all"))
		return refuse_word(w, word, WORD_ALL_ALONE);
	if (found < 0)
		return kab_refuse_name(w, word, vocab);
	if (vocab_at(vocab, found)->absent)
		return refuse_word(w, word, "not on this kernel: %s",
				   vocab_at(vocab, found)->absent);
	for (i = 0; i < names->n; i++) {
		if (names->index[i] == found)
			return refuse_word(w, word, "given twice");
	}
	names->index[names->n++] = found;
	return 0;
}

/**
 * kab_word_names() - understand a list of names, or "all"
 * @w: list, cut into its words
 * @vocab: the names there are
 * @names: result
 *
 * Context: any.
 * Return: 0 or -EINVAL.
 */
int kab_word_names(const struct words *w, const struct vocab_list *vocab,
		   struct word_names *names)
{
	char *word, *rest = w->start;
	unsigned int i;
	int err = 0;

	names->n = 0;
	if (!strcmp(rest, "all")) {
		for (i = 0; i < vocab->n; i++) {
			if (!vocab_at(vocab, i)->absent)
				names->index[names->n++] = i;
		}
		return 0;
	}
	while (!err && (word = strsep(&rest, ",")))
		err = add_name(w, word, vocab, names);
	return err;
}

/* A member is its own name, too, and so stays whole. */
static int or_flags(const struct words *w, char *member,
		    const struct vocab_list *vocab, u64 *bits)
{
	char *word;
	int found;

	*bits = 0;
	while ((word = strsep(&member, "|"))) {
		if (!*word)
			return refuse_word(w, word,
					   "a flag is missing here: a | or a comma too many");
		found = vocab_find(vocab, word);
		if (found < 0 && strchr(word, '+'))
			return refuse_word(w, word, "flags are or-ed by |");
		if (found < 0)
			return kab_refuse_name(w, word, vocab);
		if (!(vocab_at(vocab, found)->bits & ~*bits))
			return refuse_word(w, word, "adds nothing to the flags before it");
		*bits |= vocab_at(vocab, found)->bits;
		if (member)
			member[-1] = '|';
	}
	return 0;
}

/**
 * kab_word_flags() - understand a list of GFP flags or-ed by |
 * @w: list, cut into its members, which stay as the names of @flags
 * @vocab: the flags there are
 * @flags: result
 *
 * Context: any.
 * Return: 0 or -EINVAL.
 */
int kab_word_flags(const struct words *w, const struct vocab_list *vocab,
		   struct word_flags_list *flags)
{
	char *word, *rest = w->start;
	unsigned int i;
	u64 bits;
	int err;

	flags->n = 0;
	while ((word = strsep(&rest, ","))) {
		err = or_flags(w, word, vocab, &bits);
		if (err)
			return err;
		for (i = 0; i < flags->n; i++) {
			if (flags->member[i].bits == bits)
				return refuse_word(w, word, "given twice");
		}
		flags->member[flags->n++] = (struct word_flags){ bits, word };
	}
	return 0;
}

static int add_cpus(const struct words *w, char *word,
		    const unsigned long *online, unsigned int nr,
		    unsigned long *cpus)
{
	const struct word_rule rule = { .hi = nr - 1 };
	const size_t width = strlen(word);
	char *last = word;
	u64 lo = 0, hi;
	int err;

	if (!width)
		return refuse_word(w, word, WORD_COMMA);
	if (!strcmp(word, "all"))
		return refuse_word(w, word, WORD_ALL_ALONE);
	if (strstr(word, ".."))
		return refuse_word(w, word, "a range of CPUs is written lo-hi");
	err = read_decimal(w, strsep(&last, "-"), &rule, &lo);
	hi = lo;
	if (!err && last)
		err = read_decimal(w, last, &rule, &hi);
	if (err)
		return err;
	if (lo > hi)
		return kab_refuse_at(w, word, width, WORD_BACKWARDS);
	for (; lo <= hi; lo++) {
		if (!test_bit(lo, online))
			return kab_refuse_at(w, word, width,
					     "CPU %llu is not online", lo);
		if (__test_and_set_bit(lo, cpus))
			return kab_refuse_at(w, word, width,
					     "CPU %llu given twice", lo);
	}
	return 0;
}

/**
 * kab_word_cpus() - understand "all", or a list as in cpuset files (0-3,8)
 * @w: list, cut into its words
 * @online: bitmap of the CPUs there are
 * @nr: bits at @online
 * @cpus: empty bitmap, filled; not shorter
 *
 * Context: any.
 * Return: 0 or -EINVAL.
 */
int kab_word_cpus(const struct words *w, const unsigned long *online,
		  unsigned int nr, unsigned long *cpus)
{
	char *word, *rest = w->start;
	int err = 0;

	if (!strcmp(rest, "all")) {
		bitmap_copy(cpus, online, nr);
		return 0;
	}
	while (!err && (word = strsep(&rest, ",")))
		err = add_cpus(w, word, online, nr, cpus);
	return err;
}
