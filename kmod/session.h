/* SPDX-License-Identifier: GPL-2.0 */
#ifndef KALLOCBENCH_SESSION_H
#define KALLOCBENCH_SESSION_H

#include <linux/compiler.h>
#include <linux/types.h>

#include "text.h"

/* What can be read. SESSION_NONE is for files that cannot. */
enum session_file {
	SESSION_NONE,
	SESSION_LINE,
	SESSION_RESULTS,
	SESSION_SUMMARY,
	SESSION_PROPERTIES,
	SESSION_STATUS,
	SESSION_ERROR,
	SESSION_HELP,
};

int kab_session_open(bool insn);
void kab_session_close(void);
int kab_session_run(const char __user *from, size_t len);
int kab_session_refuse(int err, const char *why);
int kab_session_abort(const char __user *from, size_t len);

struct text *kab_session_read(enum session_file file);

#endif
