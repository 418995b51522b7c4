// SPDX-License-Identifier: GPL-2.0
/*
 * frag - free memory with holes, so that no block of an order is free.
 *
 * Every block of that order loses its first page: that takes least memory,
 * 1/1024 of it for 4 MiB. What the share leaves over is spent first: of many
 * other blocks a seeded half of the pages is kept, so that smaller blocks become
 * rare, too.
 */
#include <linux/gfp.h>
#include <linux/kernel.h>
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/mmzone.h>
#include <linux/percpu.h>
#include <linux/preempt.h>
#include <linux/prandom.h>
#include <linux/sched.h>
#include <linux/vmstat.h>

#include "frag.h"
#include "room.h"

/* Big enough to stay apart from the single pages that are freed. */
#define FRAG_ORDER	4
/* Pages that push others off a CPU's list come in blocks of this order. */
#define FRAG_PUSH_ORDER	8
#define FRAG_GFP							\
	((GFP_NOWAIT | __GFP_NORETRY | __GFP_NOMEMALLOC | __GFP_NOWARN |	\
	  __GFP_THISNODE) & ~__GFP_KSWAPD_RECLAIM)

/*
 * A zone on its way to be fragmented: @gfp takes blocks from it before all
 * others, @room pages may still be pinned in it, @random chooses them.
 */
struct frag_zone {
	struct frag *frag;
	struct zone *zone;
	gfp_t gfp;
	unsigned long room;
	struct rnd_state random;
};

static unsigned long share_of(unsigned long pages, const struct frag *frag)
{
	return div_u64(pages * frag->plan->number[PLAN_SHARE], 100);
}

static bool stopped(const struct frag *frag)
{
	return frag->plan && READ_ONCE(frag->plan->stop);
}

/* 0 where slabs are taken; the largest order where no block is large enough. */
static unsigned int order_for(size_t size)
{
	const unsigned int most = ARRAY_SIZE(((struct zone *)0)->free_area) - 1;

	return size <= KMALLOC_MAX_CACHE_SIZE ? 0 :
	       min_t(unsigned int, get_order(size), most);
}

/*
 * A block that is free now, and nothing is reclaimed for; @price are its pages
 * that will be pinned. NULL says why in the end of @z's frag.
 */
static struct page *take_block(struct frag_zone *z, unsigned int order,
			       unsigned long price)
{
	struct page *block;

	cond_resched();
	z->frag->end = FRAG_SHARE;
	if (stopped(z->frag) || z->room < price)
		return NULL;
	z->frag->end = FRAG_OTHERS;
	if (!kab_room_lets(z->zone, order, price))
		return NULL;
	z->frag->end = FRAG_BLOCKS;
	block = alloc_pages_node(zone_to_nid(z->zone), z->gfp, order);
	/* The zone has none left, and the allocator fell back to another zone. */
	if (block && page_zone(block) != z->zone) {
		__free_pages(block, order);
		return NULL;
	}
	if (block)
		z->room -= price;
	return block;
}

static void keep(struct frag *frag, struct page *page)
{
	list_add(&page->lru, &frag->pages);
	frag->n++;
}

/*
 * The first page of each block stays. __free_pages() frees all others of a block
 * whose first page has one more reference.
 */
static void break_blocks(struct frag_zone *z)
{
	const unsigned int order = z->frag->order;
	struct page *block;

	while ((block = take_block(z, order, 1))) {
		get_page(block);
		__free_pages(block, order);
		keep(z->frag, block);
	}
	/* What is free and cannot be had is kept by the kernel for others. */
	if (z->frag->end != FRAG_BLOCKS)
		z->frag->left += kab_room_blocks(z->zone, order);
}

/* Of each pair of neighbours one stays, so that no two free pages can merge. */
static void keep_half(struct frag_zone *z, struct page *block,
		      unsigned int order)
{
	unsigned int i;

	split_page(block, order);
	for (i = 0; i < 1 << order; i += 2) {
		unsigned int kept = prandom_u32_state(&z->random) & 1;

		keep(z->frag, &block[i + kept]);
		__free_page(&block[i + !kept]);
	}
}

static void checker(struct frag_zone *z)
{
	unsigned int order = FRAG_ORDER;
	struct page *block;

	if (z->frag->order)
		order = min(order, z->frag->order - 1);
	for (; order; order--) {
		while ((block = take_block(z, order, 1UL << (order - 1))))
			keep_half(z, block, order);
	}
}

