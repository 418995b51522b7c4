/* SPDX-License-Identifier: GPL-2.0 */
#ifndef KALLOCBENCH_FACT_H
#define KALLOCBENCH_FACT_H

#include "allocs.h"
#include "plan.h"
#include "room.h"
#include "text.h"

/**
 * struct fact_query - what somebody wants to know about
 * @alloc: allocator
 * @size: bytes
 * @flags: GFP flags and their name
 * @room: where objects come from
 * @bytes: most memory to take for the search for the largest size, 0 for no
 *	search
 * @abort: set from outside to stop the search
 */
struct fact_query {
	const struct allocator *alloc;
	size_t size;
	const struct plan_flags *flags;
	struct room room;
	u64 bytes;
	const bool *abort;
};

/**
 * struct fact - what some live objects have in common
 * @usable: bytes that may be used, 0 when nothing tells
 * @slot: bytes of its slab that it takes, 0 for what lies in none
 * @align: largest power of two that all addresses are multiples of
 * @promised: alignment that the allocator promises
 * @extents: physically contiguous pieces, of the object with the most
 * @pages: pages that an object lies on
 * @zeroed: all bytes of all objects were 0, though they had been written to
 * @mapped: they lie in the vmalloc area
 * @node: NUMA node of the first page
 */
struct fact {
	size_t usable;
	size_t slot;
	size_t align;
	size_t promised;
	unsigned long extents;
	unsigned long pages;
	bool zeroed;
	bool mapped;
	int node;
};

void fact_head(struct text *properties);
void fact_line(const struct fact_query *q, const struct fact *f,
	       struct text *t);
void fact_row(const struct fact_query *q, const struct fact *f,
	      struct text *t);
void fact_largest(const struct fact_query *q, u64 works, bool fails,
		  struct text *lines, struct text *properties);
void fact_find(const struct fact_query *query, struct text *lines,
	       struct text *properties);

#endif
