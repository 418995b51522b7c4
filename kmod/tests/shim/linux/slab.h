/* SPDX-License-Identifier: GPL-2.0 */
/* A text grows: that much of the kernel's memory there is, and no more. */
#ifndef SHIM_SLAB_H
#define SHIM_SLAB_H

#include <linux/kernel.h>

#define GFP_KERNEL	0
#define __GFP_NORETRY	0
#define __GFP_NOWARN	0

#define kvmalloc(size, gfp)	((void)(gfp), malloc(size))
#define kvfree(memory)	free(memory)

#endif
