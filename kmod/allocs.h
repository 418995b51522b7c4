/* SPDX-License-Identifier: GPL-2.0 */
#ifndef KALLOCBENCH_ALLOCS_H
#define KALLOCBENCH_ALLOCS_H

#include <linux/gfp.h>
#include <linux/types.h>

#include "rows.h"
#include "text.h"
#include "vocab.h"

/**
 * struct alloc_call - a call that somebody would like to make
 * @size: bytes
 * @gfp: flags
 * @node: a node was asked for
 * @context: name of the context
 * @traits: its CONTEXT_ bits
 */
struct alloc_call {
	u64 size;
	gfp_t gfp;
	bool node;
	const char *context;
	unsigned int traits;
};

extern const struct allocator allocs[];
extern const unsigned int allocs_count;
extern const struct allocator *const allocs_null;
extern const struct vocab_list allocs_gfps;

struct vocab_list allocs_list(struct vocab_word *words);
const struct alloc_loops *allocs_loops(const struct allocator *a, u64 size);
int allocs_open(const struct allocator *a, struct alloc_state *s, size_t size,
		u64 objects);
void allocs_close(const struct allocator *a, struct alloc_state *s);
u64 allocs_footprint(const struct allocator *a, u64 size);
bool allocs_refuse(const struct allocator *a, const struct alloc_call *call,
		   struct text *why);

#endif
