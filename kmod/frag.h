/* SPDX-License-Identifier: GPL-2.0 */
#ifndef KALLOCBENCH_FRAG_H
#define KALLOCBENCH_FRAG_H

#include <linux/list.h>
#include <linux/types.h>

#include "text.h"

/**
 * struct frag - pinned pages
 * @pages: linked by their lru
 * @n: how many
 */
struct frag {
	struct list_head pages;
	unsigned long n;
};

u64 frag_bytes(unsigned int percent);
void frag_pin(struct frag *frag, unsigned int percent, u64 seed,
	      const bool *abort);
void frag_unpin(struct frag *frag);
void frag_report(struct text *t, unsigned int cell, const char *when);

#endif
