/* SPDX-License-Identifier: GPL-2.0 */
#ifndef KALLOCBENCH_PATTERNS_H
#define KALLOCBENCH_PATTERNS_H

#include "rows.h"
#include "vocab.h"

extern const struct pattern kab_patterns[];
extern const struct vocab_list kab_patterns_list;
extern const struct pattern *const kab_patterns_pair;

#endif
