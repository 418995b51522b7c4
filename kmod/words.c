// SPDX-License-Identifier: GPL-2.0
/*
 * words - one word of a line -> numbers, sizes, names, CPUs. Pure.
 *
 * Words are C strings in a copy of the line. A word that is not understood is
 * refused with a sentence that says what would be right; none is corrected. What
 * people write instead is known, and only makes the sentence better.
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

#define BLANKS		" \t"
#define DIGITS		"0123456789"

/**
 * kab_word_refuse_at() - note why a word is refused
 * @w: text that the word is in
 * @word: first character
 * @width: characters
 * @fmt: a sentence without the word itself and without a full stop
 *
 * Context: any.
 * Return: -EINVAL, for the caller to return.
 */
int kab_word_refuse_at(const struct words *w, const char *word, size_t width,
		       const char *fmt, ...)
{
	struct refusal *r = w->refusal;
	va_list args;

	r->err = -EINVAL;
	r->column = w->column ? w->column + (word - w->start) : 0;
	r->width = w->column ? width : 0;
	va_start(args, fmt);
	vsnprintf(r->text, sizeof(r->text), fmt, args);
	va_end(args);
	return r->err;
}

/* What editors and web pages make of plain characters, in UTF-8. */
static const struct {
	const char *bytes;
	const char *text;
} strangers[] = {
	{ "\xe2\x80\x90", "not the hyphen of the keyboard: write -" },
	{ "\xe2\x80\x91", "not the hyphen of the keyboard: write -" },
	{ "\xe2\x80\x93", "a dash, not a hyphen: write -" },
	{ "\xe2\x80\x94", "a dash, not a hyphen: write -" },
	{ "\xe2\x88\x92", "a minus sign, not a hyphen: write -" },
	{ "\xe2\x80\xa6", "an ellipsis: write two dots" },
	{ "\xc2\xa0", "a no-break space: write a blank" },
	{ "\xef\xbb\xbf", "a byte order mark: leave it out" },
	{ "\xe2\x80\x98", "no quotes in the line: leave them out" },
	{ "\xe2\x80\x99", "no quotes in the line: leave them out" },
	{ "\xe2\x80\x9c", "no quotes in the line: leave them out" },
	{ "\xe2\x80\x9d", "no quotes in the line: leave them out" },
	{ "\"", "no quotes in the line: leave them out" },
	{ "'", "no quotes in the line: leave them out" },
	{ "\r", "a carriage return: the line ends with a newline alone" },
};

static int check_character(const struct words *w, const char *at)
{
	const unsigned char byte = *at;
	unsigned int i;
	size_t len;

	for (i = 0; i < ARRAY_SIZE(strangers); i++) {
		len = str_has_prefix(at, strangers[i].bytes);
		if (len)
			return kab_word_refuse_at(w, at, len, "%s", strangers[i].text);
	}
	if (byte == '\t' || (byte >= ' ' && byte <= '~'))
		return 0;
	return kab_word_refuse_at(w, at, 1, "byte 0x%02x is not printable ASCII", byte);
}

/* Whether the blank before a word tears apart what belongs together. */
static bool torn(char before, const char *word)
{
	static const char joints[] = ",|=+-.";

	if (*word == '=')
		return true;
	return word[strcspn(word, "=" BLANKS)] != '=' &&
	       (strchr(joints, *word) || strchr(joints, before));
}

/* No blank may be inside a list, as in "kmalloc, vmalloc". */
static int check_blanks(const struct words *w)
{
	const char *word = w->start + strspn(w->start, BLANKS);

	while (*word) {
		const char *end = word + strcspn(word, BLANKS);

		word = end + strspn(end, BLANKS);
		if (*word && torn(end[-1], word))
			return kab_word_refuse_at(w, end, word - end,
						  "a blank ends the value: leave it out here");
	}
	return 0;
}

/**
 * kab_word_check_line() - refuse characters that no line may hold, or not there
 * @w: the line, terminated; its newline is cut off
 * @len: bytes of the line, which may hold zeros
 *
 * Context: any.
 * Return: 0 or -EINVAL.
 */
