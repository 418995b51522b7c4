// SPDX-License-Identifier: GPL-2.0
/*
 * hint - what people write in place of what is right, and what that is. Pure.
 *
 * Nothing is understood here that the parsers refuse: only the sentence gets
 * better.
 */
#include <linux/ctype.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/minmax.h>
#include <linux/string.h>

#include "hint.h"

/**
 * hint_alike() - how much a word looks like a name
 * @word: as it was written
 * @name: that may have been meant
 *
 * Context: any.
 * Return: characters they begin with in common, whatever their case, if those
 * are more than half of either; else 0.
 */
unsigned int hint_alike(struct span word, const char *name)
{
	const unsigned int len = strlen(name);
	unsigned int i = 0;

	while (i < min(word.len, len) && tolower(word.at[i]) == tolower(name[i]))
		i++;
	return 2 * i > max(word.len, len) ? i : 0;
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

static const char *wrong_after(const struct after_digits *row, char c)
{
	for (; row->characters; row++) {
		if (strchr(row->characters, c))
			return row->text;
	}
	return NULL;
}

/* Why a word is no number, whatever kind of; NULL when that does not show. */
static const char *no_number(struct span word, unsigned int digits,
			     const struct after_digits *table)
{
	if (!word.len)
		return "a number is missing here";
	if (digits == 1 && *word.at == '0' && tolower(word.at[1]) == 'x')
		return "no hexadecimal: write the number in decimal";
	if (digits)
		return wrong_after(table, word.at[digits]);
	return strchr("+-", *word.at) ? "no sign: write the digits alone" : NULL;
}

/**
 * hint_number() - refuse what is no decimal number
 * @p: parse
 * @word: as it was written
 * @rule: with the word that might stand in place of a number
 * @digits: how many @word begins with, less than it is long
 *
 * Context: any.
 * Return: -EINVAL.
 */
int hint_number(const struct value_parse *p, struct span word,
		const struct value_rule *rule, unsigned int digits)
{
	const char *why = no_number(word, digits, after_number);

	if (why)
		return value_refuse(p, word, "%s", why);
	return value_refuse(p, word, "not a decimal number%s%s",
			    rule->word ? " and not " : "", rule->word ?: "");
}

/* KB, KiB, Ki, kb: what follows the digits of a size that has a unit. */
static bool names_bytes(struct span unit)
{
	if (unit.len < 2 || !strchr("KMGT", toupper(*unit.at)))
		return false;
	if (unit.len == 3 && tolower(unit.at[1]) == 'i')
		return tolower(unit.at[2]) == 'b';
	return unit.len == 2 && strchr("bi", tolower(unit.at[1]));
}

/**
 * hint_size() - refuse what is no number of bytes
 * @p: parse
 * @word: as it was written
 * @digits: how many @word begins with
 *
 * Context: any.
 * Return: -EINVAL.
 */
int hint_size(const struct value_parse *p, struct span word, unsigned int digits)
{
	const struct span unit = { word.at + digits, word.len - digits };
	const char *why = no_number(word, digits, after_size);

	if (digits && digits <= 20 && names_bytes(unit))
		return value_refuse(p, word, "bytes are meant anyway: write %.*s%c",
				    (int)digits, word.at, toupper(*unit.at));
	return value_refuse(p, word, "%s",
			    why ?: "not a number of bytes with suffix K, M, G or T");
}

/* Whether the blank between two words tears apart what belongs together. */
static bool torn(struct span before, struct span word)
{
	static const char joints[] = ",|=+-.";

	if (*word.at == '=')
		return true;
	return !memchr(word.at, '=', word.len) &&
	       (strchr(joints, *word.at) ||
		strchr(joints, before.at[before.len - 1]));
}

/**
 * hint_blanks() - refuse a blank where none may be, as in "kmalloc, vmalloc"
 * @p: parse
 * @line: without its newline
 *
 * Context: any.
 * Return: 0, or -EINVAL with the blanks as the word at fault.
 */
int hint_blanks(const struct value_parse *p, struct span line)
{
	struct span before = {}, word;

	while (value_next(&line, " \t", &word)) {
		if (!word.len)
			continue;
		if (before.len && torn(before, word)) {
			struct span blanks = { before.at + before.len };

			blanks.len = word.at - blanks.at;
			return value_refuse(p, blanks,
					    "a blank ends the value: leave it out here");
		}
		before = word;
	}
	return 0;
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

/**
 * hint_character() - refuse a character that no line may hold
 * @p: parse
 * @rest: the line from that character on
 *
 * Context: any.
 * Return: 0 when it may, else -EINVAL.
 */
int hint_character(const struct value_parse *p, struct span rest)
{
	const unsigned char byte = *rest.at;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(strangers); i++) {
		struct span word = { rest.at, strlen(strangers[i].bytes) };

		if (word.len <= rest.len &&
		    value_is(word, strangers[i].bytes))
			return value_refuse(p, word, "%s", strangers[i].text);
	}
	rest.len = 1;
	if (byte == '\t' || (byte >= ' ' && byte <= '~'))
		return 0;
	return value_refuse(p, rest, "byte 0x%02x is not printable ASCII", byte);
}
