/* SPDX-License-Identifier: GPL-2.0 */
#ifndef KALLOCBENCH_PATTERNS_H
#define KALLOCBENCH_PATTERNS_H

#include "rows.h"
#include "words.h"

extern const struct pattern patterns[];
extern const unsigned int patterns_count;
extern const struct pattern *const patterns_pair;

struct vocab_list pattern_list(struct vocab_word *words);

#endif