int kab_word_check_line(const struct words *w, size_t len)
{
	char *newline = memchr(w->start, '\n', len);
	size_t i;
	int err;

	if (newline) {
		const size_t rest = w->start + len - newline - 1;

		if (rest)
			return kab_word_refuse_at(w, newline + 1, rest,
						  "bytes after the newline");
		*newline = '\0';
		len--;
	}
	for (i = 0; i < len; i++) {
		err = check_character(w, w->start + i);
		if (err)
			return err;
	}
	return check_blanks(w);
}

/**
 * kab_word_find() - look a name up
 * @list: names
 * @word: name
 *
 * Context: any.
 * Return: its position in @list, or -1.
 */
int kab_word_find(const struct vocab_list *list, const char *word)
{
	unsigned int i;

	for (i = 0; i < list->n; i++) {
		if (!strcmp(word, list->words[i].name))
			return i;
	}
	return -1;
}

/*
 * Characters that two words begin with in common, whatever their case, if those
 * are more than half of either; else 0.
 */
static unsigned int common_start(const char *word, const char *name)
{
	unsigned int i = 0;

	while (word[i] && tolower(word[i]) == tolower(name[i]))
		i++;
	return 2 * i > max(strlen(word), strlen(name)) ? i : 0;
}

/**
 * kab_word_alike() - find the name that may have been meant
 * @list: names
 * @word: as it was written
 *
 * Context: any.
 * Return: a name, NULL when none looks like @word.
 */
const char *kab_word_alike(const struct vocab_list *list, const char *word)
{
	unsigned int i, alike, most = 0;
	const char *name = NULL;

	for (i = 0; i < list->n; i++) {
		alike = list->words[i].absent ? 0 :
			common_start(word, list->words[i].name);
		if (alike > most) {
			most = alike;
			name = list->words[i].name;
		}
	}
	return name;
}

/**
 * kab_word_known() - list names, as many as fit
 * @t: empty text of a fixed size
 * @list: names
 *
 * Context: any.
 */
void kab_word_known(struct text *t, const struct vocab_list *list)
{
	static const char more[] = ", ... (all of them: help)";
	unsigned int i;

	for (i = 0; i < list->n; i++) {
		const char *name = list->words[i].name;

		if (list->words[i].absent)
			continue;
		/* After ", " and the name there must be room for @more. */
		if (t->len + 2 + strlen(name) + sizeof(more) > t->cap) {
			kab_text_printf(t, "%s", more);
			break;
		}
		kab_text_printf(t, "%s%s", t->len ? ", " : "", name);
	}
}

/**
 * kab_word_unknown() - refuse a name that is in no list
 * @w: text that it is in
 * @word: as it was written
 * @list: names that could have been meant
 * @known: the same as text
 *
 * Context: any.
 * Return: -EINVAL.
 */
int kab_word_unknown(const struct words *w, const char *word,
		     const struct vocab_list *list, const char *known)
{
	const char *meant = kab_word_alike(list, word);

	return word_refuse(w, word, "unknown %s%s%s%s known are %s", list->kind,
			   meant ? ", did you mean " : "", meant ?: "",
			   meant ? "?" : ";", known);
}

static int refuse_name(const struct words *w, const char *word,
		       const struct vocab_list *list)
{
	char known[160];
	struct text t;

	kab_text_init(&t, known, sizeof(known));
	kab_word_known(&t, list);
	return kab_word_unknown(w, word, list, known);
}

/* What follows the digits, and what is wrong with it. */
struct after_digits {
	const char *characters;
	const char *text;
};

static const struct after_digits after_number[] = {
	{ "eE", "no exponents: write all the digits" },
	{ ".", "no fractions: write a whole number" },
	{ ",", "one number, not a list" },
	{ "_'", "nothing between the digits: write them alone" },
	{ "kKmMgGtT", "no suffix here: write all the digits" },
	{ "-", "one number, not a range" },
	{ ":/", "no strides: write each number" },
	{}
};

static const struct after_digits after_size[] = {
	{ "eE", "no exponents: write all the digits, or a suffix K, M, G or T" },
	{ ".", "no fractions: write a whole number" },
	{ "_'", "nothing between the digits: write them alone" },
	{ "bB", "bytes are meant anyway: leave the B out" },
	{ "-", "a range of sizes is written lo..hi" },
	{}
};

