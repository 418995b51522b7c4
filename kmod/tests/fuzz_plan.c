// SPDX-License-Identifier: GPL-2.0
/*
 * libFuzzer target: any bytes at all as a parameter line. Whatever is refused
 * must say so inside the line; whatever is accepted must be a plan that its
 * own canonical line repeats.
 */
#include "unit.h"

#include <errno.h>

#include "plan.h"
#include "sample_vocab.h"

#define CHECK(x) do { if (!(x)) __builtin_trap(); } while (0)

static struct plan first, second;
static struct refusal error;

/* No word can be at fault in a line that has none. */
static bool has_word(const u8 *data, size_t size)
{
	size_t i;

	for (i = 0; i < size; i++) {
		if (!data[i] || !strchr(" \t\n", data[i]))
			return true;
	}
	return false;
}

static void check_refusal(int err, const u8 *data, size_t size)
{
	CHECK(err == -EINVAL || err == -E2BIG);
	CHECK(error.err == err);
	CHECK(error.text[0] && strlen(error.text) < sizeof(error.text));
	/* The caret may stand just behind the line: something is missing there. */
	CHECK(!error.column || error.column - 1 + error.width <= size);
	CHECK(err != -EINVAL || error.column || !has_word(data, size));
}

static void check_cells(const struct plan *plan)
{
	unsigned int id, step = 1 + plan->n_cells / 64;

	CHECK(plan->n_cells && plan->n_cells <= PLAN_CELLS_MAX && plan->n_cpus);
	for (id = 0; id < plan->n_cells; id += step) {
		struct plan_cell c = kab_plan_cell(plan, id);

		CHECK(c.alloc < sample_vocab.allocs.n && !sample_allocs[c.alloc].absent);
		CHECK(c.size && c.size <= 1ULL << 40);
		CHECK(c.pattern < sample_vocab.patterns.n);
		CHECK(c.context < sample_vocab.contexts.n);
		CHECK(c.round < plan->number[PLAN_ROUNDS]);
	}
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	int err;

	memset(&error, 0, sizeof(error));
	err = kab_plan_parse(&first, &sample_vocab, (const char *)data, size, &error);
	if (err) {
		check_refusal(err, data, size);
		return 0;
	}
	check_cells(&first);
	err = kab_plan_parse(&second, &sample_vocab, first.line, strlen(first.line), &error);
	CHECK(!err && second.n_cells == first.n_cells);
	CHECK(!strcmp(first.line, second.line));
	return 0;
}
