/* SPDX-License-Identifier: GPL-2.0 */
#ifndef KALLOCBENCH_PLAN_H
#define KALLOCBENCH_PLAN_H

#include <linux/bitops.h>
#include <linux/compiler.h>
#include <linux/types.h>

#include "text.h"
#include "vocab.h"

#define PLAN_LINE_MAX	4095
#define PLAN_CELLS_MAX	65536

/* Bounds that a line of 4,095 bytes cannot pass: "1,", "GFP_DMA,", "pair,". */
#define PLAN_SIZES_MAX	(PLAN_LINE_MAX / 2 + 1)
#define PLAN_FLAGS_MAX	(PLAN_LINE_MAX / 8 + 1)
#define PLAN_NAMES_MAX	128
#define PLAN_CPUS_MAX	8192

/* The value of node= that leaves the node to the kernel. */
#define PLAN_ANY	U64_MAX
/* The value of bytes= that stands for a quarter of the available memory. */
#define PLAN_AUTO	0

/* Keys of a parameter line, in canonical order. */
enum plan_key {
	PLAN_ALLOCS,
	PLAN_SIZES,
	PLAN_FLAGS,
	PLAN_PATTERNS,
	PLAN_CONTEXTS,
	PLAN_CPUS,
	PLAN_NODE,
	PLAN_TIMING,
	PLAN_CALLS,
	PLAN_TOUCH,
	PLAN_DEPTH,
	PLAN_ORDER,
	PLAN_MIX,
	PLAN_SHARE,
	PLAN_BYTES,
	PLAN_FACTS,
	PLAN_SAMPLES,
	PLAN_WARMUP,
	PLAN_ROUNDS,
	PLAN_BUDGET_MS,
	PLAN_SEED,
	PLAN_KEYS
};

/* Values of the keys with a choice of words, in the order of the words. */
enum plan_timing { TIMING_OP, TIMING_BATCH };
enum plan_touch { TOUCH_NONE, TOUCH_PAGE, TOUCH_LINE };
enum plan_order { ORDER_FIFO, ORDER_LIFO, ORDER_RANDOM };
enum plan_facts { FACTS_NONE, FACTS_SIZE, FACTS_ALL };

/**
 * struct span - part of a line
 * @at: first character
 * @len: characters
 */
struct span {
	const char *at;
	unsigned int len;
};

/**
 * struct plan_error - why a line was refused
 * @err: negative errno
 * @column: where the offending word begins, from 1; 0 when no word is at fault
 * @width: characters of that word
 * @text: a sentence
 */
struct plan_error {
	int err;
	unsigned int column;
	unsigned int width;
	char text[240];
};

/**
 * struct plan_sizes - one member of sizes=
 * @lo: first size in bytes
 * @step: bytes from one size to the next, 0 to double
 * @count: how many sizes
 */
struct plan_sizes {
	u64 lo;
	u64 step;
	u64 count;
};

/**
 * struct plan_flags - one member of flags=
 * @bits: the gfp_t
 * @name: as it was written
 */
struct plan_flags {
	u64 bits;
	struct span name;
};

/**
 * struct plan_names - the chosen words of a vocab_list
 * @index: positions in the list, in the order they were given
 * @n: how many
 */
struct plan_names {
	u16 index[PLAN_NAMES_MAX];
	unsigned int n;
};

/**
 * struct plan - a parameter line, understood
 * @allocs: the outermost dimension
 * @sizes: members of the second dimension
 * @n_sizes: members at @sizes
 * @total_sizes: sizes in all of them
 * @flags: the third dimension
 * @n_flags: members at @flags
 * @patterns: the fourth
 * @contexts: the innermost
 * @cpus: bitmap of the workers' CPUs
 * @n_cpus: workers
 * @number: value of each key that has a single one
 * @n_cells: cells, all rounds together
 * @line: canonical form: every key, in order, values as written
 * @input: the line as it came, which the spans point into
 *
 * Too large for a stack.
 */
struct plan {
	struct plan_names allocs;
	struct plan_sizes sizes[PLAN_SIZES_MAX];
	unsigned int n_sizes;
	u64 total_sizes;
	struct plan_flags flags[PLAN_FLAGS_MAX];
	unsigned int n_flags;
	struct plan_names patterns;
	struct plan_names contexts;
	unsigned long cpus[BITS_TO_LONGS(PLAN_CPUS_MAX)];
	unsigned int n_cpus;
	u64 number[PLAN_KEYS];
	unsigned int n_cells;
	char line[PLAN_LINE_MAX + 1];
	char input[PLAN_LINE_MAX + 1];
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
	const struct plan_flags *flags;
	unsigned int pattern;
	unsigned int context;
};

int plan_parse(struct plan *plan, const struct vocab *vocab, const char *line,
	       size_t len, struct plan_error *error);
__printf(3, 4) int plan_refuse(struct plan_error *error, int err,
			       const char *fmt, ...);
struct plan_cell plan_cell(const struct plan *plan, unsigned int id);

#endif
