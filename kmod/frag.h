/* SPDX-License-Identifier: GPL-2.0 */
#ifndef KALLOCBENCH_FRAG_H
#define KALLOCBENCH_FRAG_H

#include <linux/list.h>
#include <linux/nodemask.h>
#include <linux/types.h>

#include "plan.h"
#include "result.h"

/* Why no more was pinned. */
enum frag_end {
	FRAG_SHARE,
	FRAG_OTHERS,
	FRAG_BLOCKS,
};

/**
 * struct frag - free memory that is to be fragmented, and its pinned pages
 * @nodes: where
 * @plan: says which share of it may be pinned, and when to stop; NULL when all
 *	is freed, which nothing stops
 * @gfp: flags of the calls that come: only zones they may use
 * @size: bytes that those calls ask for
 * @order: of the blocks that should go, 0 for single pages
 * @left: blocks of that order that are still free
 * @end: why they are
 * @pages: linked by their lru
 * @n: number of @pages
 *
 * What comes after @size is filled by kab_frag_pin().
 */
struct frag {
	nodemask_t nodes;
	const struct plan *plan;
	gfp_t gfp;
	size_t size;
	unsigned int order;
	unsigned long left;
	enum frag_end end;
	struct list_head pages;
	unsigned long n;
};

void kab_frag_pin(struct frag *frag);
void kab_frag_unpin(struct frag *frag);
unsigned int kab_frag_zones(struct result_zone *zones, unsigned int most);

#endif
