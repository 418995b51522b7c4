/* SPDX-License-Identifier: GPL-2.0 */
#ifndef KALLOCBENCH_STORE_H
#define KALLOCBENCH_STORE_H

#include <linux/kref.h>
#include <linux/types.h>

#include "text.h"

/**
 * struct store - text that grows while it is written, and is shared when done
 * @ref: readers that hold it
 * @text: what is in it
 * @limit: bytes it may grow to
 * @full: something did not fit into the memory there was
 */
struct store {
	struct kref ref;
	struct text text;
	size_t limit;
	bool full;
};

/**
 * store_write() - append to a store, whatever room that takes
 * @store: store
 * @emit: writes the text; called again when it did not fit
 * @...: its arguments behind the struct text
 */
#define store_write(store, emit, ...)					\
	do {								\
		size_t mark = (store)->text.len;			\
									\
		do {							\
			text_cut(&(store)->text, mark);			\
			emit(&(store)->text, ##__VA_ARGS__);		\
		} while (store_grow(store, mark));			\
	} while (0)

struct store *store_create(size_t limit);
bool store_grow(struct store *store, size_t mark);
void store_last(struct store *store);
struct store *store_get(struct store *store);
void store_put(struct store *store);

#endif
