/* SPDX-License-Identifier: GPL-2.0 */
#ifndef KALLOCBENCH_CONTEXTS_H
#define KALLOCBENCH_CONTEXTS_H

#include "rows.h"
#include "words.h"

extern const struct context kab_contexts[];
extern const unsigned int kab_contexts_count;
extern const struct context *const kab_contexts_process;

struct vocab_list kab_context_list(struct vocab_word *words);

#endif
