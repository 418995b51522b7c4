/* SPDX-License-Identifier: GPL-2.0 */
#ifndef KALLOCBENCH_ALLOCS_H
#define KALLOCBENCH_ALLOCS_H

#include "burst.h"
#include "text.h"
#include "vocab.h"

/* Traits of an allocator. */
#define ALLOC_SLEEPS	BIT(0)	/* may sleep whatever the flags say */
#define ALLOC_NO_FLAGS	BIT(1)	/* its call takes no gfp_t */
#define ALLOC_REFERENCE	BIT(2)	/* allocates nothing */
#define ALLOC_DOUBLES	BIT(3)	/* sizes are rounded up to a power of two */

/**
 * struct alloc_state - what an allocator needs beside the arguments of a call
 */
struct alloc_state {
	int unused;
};

/**
 * struct allocator - a row of allocs.def
 * @name: in parameter lines and results
 * @about: half a line for help
 * @absent: why this kernel does not have it, or NULL
 * @max: largest size in bytes
 * @takes: flags that mean something to it and are legal
 * @needs: flags it cannot do without
 * @traits: ALLOC_ bits
 * @cookies: words of u64 that it keeps beside each object
 * @pair: loops, see burst.h
 * @get: fills slots
 * @put: empties slots
 * @pair_stretch: stretches of pairs
 * @get_stretch: fills slots as one sample
 * @put_stretch: empties slots as one sample
 */
struct allocator {
	const char *name;
	const char *about;
	const char *absent;
	u64 max;
	gfp_t takes;
	gfp_t needs;
	unsigned int traits;
	unsigned int cookies;
	burst_fn pair;
	burst_fn get;
	burst_fn put;
	burst_fn pair_stretch;
	burst_fn get_stretch;
	burst_fn put_stretch;
};

extern const struct allocator allocs[];
extern const unsigned int allocs_count;
extern const struct allocator *const allocs_null;
extern const struct vocab_list allocs_gfps;

struct vocab_list allocs_list(struct vocab_word *words);
u64 allocs_footprint(const struct allocator *a, u64 size);
bool allocs_refuse(const struct allocator *a, u64 size, gfp_t gfp,
		   struct text *why);

void burst_touch(void **slots, unsigned int count, size_t size, size_t step,
		 u64 *ticks);
void burst_retouch(void **slots, unsigned int count, size_t size, size_t step,
		   u64 *ticks);

#endif
