/* SPDX-License-Identifier: GPL-2.0 */
/* glibc includes this name too, and means its own. */
#include_next <linux/errno.h>
