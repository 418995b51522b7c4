// SPDX-License-Identifier: GPL-2.0
/*
 * store - text that grows while it is written, and is shared when done.
 */
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

#include "room.h"
#include "store.h"

#define STORE_FIRST	PAGE_SIZE
/* Kept back for the last record, so that it fits when nothing else does. */
#define STORE_LAST	256

/**
 * store_create() - make an empty store
 * @limit: bytes it may grow to
 *
 * Context: process, may sleep.
 * Return: a store with one reference, or NULL.
 */
struct store *store_create(size_t limit)
{
	struct store *store = kzalloc(sizeof(*store), GFP_KERNEL);
	char *buf = kvmalloc(STORE_FIRST, GFP_KERNEL);

	if (!store || !buf) {
		kvfree(buf);
		kfree(store);
		return NULL;
	}
	kref_init(&store->ref);
	text_init(&store->text, buf, STORE_FIRST - STORE_LAST);
	store->limit = limit;
	return store;
}

/**
 * store_grow() - make room for what did not fit
 * @store: store
 * @mark: length before it was written
 *
 * When there is no memory for more, the store is marked full and cut back to
 * @mark: it never ends in the middle of a record.
 *
 * Context: process, may sleep.
 * Return: true if there is more room now and the text has to be written again.
 */
bool store_grow(struct store *store, size_t mark)
{
	struct text *t = &store->text;
	size_t cap = min(max(2 * t->cap, t->len + 1), store->limit);
	char *buf = NULL;

	if (!text_overflowed(t))
		return false;

	if (cap > t->len)
		buf = kvmalloc(cap + STORE_LAST, ROOM_OWN);
	if (!buf) {
		store->full = true;
		text_cut(t, mark);
		return false;
	}
	memcpy(buf, t->buf, mark);
	kvfree(t->buf);
	t->buf = buf;
	t->cap = cap;
	return true;
}

/**
 * store_last() - make room for the last record
 * @store: store; whatever fits into 255 characters can be written to it once
 *
 * Context: any.
 */
void store_last(struct store *store)
{
	store->text.cap += STORE_LAST;
}

/**
 * store_get() - take a reference
 * @store: store, may be NULL
 *
 * Context: any.
 * Return: @store.
 */
struct store *store_get(struct store *store)
{
	if (store)
		kref_get(&store->ref);
	return store;
}

static void store_free(struct kref *ref)
{
	struct store *store = container_of(ref, struct store, ref);

	kvfree(store->text.buf);
	kfree(store);
}

/**
 * store_put() - give a reference back
 * @store: store, may be NULL
 *
 * Context: process, may sleep.
 */
void store_put(struct store *store)
{
	if (store)
		kref_put(&store->ref, store_free);
}