/* Why a word is no number of whatever kind; NULL when that does not show. */
static const char *no_number(const char *word, size_t digits,
			     const struct after_digits *row)
{
	if (!*word)
		return "a number is missing here";
	if (digits == 1 && *word == '0' && tolower(word[1]) == 'x')
		return "no hexadecimal: write the number in decimal";
	if (!digits)
		return strchr("+-", *word) ? "no sign: write the digits alone" : NULL;
	for (; row->characters; row++) {
		if (strchr(row->characters, word[digits]))
			return row->text;
	}
	return NULL;
}

static int refuse_number(const struct words *w, const char *word, size_t digits,
			 const struct word_rule *rule)
{
	const char *why = no_number(word, digits, after_number);

	if (why)
		return word_refuse(w, word, "%s", why);
	return word_refuse(w, word, "not a decimal number%s%s",
			   rule->word ? " and not " : "", rule->word ?: "");
}

/* KB, KiB, Ki, kb: what follows the digits of a size that has a unit. */
static bool names_bytes(const char *unit)
{
	if (!*unit || !strchr("KMGT", toupper(*unit)))
		return false;
	if (tolower(unit[1]) == 'i' && tolower(unit[2]) == 'b')
		return !unit[3];
	return unit[1] && strchr("bi", tolower(unit[1])) && !unit[2];
}

static int refuse_size(const struct words *w, const char *word, size_t digits)
{
	const char *why = no_number(word, digits, after_size);

	if (digits && digits <= 20 && names_bytes(word + digits))
		return word_refuse(w, word, "bytes are meant anyway: write %.*s%c",
				   (int)digits, word, toupper(word[digits]));
	return word_refuse(w, word, "%s",
			   why ?: "not a number of bytes with suffix K, M, G or T");
}

static bool stands_for_number(const char *word, const struct word_rule *rule,
			      u64 *number)
{
	if (!rule->word || strcmp(word, rule->word))
		return false;
	*number = rule->word_value;
	return true;
}

/**
 * kab_word_number() - understand a decimal number
 * @w: text that the word is in
 * @word: word
 * @rule: range, and perhaps a word that stands for a number
 * @number: result
 *
 * Context: any.
 * Return: 0 or -EINVAL.
 */
int kab_word_number(const struct words *w, char *word,
		    const struct word_rule *rule, u64 *number)
{
	const size_t digits = strspn(word, DIGITS);

	if (stands_for_number(word, rule, number))
		return 0;
	if (!digits || word[digits])
		return refuse_number(w, word, digits, rule);
	if (kstrtou64(word, 10, number) || *number < rule->lo ||
	    *number > rule->hi)
		return word_refuse(w, word, "out of range %llu..%llu",
				   rule->lo, rule->hi);
	return 0;
}

/**
 * kab_word_size() - understand a number of bytes with a suffix, in either case
 * @w: text that the word is in
 * @word: word
 * @rule: range in bytes, and perhaps a word that stands for a number
 * @bytes: result
 *
 * Context: any.
 * Return: 0 or -EINVAL.
 */
int kab_word_size(const struct words *w, char *word, const struct word_rule *rule,
		  u64 *bytes)
{
	static const char suffixes[] = "KMGT";
	const size_t digits = strspn(word, DIGITS);
	const char after = word[digits];
	const char *suffix = after ? strchr(suffixes, toupper(after)) : NULL;
	const unsigned int shift = suffix ? 10 * (suffix - suffixes + 1) : 0;
	bool wide;

	if (stands_for_number(word, rule, bytes))
		return 0;
	if (!digits || word[digits + !!suffix])
		return refuse_size(w, word, digits);

	word[digits] = '\0';
	wide = kstrtou64(word, 10, bytes) || *bytes > U64_MAX >> shift;
	word[digits] = after;
	*bytes <<= shift;
	if (wide || *bytes < rule->lo || *bytes > rule->hi)
		return word_refuse(w, word, "out of range %llu..%lluG bytes",
				   rule->lo, rule->hi >> 30);
	return 0;
}

