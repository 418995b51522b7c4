// SPDX-License-Identifier: GPL-2.0
/*
 * The guest's /proc/kallsyms: functions by address, and the module's markers,
 * with its clock reads after it.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "isa.h"
#include "symbols.h"

/* Lower half of the canonical addresses: user space and absolute symbols. */
#define KERNEL_START (1ULL << 63)
#define NAME_LEN 512

static struct function *functions;
static size_t nr_functions, max_functions;
static struct marker *markers;
static size_t nr_markers, max_markers;

static void *grown(void *array, size_t n, size_t *max, size_t size)
{
	if (n < *max)
		return array;
	*max = *max ? *max * 2 : 1024;
	array = reallocarray(array, *max, size);
	if (!array)
		abort();
	return array;
}

/* The functions of the kernel that take one; where it inlines them, none. */
static bool takes_lock(const char *name)
{
	static const char *const takers[] = {
		"_raw_spin_lock", "_raw_spin_trylock", "_raw_read_lock",
		"_raw_read_trylock", "_raw_write_lock", "_raw_write_trylock",
		"rt_spin_lock", "rt_spin_trylock",
	};

	for (size_t i = 0; i < sizeof(takers) / sizeof(takers[0]); i++)
		if (!strncmp(name, takers[i], strlen(takers[i])))
			return true;
	return false;
}

static void add_function(uint64_t addr, const char *name)
{
	struct function *f;

	functions = grown(functions, nr_functions, &max_functions,
			  sizeof(*functions));
	f = &functions[nr_functions++];
	*f = (struct function) {
		.start = addr, .name = strdup(name),
		.interrupt = isa_is_entry(name),
		.switches = !strcmp(name, isa->switch_to),
		.locks = takes_lock(name),
	};
	if (!f->name)
		abort();
}

static void add_marker(uint64_t addr, enum mark mark, const char *op)
{
	struct marker *m;

	markers = grown(markers, nr_markers, &max_markers, sizeof(*markers));
	m = &markers[nr_markers++];
	*m = (struct marker) { .addr = addr, .mark = mark };
	snprintf(m->op, sizeof(m->op), "%s", op);
}

/* A clock read, as marks.awk writes it: "BASE+OFFSET begin|end OP". */
static bool add_read(const char *line)
{
	unsigned long long base, offset;
	char edge[8], op[OP_NAME_LEN];

	if (sscanf(line, "%llx+%llx %7s %15s", &base, &offset, edge, op) != 4)
		return false;
	add_marker(base + offset,
		   strcmp(edge, "end") ? MARK_BEGIN : MARK_END, op);
	return true;
}

static void add_symbol(uint64_t addr, char type, const char *name)
{
	static const struct {
		const char *name;
		enum mark mark;
	} calls[] = {
		{ "kab_mark_cell", MARK_CELL },
		{ "kab_mark_warmup", MARK_WARMUP },
		{ "kab_mark_sample", MARK_SAMPLE },
	};

	/* $x and $d only tell arm64's code from data amid it. */
	if (!strchr("tTwW", type) || addr < KERNEL_START || name[0] == '$')
		return;
	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++)
		if (!strcmp(name, calls[i].name))
			add_marker(addr, calls[i].mark, "");
	add_function(addr, name);
}

/* Of several names of one address the shortest, then the first, is kept. */
static int by_address(const void *a, const void *b)
{
	const struct function *f = a, *g = b;
	size_t flen = strlen(f->name), glen = strlen(g->name);

	if (f->start != g->start)
		return f->start < g->start ? -1 : 1;
	if (flen != glen)
		return flen < glen ? -1 : 1;
	return strcmp(f->name, g->name);
}

static int markers_by_address(const void *a, const void *b)
{
	const struct marker *m = a, *n = b;

	return m->addr < n->addr ? -1 : m->addr > n->addr;
}

static void sort_functions(void)
{
	size_t kept = 0;

	qsort(functions, nr_functions, sizeof(*functions), by_address);
	for (size_t i = 0; i < nr_functions; i++) {
		if (kept && functions[kept - 1].start == functions[i].start) {
			free(functions[i].name);
			continue;
		}
		functions[kept] = functions[i];
		functions[kept].id = kept;
		kept++;
	}
	nr_functions = kept;
}

/* A compiler that makes one function of two takes a marker away. */
static bool markers_clash(void)
{
	for (size_t i = 1; i < nr_markers; i++)
		if (markers[i].addr == markers[i - 1].addr)
			return true;
	return false;
}

/**
 * symbols_load() - read a copy of the guest's /proc/kallsyms
 * @path: the copy, with what marks.awk says of the module after it
 *
 * Return: NULL, or what is wrong with it.
 */
const char *symbols_load(const char *path)
{
	unsigned long long addr;
	char line[NAME_LEN + 64], name[NAME_LEN], type;
	FILE *f = fopen(path, "r");

	if (!f)
		return "cannot be read";
	add_function(0, "[user]");
	add_function(KERNEL_START, "[unknown]");
	while (fgets(line, sizeof(line), f))
		if (!add_read(line) &&
		    sscanf(line, "%llx %c %511s", &addr, &type, name) == 3)
			add_symbol(addr, type, name);
	fclose(f);
	sort_functions();
	if (!nr_markers)
		return "no markers";
	qsort(markers, nr_markers, sizeof(*markers), markers_by_address);
	return markers_clash() ? "two markers at one address" : NULL;
}

/**
 * symbols_find() - function that holds an address
 * @addr: any address
 *
 * Return: the function; "[user]" and "[unknown]" where no symbol is.
 */
struct function *symbols_find(uint64_t addr)
{
	size_t lo = 0, hi = nr_functions;

	while (hi - lo > 1) {
		size_t mid = lo + (hi - lo) / 2;

		if (functions[mid].start <= addr)
			lo = mid;
		else
			hi = mid;
	}
	return &functions[lo];
}

/**
 * symbols_marker_within() - first marker of a range
 * @addr: first address
 * @end: address behind the last
 *
 * Return: the marker, NULL without one.
 */
const struct marker *symbols_marker_within(uint64_t addr, uint64_t end)
{
	for (size_t i = 0; i < nr_markers; i++)
		if (markers[i].addr >= addr && markers[i].addr < end)
			return &markers[i];
	return NULL;
}

/**
 * symbols_marker() - marker at an address
 * @addr: the address
 *
 * Return: the marker, NULL without one.
 */
const struct marker *symbols_marker(uint64_t addr)
{
	return symbols_marker_within(addr, addr + 1);
}

/**
 * symbols_function() - function by position
 * @i: position, from 0
 *
 * Return: the function, NULL behind the last.
 */
struct function *symbols_function(size_t i)
{
	return i < nr_functions ? &functions[i] : NULL;
}
