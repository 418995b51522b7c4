/* SPDX-License-Identifier: GPL-2.0 */
#ifndef KALLOCBENCH_SESSION_H
#define KALLOCBENCH_SESSION_H

#include <linux/types.h>

int kab_session_open(bool insn);
void kab_session_close(void);

#endif
