/* SPDX-License-Identifier: GPL-2.0 */
#ifndef KALLOCBENCH_CONTEXTS_H
#define KALLOCBENCH_CONTEXTS_H

#include "rows.h"
#include "vocab.h"

extern const struct context kab_contexts[];
extern const struct vocab_list kab_contexts_list;
extern const struct context *const kab_contexts_process;

#endif
