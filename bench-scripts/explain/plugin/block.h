/* SPDX-License-Identifier: GPL-2.0 */
#ifndef EXPLAIN_BLOCK_H
#define EXPLAIN_BLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "isa.h"
#include "symbols.h"

/* QEMU's own limit of a translated block (TCG_MAX_INSNS). */
#define BLOCK_MAX 512

/* No instruction is longer than 15 bytes, of x86 and so of any. */
#define INSN_MAX 16

/**
 * struct block - instructions of one function that run one after the other
 * @insns: their addresses
 * @n: their number
 * @traits: of each, see isa.h
 * @id: number of the block in order of first translation
 * @end: address behind the last
 * @flow: kind of the last
 * @function: the one they belong to
 * @entry: starts where its function starts
 * @bulk: one instruction that QEMU runs again and again, a string of x86
 * @having: how many of its instructions have which trait
 * @plain: none has any
 * @marker: at the first instruction (calls) or the last (clock reads), or NULL
 * @rest: the block behind, where QEMU's block goes on into another function
 * @total: @n of this and all in @rest
 * @hits: runs in the present sample
 * @next: in the hash chain
 */
struct block {
	uint64_t *insns;
	uint16_t *traits;
	uint32_t n;
	uint32_t id;
	uint64_t end;
	enum flow flow;
	struct function *function;
	bool entry;
	bool bulk;
	bool plain;
	uint16_t having[TRAITS];
	const struct marker *marker;
	struct block *rest;
	uint32_t total;
	uint64_t hits;
	struct block *next;
};

/* One instruction as the translator shows it. */
struct block_insn {
	uint64_t addr;
	uint8_t bytes[INSN_MAX];
	size_t size;
};

struct block *block_get(const struct block_insn *insns, size_t n);
struct block *block_prefix(const struct block *b, uint32_t n);
struct block *block_by_id(uint32_t id);
const char *block_error(void);

#endif
