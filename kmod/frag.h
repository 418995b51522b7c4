/* SPDX-License-Identifier: GPL-2.0 */
#ifndef KALLOCBENCH_FRAG_H
#define KALLOCBENCH_FRAG_H

#include <linux/gfp.h>
#include <linux/list.h>
#include <linux/nodemask.h>
#include <linux/types.h>

#include "result.h"

/**
 * struct frag_ask - what shall be fragmented
 * @nodes: where
 * @gfp: flags of the calls that come: only zones they may use
 * @order: order of the blocks that those calls need, 0 for single pages
 * @percent: share of the free memory that may be pinned
 * @seed: for the choice of pages
 * @abort: ends it early when set
 */
struct frag_ask {
	nodemask_t nodes;
	gfp_t gfp;
	unsigned int order;
	unsigned int percent;
	u64 seed;
	const bool *abort;
};

/* Why no more was pinned. */
enum frag_end {
	FRAG_SHARE,
	FRAG_OTHERS,
	FRAG_BLOCKS,
};

/**
 * struct frag - pinned pages
 * @pages: linked by their lru
 * @n: how many
 * @order: of the blocks that should go
 * @left: blocks of that order that are still free
 * @end: why they are
 */
struct frag {
	struct list_head pages;
	unsigned long n;
	unsigned int order;
	unsigned long left;
	enum frag_end end;
};

unsigned int frag_order(size_t size);
void frag_pin(struct frag *frag, const struct frag_ask *ask);
void frag_unpin(struct frag *frag, const struct frag_ask *ask);
unsigned int frag_zones(struct result_zone *zones, unsigned int most);

#endif
