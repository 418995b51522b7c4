/* SPDX-License-Identifier: GPL-2.0 */
#ifndef KALLOCBENCH_DEMAND_H
#define KALLOCBENCH_DEMAND_H

#include <linux/types.h>

#include "plan.h"
#include "room.h"

struct allocator;

/**
 * struct demand - what a cell needs
 * @room: where its objects come from; nothing is kept in it yet
 * @available: bytes that can be had there
 * @bytes: what bytes= stands for
 * @depth: live objects of a worker
 * @slots: slots that a worker needs for them
 * @moves: of them, those that take objects held while others are hot
 * @calls: calls in a stretch; 0 when every call is timed, or when the depth is
 *	no multiple of calls=
 * @chunk: allocations, or stretches where those are timed, that a worker makes
 *	before it looks at anything else
 * @touch_step: bytes between two writes, 0 for no touching
 * @touch_most: most bytes that are written to at a time
 * @own: bytes that the allocator is prepared with, less what it takes for each
 *	object that is asked for
 * @held: bytes that live objects take at once at most, with all that pattern
 *	and allocator need besides
 */
struct demand {
	struct room room;
	u64 available;
	u64 bytes;
	unsigned int depth;
	u64 slots;
	unsigned int moves;
	unsigned int calls;
	unsigned int chunk;
	size_t touch_step;
	u64 touch_most;
	u64 own;
	u64 held;
};

u64 kab_demand_footprint(const struct allocator *a, u64 size);
void kab_demand_objects(struct room *room, const struct allocator *a, u64 each);
struct demand kab_demand_of(const struct plan *plan, const struct plan_cell *at,
			    u64 each);
size_t kab_demand_evict_bytes(const struct plan *plan);

#endif
