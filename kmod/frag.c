// SPDX-License-Identifier: GPL-2.0
/*
 * frag - free memory with holes: pin a seeded half of the pages of many blocks.
 */
#include <linux/gfp.h>
#include <linux/kernel.h>
#include <linux/math64.h>
#include <linux/mm.h>
#include <linux/mmzone.h>
#include <linux/nodemask.h>
#include <linux/prandom.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/vmstat.h>

#include "frag.h"

/* Big enough to stay apart from the single pages that are given back. */
#define FRAG_ORDER	4

static u64 pages_to_pin(unsigned int percent)
{
	return div_u64((u64)global_zone_page_state(NR_FREE_PAGES) * percent, 100);
}

/**
 * frag_bytes() - memory that a share of the free memory is
 * @percent: share
 *
 * Context: any.
 * Return: bytes.
 */
u64 frag_bytes(unsigned int percent)
{
	return pages_to_pin(percent) << PAGE_SHIFT;
}

/* Of each pair of neighbours one stays, so that no two free pages can merge. */
static void keep_half(struct frag *frag, struct page *block,
		      struct rnd_state *random)
{
	unsigned int i;

	for (i = 0; i < 1 << FRAG_ORDER; i += 2) {
		unsigned int kept = prandom_u32_state(random) & 1;

		list_add(&block[i + kept].lru, &frag->pages);
		__free_page(&block[i + !kept]);
		frag->n++;
	}
}

/**
 * frag_pin() - fragment the free memory
 * @frag: filled
 * @percent: share of the free memory to pin; twice as much gets holes
 * @seed: for the choice of pages
 * @abort: ends it early when set, as does a signal
 *
 * Takes no memory that is not free now: nothing is reclaimed for it, and where
 * the allocator would have to dig into its reserves it ends early.
 *
 * Context: process, may sleep.
 */
void frag_pin(struct frag *frag, unsigned int percent, u64 seed,
	      const bool *abort)
{
	const u64 wanted = pages_to_pin(percent);
	struct rnd_state random;
	struct page *block;

	INIT_LIST_HEAD(&frag->pages);
	frag->n = 0;
	prandom_seed_state(&random, seed);
	while (frag->n < wanted && !READ_ONCE(*abort) &&
	       !signal_pending(current)) {
		block = alloc_pages((GFP_NOWAIT | __GFP_NORETRY |
				     __GFP_NOMEMALLOC | __GFP_NOWARN) &
				    ~__GFP_KSWAPD_RECLAIM, FRAG_ORDER);
		if (!block)
			break;
		split_page(block, FRAG_ORDER);
		keep_half(frag, block, &random);
		cond_resched();
	}
}

/**
 * frag_unpin() - give all pinned pages back
 * @frag: filled by frag_pin()
 *
 * Context: process, may sleep.
 */
void frag_unpin(struct frag *frag)
{
	struct page *page, *next;

	list_for_each_entry_safe(page, next, &frag->pages, lru) {
		list_del(&page->lru);
		__free_page(page);
		if (!(--frag->n & 1023))
			cond_resched();
	}
}

/**
 * frag_report() - write how the free memory is cut
 * @t: text to append to
 * @cell: id of the cell
 * @when: a word
 *
 * A line per zone with the free blocks of each order, smallest first, as in
 * /proc/buddyinfo. Read without the zone's lock: a block that moves meanwhile
 * may be missed.
 *
 * Context: process.
 */
void frag_report(struct text *t, unsigned int cell, const char *when)
{
	unsigned int i, order;
	int node;

	for_each_online_node(node) {
		for (i = 0; i < MAX_NR_ZONES; i++) {
			struct zone *zone = &NODE_DATA(node)->node_zones[i];

			if (!populated_zone(zone))
				continue;
			text_printf(t, "buddy cell=%u when=%s node=%d zone=%s free=",
				    cell, when, node, zone->name);
			for (order = 0; order < ARRAY_SIZE(zone->free_area); order++)
				text_printf(t, "%s%lu", order ? "," : "",
					    READ_ONCE(zone->free_area[order].nr_free));
			text_printf(t, "\n");
		}
	}
}
