/* SPDX-License-Identifier: GPL-2.0 */
/* What every unit test includes first: cmocka needs its headers in this order. */
#ifndef UNIT_H
#define UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>
#include <linux/kernel.h>

/* A seeded generator (xorshift64*): a failure seen once is seen again. */
static inline u64 unit_random(u64 *state)
{
	*state ^= *state >> 12;
	*state ^= *state << 25;
	*state ^= *state >> 27;
	return *state * 0x2545f4914f6cdd1dULL;
}

#endif
