// SPDX-License-Identifier: GPL-2.0
/*
 * room - how much memory may still be taken: in the zones that the flags may
 * use, in blocks of the order that is needed, and from the writer's cgroup.
 *
 * GFP_KERNEL up to PAGE_ALLOC_COSTLY_ORDER does not fail: it has somebody
 * killed. So what is there is checked before it is asked for.
 */
#include <linux/cpumask.h>
#include <linux/gfp.h>
#include <linux/kernel.h>
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/mmzone.h>
#include <linux/nodemask.h>
#include <linux/numa.h>
#include <linux/percpu.h>
#include <linux/vmstat.h>

#include "compat_state.h"
#include "room.h"

/* Of what there is room for, so much is taken before the next look. */
#define ROOM_SHARE	8
/* This part of the high watermark is left in blocks that the kernel does not do without. */
#define ROOM_WHOLE	8

/**
 * kab_room_free_in() - free pages of a zone that may be had without a fight
 * @zone: zone
 * @r: of it, the flags
 *
 * Context: any.
 * Return: pages; less than none where the kernel reclaims already.
 */
long kab_room_free_in(struct zone *zone, const struct room *r)
{
	long pages = zone_page_state(zone, NR_FREE_PAGES);

	pages -= high_wmark_pages(zone);
	pages -= zone->lowmem_reserve[gfp_zone(r->gfp)];
	pages -= READ_ONCE(zone->nr_reserved_highatomic);
	return pages - (long)zone_page_state(zone, NR_FREE_CMA_PAGES);
}

/* With what reclaim frees: as si_mem_available() counts, zone by zone. */
static long pages_in(struct zone *zone, const struct room *r)
{
	long file = zone_page_state(zone, NR_ZONE_ACTIVE_FILE) +
		    zone_page_state(zone, NR_ZONE_INACTIVE_FILE);

	file -= min_t(long, file / 2, low_wmark_pages(zone));
	return kab_room_free_in(zone, r) + file;
}

/**
 * kab_room_blocks() - free blocks of a zone
 * @zone: zone
 * @order: of the blocks; larger ones count as several
 *
 * Context: any.
 * Return: blocks.
 */
unsigned long kab_room_blocks(const struct zone *zone, unsigned int order)
{
	unsigned long blocks = 0;
	unsigned int o;

	for (o = order; o < ARRAY_SIZE(zone->free_area); o++)
		blocks += READ_ONCE(zone->free_area[o].nr_free) << (o - order);
	return blocks;
}

/**
 * kab_room_lets() - whether others find enough in a zone without a block of it
 * @zone: zone
 * @order: of the block, which is about to be broken
 * @price: pages of it that will be held; where that is one, most of a large
 *	block stays one
 *
 * Others find as much as nobody is woken up for, and a part of it in blocks that
 * the kernel kills for rather than do without.
 *
 * Context: any.
 * Return: true if it may be broken.
 */
bool kab_room_lets(struct zone *zone, unsigned int order, unsigned long price)
{
	const unsigned long mark = high_wmark_pages(zone);
	const unsigned long loss = min(1UL << order,
				       price << PAGE_ALLOC_COSTLY_ORDER);
	const unsigned long whole = kab_room_blocks(zone, PAGE_ALLOC_COSTLY_ORDER)
				    << PAGE_ALLOC_COSTLY_ORDER;

	return zone_page_state(zone, NR_FREE_PAGES) >= mark + price &&
	       whole >= mark / ROOM_WHOLE + loss;
}

/*
 * Smaller fragments may never merge into such a block, so they do not count.
 * Requests above the costly order may fail, so they need no more than that order.
 */
static long block_pages_in(struct zone *zone, const struct room *r)
{
	unsigned int order = min_t(unsigned int, r->order,
				   PAGE_ALLOC_COSTLY_ORDER);
	long pages = kab_room_blocks(zone, order) << order;

	pages -= READ_ONCE(zone->nr_reserved_highatomic);
	pages -= zone_page_state(zone, NR_FREE_CMA_PAGES);
	return min(pages, kab_room_free_in(zone, r));
}

static u64 sum_zones(const struct room *r,
		     long (*pages)(struct zone *zone, const struct room *r))
{
	enum zone_type i;
	u64 sum = 0;
	int node;

	for_each_online_node(node) {
		if (r->node != NUMA_NO_NODE && r->node != node)
			continue;
		for (i = 0; i <= gfp_zone(r->gfp); i++) {
			struct zone *zone = &NODE_DATA(node)->node_zones[i];

			if (populated_zone(zone))
				sum += max(pages(zone, r), 0L);
		}
	}
	return sum << PAGE_SHIFT;
}

