/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_KREF_H
#define SHIM_KREF_H

#include <linux/kernel.h>

struct kref {
	int n;
};

static inline void kref_init(struct kref *ref)
{
	ref->n = 1;
}

static inline void kref_get(struct kref *ref)
{
	ref->n++;
}

static inline void kref_put(struct kref *ref, void (*release)(struct kref *ref))
{
	if (!--ref->n)
		release(ref);
}

#endif
