// SPDX-License-Identifier: GPL-2.0
/*
 * name - text -> allocators, patterns, contexts, GFP flags. Pure.
 */
#include <linux/kernel.h>
#include <linux/string.h>

#include "hint.h"
#include "name.h"
#include "text.h"

static const struct vocab_word *find_word(const struct vocab_list *list,
					  struct span word)
{
	unsigned int i;

	for (i = 0; i < list->n; i++) {
		if (value_is(word, list->words[i].name))
			return &list->words[i];
	}
	return NULL;
}

/* The name that may have been meant, NULL when none looks like the word. */
static const char *find_alike(const struct vocab_list *list, struct span word)
{
	unsigned int i, alike, most = 0;
	const char *name = NULL;

	for (i = 0; i < list->n; i++) {
		alike = list->words[i].absent ? 0 :
			hint_alike(word, list->words[i].name);
		if (alike > most) {
			most = alike;
			name = list->words[i].name;
		}
	}
	return name;
}

static int refuse_name(const struct value_parse *p, struct span word,
		       const struct vocab_list *list)
{
	static const char more[] = ", ... (all of them: help)";
	const char *meant = find_alike(list, word);
	char known[160];
	struct text t;
	unsigned int i;

	text_init(&t, known, sizeof(known));
	for (i = 0; i < list->n; i++) {
		if (list->words[i].absent)
			continue;
		/* Behind ", " and the name there must be room for @more. */
		if (t.len + 2 + strlen(list->words[i].name) + sizeof(more) > sizeof(known)) {
			text_printf(&t, "%s", more);
			break;
		}
		text_printf(&t, "%s%s", t.len ? ", " : "", list->words[i].name);
	}
	return value_refuse(p, word, "unknown %s%s%s%s known are %s", list->kind,
			    meant ? ", did you mean " : "", meant ?: "",
			    meant ? "?" : ";", known);
}

static int add_name(const struct value_parse *p, struct span word,
		    const struct vocab_list *list, struct plan_names *names)
{
	const struct vocab_word *found = find_word(list, word);
	unsigned int i;

	if (!word.len)
		return value_refuse(p, word, VALUE_COMMA);
	if (value_is(word, "all"))
		return value_refuse(p, word, "\"all\" stands alone");
	if (!found)
		return refuse_name(p, word, list);
	if (found->absent)
		return value_refuse(p, word, "not on this kernel: %s",
				    found->absent);
	for (i = 0; i < names->n; i++) {
		if (names->index[i] == found - list->words)
			return value_refuse(p, word, "given twice");
	}
	names->index[names->n++] = found - list->words;
	return 0;
}

/**
 * name_list() - understand a list of names, or "all"
 * @p: parse
 * @list: span
 * @vocab: the names there are
 * @names: result
 *
 * Context: any.
 * Return: 0 or -EINVAL.
 */
int name_list(const struct value_parse *p, struct span list,
	      const struct vocab_list *vocab, struct plan_names *names)
{
	struct span word;
	unsigned int i;
	int err;

	names->n = 0;
	if (value_is(list, "all")) {
		for (i = 0; i < vocab->n; i++) {
			if (!vocab->words[i].absent)
				names->index[names->n++] = i;
		}
		return 0;
	}
	while (value_next(&list, ",", &word)) {
		err = add_name(p, word, vocab, names);
		if (err)
			return err;
	}
	return 0;
}

static int or_flags(const struct value_parse *p, struct span member, u64 *bits)
{
	const struct vocab_list *list = &p->vocab->gfps;
	const struct vocab_word *found;
	struct span word;

	*bits = 0;
	while (value_next(&member, "|", &word)) {
		if (!word.len)
			return value_refuse(p, word,
					    "a flag is missing here: a | or a comma too many");
		found = find_word(list, word);
		if (!found && memchr(word.at, '+', word.len))
			return value_refuse(p, word, "flags are or-ed by |");
		if (!found)
			return refuse_name(p, word, list);
		if (!(found->bits & ~*bits))
			return value_refuse(p, word, "adds nothing to the flags before it");
		*bits |= found->bits;
	}
	return 0;
}

/**
 * name_flags() - understand a list of GFP flags or-ed by |
 * @p: parse
 * @list: span
 *
 * Context: any.
 * Return: 0 or -EINVAL.
 */
int name_flags(const struct value_parse *p, struct span list)
{
	struct plan *plan = p->plan;
	struct span word;
	unsigned int i;
	u64 bits;
	int err;

	plan->n_flags = 0;
	while (value_next(&list, ",", &word)) {
		err = or_flags(p, word, &bits);
		if (err)
			return err;
		for (i = 0; i < plan->n_flags; i++) {
			if (plan->flags[i].bits == bits)
				return value_refuse(p, word, "given twice");
		}
		plan->flags[plan->n_flags].bits = bits;
		plan->flags[plan->n_flags++].name = word;
	}
	return 0;
}
