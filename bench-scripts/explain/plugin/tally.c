// SPDX-License-Identifier: GPL-2.0
/* Sparse counters: a path touches few of the nodes and addresses there are. */
#define _GNU_SOURCE
#include <stdlib.h>

#include "tally.h"

#define FIRST_SIZE 64

/**
 * tally_mix() - spread a number over 64 bits (the finaliser of splitmix64)
 * @key: the number
 *
 * Return: the same for the same number, else as if random.
 */
uint64_t tally_mix(uint64_t key)
{
	key += 0x9e3779b97f4a7c15ULL;
	key = (key ^ (key >> 30)) * 0xbf58476d1ce4e5b9ULL;
	key = (key ^ (key >> 27)) * 0x94d049bb133111ebULL;
	return key ^ (key >> 31);
}

static struct tally_slot *slot_of(const struct tally *t, uint64_t key)
{
	size_t i = tally_mix(key) & (t->size - 1);

	while (t->slots[i].key && t->slots[i].key != key + 1)
		i = (i + 1) & (t->size - 1);
	return &t->slots[i];
}

static void grow(struct tally *t)
{
	struct tally bigger = { .size = t->size ? t->size * 2 : FIRST_SIZE };

	bigger.slots = calloc(bigger.size, sizeof(*bigger.slots));
	if (!bigger.slots)
		abort();
	for (size_t i = 0; i < t->size; i++)
		if (t->slots[i].key)
			*slot_of(&bigger, t->slots[i].key - 1) = t->slots[i];
	bigger.used = t->used;
	free(t->slots);
	*t = bigger;
}

/**
 * tally_add() - add to a counter
 * @t: the counters
 * @key: which
 * @count: how much
 */
void tally_add(struct tally *t, uint64_t key, uint64_t count)
{
	struct tally_slot *slot;

	if (t->used * 4 >= t->size * 3)
		grow(t);
	slot = slot_of(t, key);
	if (!slot->key) {
		slot->key = key + 1;
		t->used++;
	}
	slot->count += count;
}

/**
 * tally_get() - read a counter
 * @t: the counters
 * @key: which
 *
 * Return: its value, 0 when never added to.
 */
uint64_t tally_get(const struct tally *t, uint64_t key)
{
	return t->size ? slot_of(t, key)->count : 0;
}

static int by_key(const void *a, const void *b)
{
	const struct tally_slot *s = a, *t = b;

	return s->key < t->key ? -1 : s->key > t->key;
}

/**
 * tally_sorted() - all counters in the order of their keys
 * @t: the counters
 * @out: an array for the caller to free, with the caller's keys
 *
 * Return: number of counters.
 */
size_t tally_sorted(const struct tally *t, struct tally_slot **out)
{
	size_t n = 0;

	*out = calloc(t->used + 1, sizeof(**out));
	if (!*out)
		abort();
	for (size_t i = 0; i < t->size; i++)
		if (t->slots[i].key)
			(*out)[n++] = t->slots[i];
	qsort(*out, n, sizeof(**out), by_key);
	for (size_t i = 0; i < n; i++)
		(*out)[i].key--;
	return n;
}
