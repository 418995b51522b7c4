/* SPDX-License-Identifier: GPL-2.0 */
#ifndef KALLOCBENCH_VOCAB_H
#define KALLOCBENCH_VOCAB_H

/*
 * vocab - what a parameter line can name on this machine. The parser knows the
 * grammar; the names come from the tables of those who implement them, and so no
 * name is written twice.
 */

#include <linux/string.h>
#include <linux/types.h>

/**
 * struct vocab_word - a name that a parameter line may use: a row of a table, or
 *	what such a row begins with
 * @name: as it is written
 * @about: half a line for help
 * @bits: gfp_t of a flag; BIT() of each enum plan_key that a pattern uses
 * @absent: why this kernel does not have it, NULL when it does
 */
struct vocab_word {
	const char *name;
	const char *about;
	u64 bits;
	const char *absent;
};

/**
 * struct vocab_list - names of one kind
 * @kind: what one of them is called in a sentence
 * @first: in the first row of their table
 * @n: number of names
 * @row: bytes from one to the next
 */
struct vocab_list {
	const char *kind;
	const struct vocab_word *first;
	unsigned int n;
	size_t row;
};

/* The list of a table's rows; @first is in the first of them. */
#define VOCAB_LIST(kind, table, first) \
	{ kind, &(first), ARRAY_SIZE(table), sizeof(*(table)) }

static inline const struct vocab_word *vocab_at(const struct vocab_list *list,
						unsigned int i)
{
	return (const void *)list->first + i * list->row;
}

/* The position of a name, or -1. */
static inline int vocab_find(const struct vocab_list *list, const char *name)
{
	unsigned int i;

	for (i = 0; i < list->n; i++) {
		if (!strcmp(name, vocab_at(list, i)->name))
			return i;
	}
	return -1;
}

/**
 * struct vocab - all of them
 * @allocs: allocators
 * @gfps: GFP flags
 * @patterns: orders of calls
 * @contexts: where the calls are made
 * @cpus: bitmap of the online CPUs
 * @nr_cpus: bits in @cpus, at most PLAN_CPUS_MAX
 * @nodes: bitmap of the online nodes
 * @nr_nodes: bits in @nodes
 */
struct vocab {
	struct vocab_list allocs;
	struct vocab_list gfps;
	struct vocab_list patterns;
	struct vocab_list contexts;
	const unsigned long *cpus;
	unsigned int nr_cpus;
	const unsigned long *nodes;
	unsigned int nr_nodes;
};

#endif