static void pin_zone(struct frag_zone *z)
{
	const unsigned int order = z->frag->order;
	const unsigned long free = zone_page_state(z->zone, NR_FREE_PAGES);
	/* As admitted: of what is not kept for others. */
	const struct room admitted = { .gfp = z->frag->gfp };
	const long spared = max(kab_room_free_in(z->zone, &admitted), 0L);
	const unsigned long share = share_of(spared, z->frag);
	const unsigned long spare = order ? min(share_of(free, z->frag),
						free >> order) : 0;

	prandom_seed_state(&z->random, z->frag->plan->number[PLAN_SEED]);
	/* The many pages that are freed push old ones off the CPU's list: first. */
	z->room = share > spare ? share - spare : 0;
	checker(z);
	z->room += spare;
	if (order)
		break_blocks(z);
}

static void free_pages_of(struct frag *frag)
{
	struct page *page, *next;

	list_for_each_entry_safe(page, next, &frag->pages, lru) {
		list_del(&page->lru);
		__free_page(page);
		if (!(--frag->n & 1023))
			cond_resched();
	}
}

/* Free pages that this CPU may keep to itself. */
static unsigned long pcp_high(const struct zone *zone)
{
	return READ_ONCE(raw_cpu_ptr(zone->per_cpu_pageset)->high);
}

/*
 * Single pages that are freed stay on a list of their CPU, and the blocks that
 * miss them stay broken for the next caller. Pages freed after them push them
 * off it: pages that lie together, so that few blocks miss those.
 */
static void push_off(struct frag_zone *z)
{
	struct page *block;
	unsigned int i;

	z->room = round_up(pcp_high(z->zone), 1UL << FRAG_PUSH_ORDER);
	while ((block = take_block(z, FRAG_PUSH_ORDER, 1UL << FRAG_PUSH_ORDER))) {
		split_page(block, FRAG_PUSH_ORDER);
		for (i = 0; i < 1 << FRAG_PUSH_ORDER; i++)
			keep(z->frag, &block[i]);
	}
	free_pages_of(z->frag);
}

/* Small zones first: the allocator falls back to them when a larger one has nothing left. */
static enum frag_end each_zone(struct frag *frag,
			       void (*visit)(struct frag_zone *z))
{
	static const gfp_t flags[] = { __GFP_DMA, __GFP_DMA32, 0 };
	struct frag_zone z = { .frag = frag };
	enum frag_end end = FRAG_BLOCKS;
	unsigned int i;
	int node;

	for_each_node_mask(node, frag->nodes) {
		for (i = 0; i < ARRAY_SIZE(flags); i++) {
			const enum zone_type type = gfp_zone(flags[i]);

			z.zone = &NODE_DATA(node)->node_zones[type];
			z.gfp = FRAG_GFP | flags[i];
			/* A kernel without a zone takes from the normal one instead. */
			if ((flags[i] && type == ZONE_NORMAL) ||
			    type > gfp_zone(frag->gfp) || !populated_zone(z.zone))
				continue;
			visit(&z);
			end = min(end, frag->end);
		}
	}
	return end;
}

/**
 * kab_frag_pin() - fragment the free memory
 * @frag: says where and how; gets the rest
 *
 * Takes no memory that is not free now: nothing is reclaimed for it, and it ends
 * before others would have to reclaim.
 *
 * Context: process, may sleep.
 */
void kab_frag_pin(struct frag *frag)
{
	frag->order = order_for(frag->size);
	frag->left = 0;
	frag->n = 0;
	INIT_LIST_HEAD(&frag->pages);
	frag->end = each_zone(frag, pin_zone);
}

/**
 * kab_frag_unpin() - free all pinned pages
 * @frag: filled by kab_frag_pin()
 *
 * Context: process, may sleep.
 */
void kab_frag_unpin(struct frag *frag)
{
	frag->plan = NULL;
	/* One list, of one CPU. */
	migrate_disable();
	free_pages_of(frag);
	each_zone(frag, push_off);
	migrate_enable();
}

/**
 * kab_frag_zones() - see how the free memory is cut
 * @zones: gets the zones with free blocks of each order, as in /proc/buddyinfo
 * @most: entries at @zones
 *
 * Read without the zone's lock: a block that moves meanwhile may be missed.
 *
 * Context: process.
 * Return: number of zones.
 */
unsigned int kab_frag_zones(struct result_zone *zones, unsigned int most)
{
	unsigned int i, order, n = 0;
	int node;

	for_each_online_node(node) {
		for (i = 0; i < MAX_NR_ZONES && n < most; i++) {
			struct zone *zone = &NODE_DATA(node)->node_zones[i];

			BUILD_BUG_ON(ARRAY_SIZE(zone->free_area) > RESULT_ORDERS);
			if (!populated_zone(zone))
				continue;
			zones[n] = (struct result_zone){
				.node = node, .name = zone->name,
				.orders = ARRAY_SIZE(zone->free_area),
			};
			for (order = 0; order < zones[n].orders; order++)
				zones[n].free[order] =
					READ_ONCE(zone->free_area[order].nr_free);
			n++;
		}
	}
	return n;
}
