/* SPDX-License-Identifier: GPL-2.0 */
#ifndef KALLOCBENCH_DEBUGFS_H
#define KALLOCBENCH_DEBUGFS_H

#include <linux/types.h>

int debugfs_start(bool insn);
void debugfs_stop(void);

#endif
