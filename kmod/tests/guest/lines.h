/* SPDX-License-Identifier: GPL-2.0 */
#ifndef KALLOCBENCH_TEST_LINES_H
#define KALLOCBENCH_TEST_LINES_H

#include <stddef.h>
#include <stdint.h>

/* A stream of numbers that one seed repeats. */
struct rng {
	uint64_t state;
};

uint64_t rng_next(struct rng *r);
uint64_t rng_below(struct rng *r, uint64_t n);

/* What the module must make of a line, as far as its maker knows. */
enum line_kind {
	LINE_VALID,	/* may run, or be refused for what this machine lacks */
	LINE_NEARLY,	/* one or more slips: either may be right */
	LINE_HOSTILE,	/* must be refused */
	LINE_KINDS,
};

enum line_kind line_make(struct rng *r, char *buf, size_t size, size_t *len);

#endif
