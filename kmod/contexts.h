/* SPDX-License-Identifier: GPL-2.0 */
#ifndef KALLOCBENCH_CONTEXTS_H
#define KALLOCBENCH_CONTEXTS_H

#include "rows.h"
#include "words.h"

extern const struct context contexts[];
extern const unsigned int contexts_count;
extern const struct context *const contexts_process;

struct vocab_list context_list(struct vocab_word *words);

#endif