/**
 * kab_word_choice() - understand one of a few words
 * @w: text that the word is in
 * @word: word
 * @rule: the words
 * @choice: result, index of the word
 *
 * Context: any.
 * Return: 0 or -EINVAL.
 */
int kab_word_choice(const struct words *w, char *word,
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
	return word_refuse(w, word, "not one of %s", known);
}

/**
 * kab_word_range_size() - one size of a range
 * @r: range
 * @i: which, below @r->count
 *
 * Context: any.
 * Return: bytes.
 */
u64 kab_word_range_size(const struct word_range *r, u64 i)
{
	return r->step ? r->lo + i * r->step : r->lo << i;
}

static u64 last_size(const struct word_range *r)
{
	return kab_word_range_size(r, r->count - 1);
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
		if (range_has(b, kab_word_range_size(a, i)))
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
		return kab_word_refuse_at(w, word, width,
					  "a range has two ends: lo..hi");
	*dots = '\0';
	err = kab_word_size(w, word, rule, &r->lo);
	if (!err)
		err = kab_word_size(w, top, rule, &hi);
	if (!err && step)
		err = kab_word_size(w, step, rule, &r->step);
	if (err)
		return err;

	if (r->lo > hi)
		return kab_word_refuse_at(w, word, width, WORD_BACKWARDS);
	if (!r->step && !(is_power_of_2(r->lo) && is_power_of_2(hi)))
		return kab_word_refuse_at(w, word, width,
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
			return word_refuse(w, word, WORD_COMMA);
		dots = strstr(word, "..");
		err = dots ? read_range(w, word, dots, rule, &r) :
			     kab_word_size(w, word, rule, &r.lo);
		if (err)
			return err;
		if (given_before(sizes, &r))
			return kab_word_refuse_at(w, word, width, "given twice");
		sizes->range[sizes->n++] = r;
		sizes->total += r.count;
	}
	return 0;
}

static int add_name(const struct words *w, const char *word,
		    const struct vocab_list *vocab, struct word_names *names)
{
	const int found = kab_word_find(vocab, word);
	unsigned int i;

	if (!*word)
		return word_refuse(w, word, WORD_COMMA);
	if (!strcmp(word, "all"))
		return word_refuse(w, word, WORD_ALL_ALONE);
	if (found < 0)
		return refuse_name(w, word, vocab);
	if (vocab->words[found].absent)
		return word_refuse(w, word, "not on this kernel: %s",
				   vocab->words[found].absent);
	for (i = 0; i < names->n; i++) {
		if (names->index[i] == found)
			return word_refuse(w, word, "given twice");
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
			if (!vocab->words[i].absent)
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
			return word_refuse(w, word,
					   "a flag is missing here: a | or a comma too many");
		found = kab_word_find(vocab, word);
		if (found < 0 && strchr(word, '+'))
			return word_refuse(w, word, "flags are or-ed by |");
		if (found < 0)
			return refuse_name(w, word, vocab);
		if (!(vocab->words[found].bits & ~*bits))
			return word_refuse(w, word, "adds nothing to the flags before it");
		*bits |= vocab->words[found].bits;
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
				return word_refuse(w, word, "given twice");
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
		return word_refuse(w, word, WORD_COMMA);
	if (!strcmp(word, "all"))
		return word_refuse(w, word, WORD_ALL_ALONE);
	if (strstr(word, ".."))
		return word_refuse(w, word, "a range of CPUs is written lo-hi");
	err = kab_word_number(w, strsep(&last, "-"), &rule, &lo);
	hi = lo;
	if (!err && last)
		err = kab_word_number(w, last, &rule, &hi);
	if (err)
		return err;
	if (lo > hi)
		return kab_word_refuse_at(w, word, width, WORD_BACKWARDS);
	for (; lo <= hi; lo++) {
		if (!test_bit(lo, online))
			return kab_word_refuse_at(w, word, width,
						  "CPU %llu is not online", lo);
		if (__test_and_set_bit(lo, cpus))
			return kab_word_refuse_at(w, word, width,
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