/* Caches of the slab allocator lie in all zones but the movable one. */
static u64 slab_bytes(const struct room *r)
{
	u64 pages = 0;
	int node;

	if (gfp_zone(r->gfp) < ZONE_NORMAL)
		return 0;
	for_each_online_node(node) {
		/* Counted in pages, whatever the name says. */
		const atomic_long_t *slab =
			&NODE_DATA(node)->vm_stat[NR_SLAB_RECLAIMABLE_B];

		if (r->node == NUMA_NO_NODE || r->node == node)
			pages += max(atomic_long_read(slab), 0L) / 2;
	}
	return pages << PAGE_SHIFT;
}

/*
 * Whether the blocks matter: the kernel would rather kill than fail, or try for
 * ever; or those taken leave others without.
 */
static bool needs_blocks(const struct room *r)
{
	const bool insists = (r->gfp & __GFP_DIRECT_RECLAIM) &&
			     !(r->gfp & (__GFP_NORETRY | __GFP_RETRY_MAYFAIL));

	return r->order && (r->piles || (insists &&
					 r->order <= PAGE_ALLOC_COSTLY_ORDER));
}

static u64 has(const struct room *r, enum room_kind kind)
{
	switch (kind) {
	case ROOM_BYTES:
		return sum_zones(r, pages_in) + slab_bytes(r);
	case ROOM_BLOCKS:
		return needs_blocks(r) ? sum_zones(r, block_pages_in) : U64_MAX;
	default:
		return r->memcg ? compat_charge_left(r->memcg) : U64_MAX;
	}
}

/**
 * kab_room_available() - memory that can be had without taking it from somebody
 * @r: where
 *
 * Context: any.
 * Return: bytes, whatever blocks they are in.
 */
u64 kab_room_available(const struct room *r)
{
	return min(has(r, ROOM_BYTES), has(r, ROOM_CHARGE));
}

/**
 * kab_room_in_blocks() - memory that is free in blocks of an order or larger
 * @r: where; no cgroup is asked
 * @order: at most PAGE_ALLOC_COSTLY_ORDER; 0 for all that is free
 *
 * Context: any.
 * Return: bytes.
 */
u64 kab_room_in_blocks(const struct room *r, unsigned int order)
{
	struct room in_blocks = *r;

	in_blocks.order = order;
	return sum_zones(&in_blocks, block_pages_in);
}

/**
 * kab_room_keep() - leave a share of what there is now for others
 * @r: where; its keep is filled
 * @divisor: one part in this many
 *
 * Context: any.
 */
void kab_room_keep(struct room *r, unsigned int divisor)
{
	enum room_kind kind;

	for (kind = 0; kind < ROOM_KINDS; kind++)
		r->keep[kind] = div_u64(has(r, kind), divisor);
}

/**
 * kab_room_for() - how many more objects may be taken before the next look
 * @r: where
 * @unit: objects that are taken without a look between them
 * @lack: gets what is short when there is no room
 *
 * Context: any.
 * Return: units, a small share of what there is room for; 0 if not even one
 * may be taken.
 */
unsigned int kab_room_for(const struct room *r, u64 unit, enum room_kind *lack)
{
	u64 least = U64_MAX;
	enum room_kind kind;

	if (!r->each)
		return UINT_MAX;
	for (kind = 0; kind < ROOM_KINDS; kind++) {
		const u64 now = has(r, kind);
		const u64 left = now > r->keep[kind] ? now - r->keep[kind] : 0;

		if (left < least) {
			least = left;
			*lack = kind;
		}
	}
	least = div64_u64(div64_u64(least, max(r->takers, 1U)), r->each);
	if (least < unit)
		return 0;
	return clamp_t(u64, div64_u64(least, unit * ROOM_SHARE), 1, UINT_MAX);
}

static long all_free_in(struct zone *zone, const struct room *r)
{
	long pages = zone_page_state_snapshot(zone, NR_FREE_PAGES);
	unsigned int cpu;

	for_each_online_cpu(cpu)
		pages += READ_ONCE(per_cpu_ptr(zone->per_cpu_pageset, cpu)->count);
	return pages;
}

/**
 * kab_room_free_pages() - pages that nobody has, those on the lists of CPUs too
 *
 * Exact while nobody else allocates: counters that a CPU has not yet added to
 * its zone's are.
 *
 * Context: any; CPUs do not come or go.
 * Return: pages.
 */
long kab_room_free_pages(void)
{
	const struct room anywhere = {
		.gfp = GFP_HIGHUSER_MOVABLE, .node = NUMA_NO_NODE,
	};

	return sum_zones(&anywhere, all_free_in) >> PAGE_SHIFT;
}
