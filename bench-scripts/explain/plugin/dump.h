/* SPDX-License-Identifier: GPL-2.0 */
#ifndef EXPLAIN_DUMP_H
#define EXPLAIN_DUMP_H

#include <stdbool.h>
#include <stdint.h>

/**
 * struct dump_end - what the dump says at its end
 * @cells: cells announced
 * @samples: timed regions counted
 * @torn: clock reads out of order, or a region left open
 * @error: what else is wrong, or NULL
 */
struct dump_end {
	uint32_t cells;
	uint64_t samples;
	uint64_t torn;
	const char *error;
};

int dump_open(const char *path, bool insns);
void dump_cell(uint32_t cell);
int dump_close(const struct dump_end *end);

#endif
