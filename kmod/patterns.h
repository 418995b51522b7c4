/* SPDX-License-Identifier: GPL-2.0 */
#ifndef KALLOCBENCH_PATTERNS_H
#define KALLOCBENCH_PATTERNS_H

#include "rows.h"
#include "words.h"

extern const struct pattern kab_patterns[];
extern const unsigned int kab_patterns_count;
extern const struct pattern *const kab_patterns_pair;

struct vocab_list kab_pattern_list(struct vocab_word *words);

#endif
