/* SPDX-License-Identifier: GPL-2.0 */
#ifndef KALLOCBENCH_SLOT_H
#define KALLOCBENCH_SLOT_H

#include <linux/types.h>

#include "text.h"

/* So many random places in a slab have no common divisor but the true one. */
#define SLOT_OBJECTS	64

size_t kab_slot_bytes(void *const *objects, unsigned int n);
void kab_slot_learn(void);
bool kab_slot_padded(void);
bool kab_slot_padded_some(void);
void kab_slot_sizes(struct text *t);

#endif
