// SPDX-License-Identifier: GPL-2.0
/*
 * What QEMU translated, once per stretch of instructions: QEMU translates the
 * same code again and again (with -icount the last block before a timer is cut
 * short), and each translation must find its counters again.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "block.h"
#include "tally.h"

#define HASH_SIZE (1U << 16)

static struct block *chains[HASH_SIZE];
static struct block **blocks;
static uint32_t nr_blocks, max_blocks;
static char error[160];

static struct block **chain_of(uint64_t addr, uint32_t n)
{
	return &chains[tally_mix(addr * 31 + n) & (HASH_SIZE - 1)];
}

static bool is_same(const struct block *b, const uint64_t *insns, uint32_t n,
		    uint64_t end, enum flow flow, const struct block *rest)
{
	return b->n == n && b->end == end && b->flow == flow &&
	       b->rest == rest && !memcmp(b->insns, insns, n * sizeof(*insns));
}

static void number(struct block *b)
{
	if (nr_blocks == max_blocks) {
		max_blocks = max_blocks ? max_blocks * 2 : 4096;
		blocks = reallocarray(blocks, max_blocks, sizeof(*blocks));
		if (!blocks)
			abort();
	}
	b->id = nr_blocks;
	blocks[nr_blocks++] = b;
}

static void *copy(const void *from, size_t size)
{
	void *to = malloc(size);

	if (!to)
		abort();
	return memcpy(to, from, size);
}

static void count_traits(struct block *b)
{
	b->plain = true;
	for (uint32_t i = 0; i < b->n; i++) {
		b->plain &= !b->traits[i];
		for (int trait = 0; trait < TRAITS; trait++)
			b->having[trait] += b->traits[i] >> trait & 1;
	}
	b->bulk = b->n == 1 && b->having[TRAIT_BULK];
}

static struct block *find_or_add(const uint64_t *insns, const uint16_t *traits,
				 uint32_t n, uint64_t end, enum flow flow,
				 struct block *rest)
{
	struct block **chain = chain_of(insns[0], n), *b;

	for (b = *chain; b; b = b->next)
		if (is_same(b, insns, n, end, flow, rest))
			return b;
	b = calloc(1, sizeof(*b));
	if (!b)
		abort();
	b->insns = copy(insns, n * sizeof(*insns));
	b->traits = copy(traits, n * sizeof(*traits));
	b->n = n;
	b->end = end;
	b->flow = flow;
	b->rest = rest;
	b->total = n + (rest ? rest->total : 0);
	b->function = symbols_find(insns[0]);
	b->entry = insns[0] == b->function->start;
	count_traits(b);
	b->next = *chain;
	*chain = b;
	number(b);
	return b;
}

static void complain(const char *what, uint64_t addr)
{
	if (!error[0])
		snprintf(error, sizeof(error), "%s at %llx", what,
			 (unsigned long long)addr);
}

/* A clock read must be the last of its block: QEMU ends one after rdtsc. */
static const struct marker *marker_of(const struct block_insn *insns, size_t n)
{
	const struct block_insn *last = &insns[n - 1];
	const struct marker *m;

	m = symbols_marker_within(insns[0].addr, last->addr + last->size);
	if (!m)
		return NULL;
	if (m->mark == MARK_BEGIN || m->mark == MARK_END) {
		if (m->addr != last->addr)
			complain("clock read inside a block", m->addr);
		if (!isa->reads_clock(last->bytes, last->size))
			complain("no clock read", m->addr);
	} else if (m->addr != insns[0].addr) {
		return NULL;
	}
	return m;
}

/* Length of the leading part of @insns that lies in one function. */
static size_t same_function(const struct block_insn *insns, size_t n)
{
	const struct function *f = symbols_find(insns[0].addr);
	size_t i = 1;

	while (i < n && symbols_find(insns[i].addr) == f)
		i++;
	return i;
}

/**
 * block_get() - the block for what was just translated
 * @insns: the instructions
 * @n: their number, at least 1
 *
 * Return: the block, new or known.
 */
struct block *block_get(const struct block_insn *insns, size_t n)
{
	uint64_t addrs[BLOCK_MAX];
	uint16_t traits[BLOCK_MAX];
	size_t here = same_function(insns, n);
	const struct block_insn *last = &insns[here - 1];
	struct block *rest = NULL, *b;

	if (here < n)
		rest = block_get(insns + here, n - here);
	for (size_t i = 0; i < here; i++) {
		addrs[i] = insns[i].addr;
		traits[i] = isa->traits_of(insns[i].bytes, insns[i].size);
	}
	b = find_or_add(addrs, traits, here, last->addr + last->size,
			isa->flow_of(last->bytes, last->size), rest);
	b->marker = marker_of(insns, here);
	if (!b->marker && rest)
		b->marker = rest->marker;
	return b;
}

/**
 * block_prefix() - the first instructions of a block, where an exception cut it
 * @b: the block
 * @n: how many, fewer than it has
 *
 * Return: a block of its own.
 */
struct block *block_prefix(const struct block *b, uint32_t n)
{
	return find_or_add(b->insns, b->traits, n, b->insns[n], FLOW_NEXT, NULL);
}

/**
 * block_by_id() - block by number
 * @id: its number
 *
 * Return: the block.
 */
struct block *block_by_id(uint32_t id)
{
	return blocks[id];
}

/**
 * block_error() - what is wrong with the marker addresses
 *
 * Return: a sentence, or NULL.
 */
const char *block_error(void)
{
	return error[0] ? error : NULL;
}
