/* SPDX-License-Identifier: GPL-2.0 */
#ifndef KALLOCBENCH_ALLOCS_H
#define KALLOCBENCH_ALLOCS_H

#include <linux/gfp.h>
#include <linux/types.h>

#include "rows.h"
#include "text.h"
#include "words.h"

extern const struct allocator allocs[];
extern const unsigned int allocs_count;
extern const struct allocator *const allocs_null;

struct vocab_list allocs_list(struct vocab_word *words);
const struct alloc_loops *allocs_loops(const struct allocator *a, u64 size);
int allocs_open(const struct allocator *a, struct alloc_state *s, size_t size,
		u64 objects);
void allocs_close(const struct allocator *a, struct alloc_state *s);

#endif
