// SPDX-License-Identifier: GPL-2.0
/*
 * What goes wrong with the clock, and when: parameters of the module.
 */
#include <linux/atomic.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/string.h>
#include <asm/tsc.h>

#include "clock.h"

/* Here the real one is meant. */
#undef tsc_khz

static char *fault = "none";
module_param(fault, charp, 0444);
MODULE_PARM_DESC(fault, "none, unknown (no frequency), unstable, jump, stop");

static int fault_edge = FAULT_now;
module_param_named(edge, fault_edge, int, 0444);
MODULE_PARM_DESC(edge, "it happens at the begin (0) or the end (1) of a timed region, or at another reading (2)");

static int after;
module_param(after, int, 0444);
MODULE_PARM_DESC(after, "so many readings of that kind are sound");

static int jump_us;
module_param(jump_us, int, 0444);
MODULE_PARM_DESC(jump_us, "microseconds, negative for backwards");

static bool happened;
module_param(happened, bool, 0444);
MODULE_PARM_DESC(happened, "it has gone wrong");

static atomic64_t readings;
/* Of the one CPU that finds itself at the place; others see it soon. */
static s64 offset;
static u64 stopped_at;
static bool unstable;

static bool is(const char *name)
{
	return !strcmp(fault, name);
}

static noinline void go_wrong(u64 ticks)
{
	WRITE_ONCE(happened, true);
	if (is("jump"))
		WRITE_ONCE(offset, (s64)jump_us * tsc_khz / 1000);
	else if (is("stop"))
		WRITE_ONCE(stopped_at, ticks);
	else if (is("unstable"))
		WRITE_ONCE(unstable, true);
}

/**
 * fault_ticks() - what the clock says
 * @edge: kind of reading
 * @ticks: what it would say were it sound
 *
 * Context: any.
 * Return: ticks.
 */
u64 fault_ticks(enum fault_edge edge, u64 ticks)
{
	if (edge == fault_edge && atomic64_inc_return(&readings) == after + 1)
		go_wrong(ticks);
	return READ_ONCE(stopped_at) ?: ticks + READ_ONCE(offset);
}

/**
 * fault_khz() - what the kernel knows of the frequency
 *
 * Context: any.
 * Return: ticks per millisecond, 0 when it knows nothing.
 */
unsigned int fault_khz(void)
{
	return is("unknown") ? 0 : tsc_khz;
}

/**
 * fault_unstable() - what the kernel thinks of the clock
 *
 * Context: any.
 * Return: not 0 when it does not trust it.
 */
int fault_unstable(void)
{
	return READ_ONCE(unstable);
}
