/* SPDX-License-Identifier: GPL-2.0 */
#ifndef KALLOCBENCH_INSN_H
#define KALLOCBENCH_INSN_H

int kab_insn_check(void);

#endif
