/* SPDX-License-Identifier: GPL-2.0 */
#ifndef KALLOCBENCH_PATTERN_H
#define KALLOCBENCH_PATTERN_H

#include <linux/bitops.h>
#include <linux/types.h>

#include "plan.h"
#include "vocab.h"

struct worker;

/* Traits of a pattern. */
#define PATTERN_TOUCH	BIT(0)	/* can write to what it allocates */
#define PATTERN_STRETCH	BIT(1)	/* can be timed in stretches */
#define PATTERN_ONCE	BIT(2)	/* has no warm-up: it is over when it is over */
#define PATTERN_REMOTE	BIT(3)	/* frees what another worker allocated */
#define PATTERN_COLD	BIT(4)	/* caches are evicted before each chunk */
#define PATTERN_FRAGS	BIT(5)	/* memory is fragmented before the cell */
#define PATTERN_FILLS	BIT(6)	/* holds up to bytes= of memory */
#define PATTERN_TURNS	BIT(7)	/* fills slots and empties them in turns */
#define PATTERN_SAME	BIT(8)	/* gets the same object again and again */

/**
 * struct pattern - an order of calls
 * @name: in parameter lines and results
 * @about: half a line for help
 * @keys: BIT() of each enum plan_key that it uses
 * @traits: PATTERN_ bits
 * @chunk: allocations between two looks at the outside at most, 0 for the
 *	usual number
 * @slots: slots that a worker needs for @depth live objects
 * @open: fills what is there before the first call of a cell, or NULL
 * @between: what is done before each chunk, outside the cell's context, or NULL
 * @burst: makes calls; runs in the cell's context and must be short
 */
struct pattern {
	const char *name;
	const char *about;
	u64 keys;
	unsigned int traits;
	unsigned int chunk;
	u64 (*slots)(u64 depth);
	void (*open)(struct worker *w);
	void (*between)(struct worker *w);
	void (*burst)(struct worker *w);
};

extern const struct pattern patterns[];
extern const unsigned int patterns_count;

struct vocab_list pattern_list(struct vocab_word *words);

#endif
