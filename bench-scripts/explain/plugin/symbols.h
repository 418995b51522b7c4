/* SPDX-License-Identifier: GPL-2.0 */
#ifndef EXPLAIN_SYMBOLS_H
#define EXPLAIN_SYMBOLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What the module's labels say about an address. */
enum mark {
	MARK_NONE,
	MARK_BEGIN,	/* the clock read that opens a timed region */
	MARK_END,	/* the clock read that closes it */
	MARK_CELL,
	MARK_WARMUP,
	MARK_SAMPLE,
};

#define OP_NAME_LEN 16

/**
 * struct function - the code from one symbol to the next
 * @start: first address
 * @name: symbol name
 * @interrupt: the processor may come here without a call or a jump
 * @switches: goes on in another task
 * @locks: takes a spin lock, or tries to
 * @id: position in the table
 * @seen: number of the last sample that came through, for sample.c
 * @used: some sample came through
 */
struct function {
	uint64_t start;
	char *name;
	bool interrupt;
	bool switches;
	bool locks;
	bool used;
	uint32_t id;
	uint64_t seen;
};

struct marker {
	uint64_t addr;
	enum mark mark;
	char op[OP_NAME_LEN];
};

const char *symbols_load(const char *path);
struct function *symbols_find(uint64_t addr);
const struct marker *symbols_marker(uint64_t addr);
const struct marker *symbols_marker_within(uint64_t addr, uint64_t end);
struct function *symbols_function(size_t i);

#endif
