/* SPDX-License-Identifier: GPL-2.0 */
/* Also reached from the system's own headers, which need no more than this. */
#include_next <linux/types.h>
#include <linux/kernel.h>
