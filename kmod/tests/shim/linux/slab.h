/* SPDX-License-Identifier: GPL-2.0 */
/* A text grows: that much of the kernel's memory there is, and it may be none. */
#ifndef SHIM_SLAB_H
#define SHIM_SLAB_H

#include <linux/kernel.h>

#define GFP_KERNEL	0
#define __GFP_NORETRY	0
#define __GFP_NOWARN	0

/* Of the allocations to come the one that fails, 1 the next, 0 none; shared by all that include this. */
__attribute__((weak)) unsigned int shim_fails;

static inline void *kvmalloc(size_t size, unsigned int gfp)
{
	return shim_fails && !--shim_fails ? NULL : malloc(size);
}

#define kvfree(memory)	free(memory)

#endif
