/* SPDX-License-Identifier: GPL-2.0 */
#ifndef KALLOCBENCH_SESSION_H
#define KALLOCBENCH_SESSION_H

#include <linux/types.h>

#include "store.h"

int session_open(bool insn);
void session_close(void);
int session_run(const char *line, size_t len);
int session_refuse(int err, const char *why);
void session_abort(void);

struct store *session_line(void);
struct store *session_results(void);
struct store *session_summary(void);
struct store *session_properties(void);
struct store *session_status(void);
struct store *session_error(void);
struct store *session_help(void);

#endif
