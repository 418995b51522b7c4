/* SPDX-License-Identifier: GPL-2.0 */
#ifndef EXPLAIN_SET_H
#define EXPLAIN_SET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * struct set - numbers, all forgotten at once; all zeroes is an empty one
 * @keys: hash table, a power of two long
 * @stamps: of each slot, when it was filled
 * @size: length of the table
 * @used: slots filled since the last set_clear()
 * @stamp: what marks those
 */
struct set {
	uint64_t *keys;
	uint32_t *stamps;
	size_t size;
	size_t used;
	uint32_t stamp;
};

bool set_add(struct set *set, uint64_t key);
void set_clear(struct set *set);

#endif
