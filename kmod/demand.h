/* SPDX-License-Identifier: GPL-2.0 */
#ifndef KALLOCBENCH_DEMAND_H
#define KALLOCBENCH_DEMAND_H

#include <linux/types.h>

#include "plan.h"
#include "worker.h"

u64 kab_demand_footprint(const struct allocator *a, u64 size);
void kab_demand_objects(struct room *room, const struct allocator *a, u64 each);
struct demand kab_demand_of(const struct plan *plan, const struct plan_cell *at,
			    u64 each);
size_t kab_demand_evict_bytes(const struct plan *plan);

#endif
