/* SPDX-License-Identifier: GPL-2.0 */
#ifndef KALLOCBENCH_ALLOCS_H
#define KALLOCBENCH_ALLOCS_H

#include <linux/types.h>

#include "rows.h"
#include "vocab.h"

extern const struct allocator kab_allocs[];
extern const struct vocab_list kab_allocs_list;
extern const struct allocator *const kab_allocs_null;

const struct alloc_loops *kab_allocs_loops(const struct allocator *a, u64 size);
int kab_allocs_open(const struct allocator *a, struct alloc_state *s, size_t size,
		    u64 objects);
void kab_allocs_close(const struct allocator *a, struct alloc_state *s);

#endif
