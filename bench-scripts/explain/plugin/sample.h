/* SPDX-License-Identifier: GPL-2.0 */
#ifndef EXPLAIN_SAMPLE_H
#define EXPLAIN_SAMPLE_H

#include <stdint.h>

#include "block.h"
#include "tally.h"
#include "tree.h"

/* So many different lengths of a cell's samples are kept apart. */
#define PATHS_MAX 512

/**
 * struct path - samples of one op through the same functions, of one length;
 *		 of any length where there were too many lengths
 * @op: name of the op
 * @set: hash of the set of functions
 * @n: samples
 * @sum: their instructions, clock reads included
 * @min: shortest
 * @max: longest
 * @insns: instructions by node
 * @calls: calls by node
 * @blocks: runs by block
 */
struct path {
	const char *op;
	uint64_t set;
	uint64_t n;
	uint64_t sum;
	uint64_t min;
	uint64_t max;
	struct tally insns;
	struct tally calls;
	struct tally blocks;
};

void sample_open(const char *op);
void sample_add(struct block *b, struct node *node, uint64_t times);
void sample_close(void);
const struct path *sample_path(uint32_t i);
void sample_forget(void);

#endif
