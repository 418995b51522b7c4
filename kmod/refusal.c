// SPDX-License-Identifier: GPL-2.0
/*
 * refusal - why a line is refused: a sentence that says what would be right, and
 * a caret under the word. What people write instead is known. Pure.
 */
#include <linux/ctype.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/minmax.h>

#include "refusal.h"

#define BLANKS		" \t"

/**
 * kab_refuse() - note why a whole line is refused
 * @r: filled
 * @err: negative errno
 * @fmt: a sentence without a full stop
 *
 * Context: any.
 * Return: @err.
 */
int kab_refuse(struct refusal *r, int err, const char *fmt, ...)
{
	va_list args;

	r->err = err;
	r->column = 0;
	r->width = 0;
	va_start(args, fmt);
	vsnprintf(r->text, sizeof(r->text), fmt, args);
	va_end(args);
	return err;
}

/**
 * kab_refuse_at() - note why a word is refused
 * @w: text that the word is in
 * @word: first character
 * @width: characters
 * @fmt: a sentence without the word itself and without a full stop
 *
 * Context: any.
 * Return: -EINVAL, for the caller to return.
 */
int kab_refuse_at(const struct words *w, const char *word, size_t width,
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
			return kab_refuse_at(w, at, len, "%s", strangers[i].text);
	}
	if (byte == '\t' || (byte >= ' ' && byte <= '~'))
		return 0;
	return kab_refuse_at(w, at, 1, "byte 0x%02x is not printable ASCII", byte);
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
			return kab_refuse_at(w, end, word - end,
					     "a blank ends the value: leave it out here");
	}
	return 0;
}

/**
 * kab_refuse_characters() - refuse characters that no line may hold, or not there
 * @w: the line, terminated; its newline is cut off
 * @len: bytes of the line, which may hold zeros
 *
 * Context: any.
 * Return: 0 or -EINVAL.
 */
int kab_refuse_characters(const struct words *w, size_t len)
{
	char *newline = memchr(w->start, '\n', len);
	size_t i;
	int err;

	if (newline) {
		const size_t rest = w->start + len - newline - 1;

		if (rest)
			return kab_refuse_at(w, newline + 1, rest,
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

/* The name that may have been meant, NULL when none looks like @word. */
static const char *alike(const struct vocab_list *list, const char *word)
{
	unsigned int i, common, most = 0;
	const char *name = NULL;

	for (i = 0; i < list->n; i++) {
		const struct vocab_word *known = vocab_at(list, i);

		common = known->absent ? 0 : common_start(word, known->name);
		if (common > most) {
			most = common;
			name = known->name;
		}
	}
	return name;
}

/* Lists names, as many as fit. */
static void write_known(struct text *t, const struct vocab_list *list)
{
	static const char more[] = ", ... (all of them: help)";
	unsigned int i;

	for (i = 0; i < list->n; i++) {
		const struct vocab_word *known = vocab_at(list, i);

		if (known->absent)
			continue;
		/* After ", " and the name there must be room for @more. */
		if (t->len + 2 + strlen(known->name) + sizeof(more) > t->cap) {
			kab_text_printf(t, "%s", more);
			break;
		}
		kab_text_printf(t, "%s%s", t->len ? ", " : "", known->name);
	}
}

static int refuse_unknown(const struct words *w, const char *word,
			  const struct vocab_list *list, const char *known)
{
	const char *meant = alike(list, word);

	return refuse_word(w, word, "unknown %s%s%s%s known are %s", list->kind,
			   meant ? ", did you mean " : "", meant ?: "",
			   meant ? "?" : ";", known);
}

/**
 * kab_refuse_name() - refuse a name that is in no list
 * @w: text that it is in
 * @word: as it was written
 * @list: names that could have been meant
 *
 * Context: any.
 * Return: -EINVAL.
 */
int kab_refuse_name(const struct words *w, const char *word,
		    const struct vocab_list *list)
{
	char known[160];
	struct text t;

	kab_text_init(&t, known, sizeof(known));
	write_known(&t, list);
	return refuse_unknown(w, word, list, known);
}

/**
 * kab_refuse_key() - refuse what stands before an equals sign, or without one
 * @w: text that it is in
 * @word: as it was written
 * @whole: there is no = in the word
 * @keys: keys that could have been meant
 *
 * Context: any.
 * Return: -EINVAL.
 */
int kab_refuse_key(const struct words *w, const char *word, bool whole,
		   const struct vocab_list *keys)
{
	char known[200];
	struct text t;

	kab_text_init(&t, known, sizeof(known));
	write_known(&t, keys);
	if (!*word)
		return refuse_word(w, word, "no key before the =; known are %s", known);
	if (whole && !alike(keys, word))
		return refuse_word(w, word, "no = in this word; keys are %s", known);
	return refuse_unknown(w, word, keys, known);
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

/* Why a word is not a number; NULL when nothing about it tells. */
static const char *no_number(const char *word, const struct after_digits *row)
{
	const size_t digits = strspn(word, WORD_DIGITS);

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

/**
 * kab_refuse_number() - refuse what is no decimal number
 * @w: text that it is in
 * @word: as it was written
 * @other: word that is taken instead of a number, or NULL
 *
 * Context: any.
 * Return: -EINVAL.
 */
int kab_refuse_number(const struct words *w, const char *word, const char *other)
{
	const char *why = no_number(word, after_number);

	if (why)
		return refuse_word(w, word, "%s", why);
	return refuse_word(w, word, "not a decimal number%s%s",
			   other ? " and not " : "", other ?: "");
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

/**
 * kab_refuse_size() - refuse what is no size
 * @w: text that it is in
 * @word: as it was written
 *
 * Context: any.
 * Return: -EINVAL.
 */
int kab_refuse_size(const struct words *w, const char *word)
{
	const size_t digits = strspn(word, WORD_DIGITS);
	const char *why = no_number(word, after_size);

	if (digits && digits <= 20 && names_bytes(word + digits))
		return refuse_word(w, word, "bytes are meant anyway: write %.*s%c",
				   (int)digits, word, toupper(word[digits]));
	return refuse_word(w, word, "%s",
			   why ?: "not a number of bytes with suffix K, M, G or T");
}

/* What is not printable must not reach a terminal. */
static void write_printable(struct text *t, const char *s, size_t len)
{
	for (; len && *s != '\n'; s++, len--)
		kab_text_printf(t, "%c", *s < ' ' || *s > '~' ? '?' : *s);
}

/**
 * kab_refusal_explain() - a sentence, the line, and a caret under the word
 * @t: text to append to
 * @refusal: why the line was refused
 * @line: the line, not terminated; not read when no word is at fault
 * @len: bytes at @line
 *
 * Context: as kab_text_printf().
 */
void kab_refusal_explain(struct text *t, const struct refusal *refusal,
			 const char *line, size_t len)
{
	const size_t quoted = min_t(size_t, refusal->width, 40);
	unsigned int i;

	if (!refusal->column) {
		kab_text_printf(t, "%s\n", refusal->text);
		return;
	}
	kab_text_printf(t, "column %u: \"", refusal->column);
	write_printable(t, line + refusal->column - 1, quoted);
	kab_text_printf(t, "%s\": %s\n", quoted < refusal->width ? "..." : "",
			refusal->text);
	write_printable(t, line, len);
	kab_text_printf(t, "\n%*s^", refusal->column - 1, "");
	for (i = 1; i < refusal->width; i++)
		kab_text_printf(t, "^");
	kab_text_printf(t, "\n");
}

