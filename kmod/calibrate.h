/* SPDX-License-Identifier: GPL-2.0 */
#ifndef KALLOCBENCH_CALIBRATE_H
#define KALLOCBENCH_CALIBRATE_H

#include "cell.h"

const char *kab_calibrate_clock(struct cell_bench *b);
int kab_calibrate_check_insn(void);

#endif
