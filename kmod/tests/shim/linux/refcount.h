/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_REFCOUNT_H
#define SHIM_REFCOUNT_H

#include <linux/kernel.h>

typedef struct {
	int n;
} refcount_t;

static inline void refcount_set(refcount_t *ref, int n)
{
	ref->n = n;
}

static inline void refcount_inc(refcount_t *ref)
{
	ref->n++;
}

static inline bool refcount_dec_and_test(refcount_t *ref)
{
	return !--ref->n;
}

#endif
