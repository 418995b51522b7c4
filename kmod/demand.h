/* SPDX-License-Identifier: GPL-2.0 */
#ifndef KALLOCBENCH_DEMAND_H
#define KALLOCBENCH_DEMAND_H

#include <linux/types.h>

#include "plan.h"

u64 demand_available(void);
unsigned int demand_calls(const struct plan *plan, const struct plan_cell *at);
u64 demand_touch(const struct plan_cell *at);
unsigned int demand_chunk(const struct plan *plan, const struct plan_cell *at);
u64 demand_bytes(const struct plan *plan);
unsigned int demand_moves(const struct plan_cell *at);
u64 demand_slots(const struct plan *plan, const struct plan_cell *at);
size_t demand_evict_bytes(void);
u64 demand_held(const struct plan *plan, const struct plan_cell *at);

#endif
