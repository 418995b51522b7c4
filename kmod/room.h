/* SPDX-License-Identifier: GPL-2.0 */
#ifndef KALLOCBENCH_ROOM_H
#define KALLOCBENCH_ROOM_H

#include <linux/gfp_types.h>
#include <linux/types.h>

struct mem_cgroup;
struct zone;

/* What can run short. */
enum room_kind {
	ROOM_BYTES,
	ROOM_BLOCKS,
	ROOM_CHARGE,
	ROOM_KINDS
};

/**
 * struct room - where objects come from, and what is left there for others
 * @gfp: flags that are asked with; they choose the zones
 * @node: node that is asked, or NUMA_NO_NODE
 * @order: of the blocks that are needed, 0 where any page will do
 * @piles: what is taken is held while more is taken
 * @memcg: who is charged, or NULL
 * @each: bytes that an object takes, 0 for nothing
 * @takers: how many take from it at once
 * @keep: bytes of each kind that stay
 */
struct room {
	gfp_t gfp;
	int node;
	unsigned int order;
	bool piles;
	struct mem_cgroup *memcg;
	u64 each;
	unsigned int takers;
	u64 keep[ROOM_KINDS];
};

u64 kab_room_available(const struct room *r);
long kab_room_free_in(struct zone *zone, const struct room *r);
unsigned long kab_room_blocks(const struct zone *zone, unsigned int order);
bool kab_room_lets(struct zone *zone, unsigned int order, unsigned long price);
u64 kab_room_in_blocks(const struct room *r, unsigned int order);
void kab_room_keep(struct room *r, unsigned int divisor);
unsigned int kab_room_for(const struct room *r, u64 unit, enum room_kind *lack);
long kab_room_free_pages(void);

#endif
