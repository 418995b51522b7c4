/* SPDX-License-Identifier: GPL-2.0 */
#ifndef KALLOCBENCH_FACT_H
#define KALLOCBENCH_FACT_H

#include "allocs.h"
#include "plan.h"
#include "text.h"

/**
 * struct fact_query - what somebody wants to know about
 * @alloc: allocator
 * @size: bytes
 * @flags: GFP flags and their name
 * @node: node to ask for, or NUMA_NO_NODE
 * @bytes: most memory to take for the search for the largest size, 0 for no
 *	search
 */
struct fact_query {
	const struct allocator *alloc;
	size_t size;
	const struct plan_flags *flags;
	int node;
	u64 bytes;
};

void fact_head(struct text *properties);
void fact_find(const struct fact_query *query, struct text *lines,
	       struct text *properties);

#endif
