/* SPDX-License-Identifier: GPL-2.0 */
#ifndef KALLOCBENCH_PLAN_H
#define KALLOCBENCH_PLAN_H

#include <linux/bitops.h>
#include <linux/compiler.h>
#include <linux/limits.h>
#include <linux/types.h>

#include "text.h"
#include "words.h"

#define PLAN_CELLS_MAX	65536
#define PLAN_CPUS_MAX	8192

/* A line with all defaults: those alone are shorter than a line. */
#define PLAN_WHOLE_LINE	(2 * (WORD_LINE_MAX + 1))

/* The value of node= that leaves the node to the kernel. */
#define PLAN_ANY	U64_MAX
/* The value of bytes= that stands for a quarter of the available memory. */
#define PLAN_AUTO	0

/* Keys of a parameter line, in canonical order. */
#define KEY(id, ...) PLAN_##id,
enum plan_key {
#include "keys.def"
	PLAN_KEYS
};

#undef KEY

/* Values of the keys with a choice of words. */
enum plan_timing { TIMING_OP, TIMING_BATCH };
enum plan_touch { TOUCH_NONE, TOUCH_PAGE, TOUCH_LINE };
enum plan_order { ORDER_FIFO, ORDER_LIFO, ORDER_RANDOM };
enum plan_facts { FACTS_NONE, FACTS_SIZE, FACTS_ALL };

/* What a processor may count. */
enum plan_counter {
	COUNTER_CYCLES,
	COUNTER_INSTRUCTIONS,
	COUNTER_BRANCHES,
	COUNTER_BRANCH_MISSES,
	COUNTER_CACHE_MISSES,
	COUNTER_L1D_MISSES,
	COUNTER_DTLB_MISSES,
	COUNTER_ITLB_MISSES,
	COUNTERS
};

/**
 * struct plan - a parameter line, understood
 * @allocs: the outermost dimension
 * @sizes: the second dimension
 * @flags: the third
 * @patterns: the fourth
 * @contexts: the innermost
 * @counters: of enum plan_counter
 * @cpus: bitmap of the workers' CPUs
 * @n_cpus: number of workers
 * @number: value of each key that has a single one
 * @n_cells: number of cells, all rounds together
 * @line: canonical form: every key, in order, values as written
 * @words: copies of @input and then of @line, cut into C strings
 * @input: the line as it came
 * @stop: set from outside to stop its run; nothing of the parser's
 *
 * Too large for a stack.
 */
struct plan {
	struct word_names allocs;
	struct word_sizes sizes;
	struct word_flags_list flags;
	struct word_names patterns;
	struct word_names contexts;
	struct word_names counters;
	unsigned long cpus[BITS_TO_LONGS(PLAN_CPUS_MAX)];
	unsigned int n_cpus;
	u64 number[PLAN_KEYS];
	unsigned int n_cells;
	char line[PLAN_WHOLE_LINE];
	char words[PLAN_WHOLE_LINE];
	char input[WORD_LINE_MAX + 1];
	bool stop;
};

/**
 * struct plan_cell - one combination of a plan
 * @id: place in the report
 * @round: repetition of the whole plan, from 0
 * @alloc: index of the allocator
 * @size: bytes
 * @flags: gfp_t and name
 * @pattern: index of the pattern
 * @context: index of the context
 */
struct plan_cell {
	unsigned int id;
	unsigned int round;
	unsigned int alloc;
	u64 size;
	const struct word_flags *flags;
	unsigned int pattern;
	unsigned int context;
};

/* By enum plan_counter. */
extern const struct vocab_word kab_plan_counters[];

int kab_plan_parse(struct plan *plan, const struct vocab *vocab, const char *line,
		   size_t len, struct refusal *refusal);
struct plan_cell kab_plan_cell(const struct plan *plan, unsigned int id);

void kab_plan_help(struct text *t, const struct vocab *vocab);

#endif
