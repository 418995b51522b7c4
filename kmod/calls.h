/* SPDX-License-Identifier: GPL-2.0 */
#ifndef KALLOCBENCH_CALLS_H
#define KALLOCBENCH_CALLS_H

#include <linux/kernel.h>
#include <linux/prandom.h>

#include "clock.h"
#include "worker.h"

/* Whether calls are wanted, and the burst has not been long. */
static inline bool calls_wanted(const struct worker *w)
{
	return w->want && clock_now() < w->burst.deadline;
}

/* A seeded random number below @ceil. */
static inline u32 calls_random(struct worker *w, u32 ceil)
{
	return reciprocal_scale(prandom_u32_state(&w->random), ceil);
}

/* What patterns are made of. */
void kab_calls_pair(struct worker *w);
unsigned int kab_calls_alloc(struct worker *w, unsigned int slot,
			     unsigned int count);
unsigned int kab_calls_fill(struct worker *w, unsigned int slot,
			    unsigned int count);
unsigned int kab_calls_free(struct worker *w, struct worker *owner,
			    unsigned int slot, unsigned int count,
			    const u32 *index);
void kab_calls_touch(struct worker *w, unsigned int slot, unsigned int count);

/* Around them. */
void kab_calls_burst(struct worker *w);
void kab_calls_tare(struct worker *w);
void kab_calls_prefill(struct worker *w, unsigned int count);
void kab_calls_move_on(struct worker *w);
void kab_calls_drain(struct worker *w);

#endif
