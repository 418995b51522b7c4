/* SPDX-License-Identifier: GPL-2.0 */
#ifndef EXPLAIN_TALLY_H
#define EXPLAIN_TALLY_H

#include <stddef.h>
#include <stdint.h>

struct tally_slot {
	uint64_t key;	/* one more than the caller's: 0 is an empty slot */
	uint64_t count;
};

/**
 * struct tally - sparse counters by number; all zeroes is an empty one
 * @slots: hash table, a power of two long
 * @size: its length
 * @used: slots in use
 */
struct tally {
	struct tally_slot *slots;
	size_t size;
	size_t used;
};

uint64_t tally_mix(uint64_t key);
void tally_add(struct tally *t, uint64_t key, uint64_t count);
uint64_t tally_get(const struct tally *t, uint64_t key);
size_t tally_sorted(const struct tally *t, struct tally_slot **out);

#endif
