/* SPDX-License-Identifier: GPL-2.0 */
#ifndef KALLOCBENCH_ASIDE_H
#define KALLOCBENCH_ASIDE_H

#include <linux/types.h>

int aside_call(int (*fn)(void *arg), void *arg, bool *abort);

#endif
