/* SPDX-License-Identifier: GPL-2.0 */
#ifndef EXPLAIN_DUMP_H
#define EXPLAIN_DUMP_H

#include <stdbool.h>
#include <stdint.h>

/**
 * struct dump_meta - what the dump says besides the counts
 * @api: plugin API version served by QEMU
 * @samples: timed regions counted
 * @torn: clock reads out of order, or a region left open
 * @error: what else is wrong, or NULL
 */
struct dump_meta {
	int api;
	uint64_t samples;
	uint64_t torn;
	const char *error;
};

int dump_write(const char *path, const struct dump_meta *meta, bool insns);

#endif
