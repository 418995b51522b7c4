/* SPDX-License-Identifier: GPL-2.0 */
#ifndef KALLOCBENCH_DEMAND_H
#define KALLOCBENCH_DEMAND_H

#include <linux/types.h>

#include "plan.h"
#include "room.h"

struct allocator;

bool demand_piles(const struct plan_cell *at);
void demand_objects(struct room *room, const struct allocator *a, u64 each);
struct room demand_room(const struct plan *plan, const struct plan_cell *at,
			u64 each);
unsigned int demand_calls(const struct plan *plan, const struct plan_cell *at);
u64 demand_touch(const struct plan_cell *at);
unsigned int demand_chunk(const struct plan *plan, const struct plan_cell *at);
u64 demand_bytes(const struct plan *plan, const struct plan_cell *at);
unsigned int demand_moves(const struct plan_cell *at);
u64 demand_slots(const struct plan *plan, const struct plan_cell *at, u64 each);
size_t demand_evict_bytes(const struct plan *plan);
u64 demand_own(const struct plan_cell *at, u64 each);
u64 demand_held(const struct plan *plan, const struct plan_cell *at, u64 each);

#endif
