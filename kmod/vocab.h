/* SPDX-License-Identifier: GPL-2.0 */
#ifndef KALLOCBENCH_VOCAB_H
#define KALLOCBENCH_VOCAB_H

#include <linux/types.h>

/**
 * struct vocab_word - a name that a parameter line may use
 * @name: as it is written
 * @bits: gfp_t of a flag; BIT() of each enum plan_key that a pattern uses
 * @absent: why this kernel does not have it, NULL when it does
 * @about: half a line for help
 */
struct vocab_word {
	const char *name;
	u64 bits;
	const char *absent;
	const char *about;
};

/**
 * struct vocab_list - names of one kind
 * @kind: what one of them is called in a sentence
 * @words: the names
 * @n: how many
 */
struct vocab_list {
	const char *kind;
	const struct vocab_word *words;
	unsigned int n;
};

/**
 * struct vocab - what a parameter line can name on this machine
 * @allocs: allocators
 * @gfps: GFP flags
 * @patterns: orders of calls
 * @contexts: where the calls are made
 * @cpus: bitmap of the online CPUs
 * @nr_cpus: bits in @cpus
 * @nodes: bitmap of the online nodes
 * @nr_nodes: bits in @nodes
 *
 * The parser knows the grammar; the names come from the tables of those who
 * implement them, and so no name is written twice.
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
