/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A clock that goes wrong on request: clocks.t puts this in the place of the
 * module's clock.h, and keeps that as sound_clock.h beside it.
 */
#ifndef KALLOCBENCH_FAULTY_CLOCK_H
#define KALLOCBENCH_FAULTY_CLOCK_H

#include <linux/types.h>
#include <asm/tsc.h>

/* Which of its readings a fault waits for. */
enum fault_edge {
	FAULT_begin,
	FAULT_end,
	FAULT_now,
};

u64 fault_ticks(enum fault_edge edge, u64 ticks);
unsigned int fault_khz(void);
int fault_unstable(void);

#define tsc_khz			fault_khz()
#define check_tsc_unstable()	fault_unstable()

#include "sound_clock.h"

static __always_inline u64 fault_sound_ticks(void)
{
	return clock_now();
}

#undef clock_begin
#undef clock_end
#define clock_begin(op)	fault_ticks(FAULT_begin, fault_sound_ticks())
#define clock_end(op)	fault_ticks(FAULT_end, fault_sound_ticks())
#define clock_now()	fault_ticks(FAULT_now, fault_sound_ticks())

#endif
