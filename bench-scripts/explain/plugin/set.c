// SPDX-License-Identifier: GPL-2.0
/* Which lines a sample touched: a set that costs nothing to empty, for most samples touch a dozen lines. */
#include <stdlib.h>
#include <string.h>

#include "set.h"
#include "tally.h"

#define FIRST_SIZE 1024

static size_t slot_of(const struct set *set, uint64_t key)
{
	size_t i = tally_mix(key) & (set->size - 1);

	while (set->stamps[i] == set->stamp && set->keys[i] != key)
		i = (i + 1) & (set->size - 1);
	return i;
}

static void put(struct set *set, size_t slot, uint64_t key)
{
	set->keys[slot] = key;
	set->stamps[slot] = set->stamp;
	set->used++;
}

/* Stamp 0 is that of a slot never filled. */
static void grow(struct set *set)
{
	struct set bigger = {
		.size = set->size ? set->size * 2 : FIRST_SIZE, .stamp = 1,
	};

	bigger.keys = calloc(bigger.size, sizeof(*bigger.keys));
	bigger.stamps = calloc(bigger.size, sizeof(*bigger.stamps));
	if (!bigger.keys || !bigger.stamps)
		abort();
	for (size_t i = 0; i < set->size; i++)
		if (set->stamps[i] == set->stamp)
			put(&bigger, slot_of(&bigger, set->keys[i]), set->keys[i]);
	free(set->keys);
	free(set->stamps);
	*set = bigger;
}

/**
 * set_add() - put a number in
 * @set: the set
 * @key: the number
 *
 * Return: true if it was not in yet.
 */
bool set_add(struct set *set, uint64_t key)
{
	size_t slot;

	if (set->used * 2 >= set->size)
		grow(set);
	slot = slot_of(set, key);
	if (set->stamps[slot] == set->stamp)
		return false;
	put(set, slot, key);
	return true;
}

/**
 * set_clear() - take all numbers out
 * @set: the set
 */
void set_clear(struct set *set)
{
	set->used = 0;
	if (++set->stamp)
		return;
	/* Every stamp was used once: none may look like a new one. */
	memset(set->stamps, 0, set->size * sizeof(*set->stamps));
	set->stamp = 1;
}
