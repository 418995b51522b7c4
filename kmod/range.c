// SPDX-License-Identifier: GPL-2.0
/*
 * range - lists of sizes and CPUs with their ranges. Pure.
 */
#include <linux/bitops.h>
#include <linux/kernel.h>
#include <linux/log2.h>
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/string.h>

#include "range.h"

/**
 * range_value() - one size of a range
 * @r: range
 * @i: which, below @r->count
 *
 * Context: any.
 * Return: bytes.
 */
u64 range_value(const struct plan_sizes *r, u64 i)
{
	return r->step ? r->lo + i * r->step : r->lo << i;
}

static bool range_has(const struct plan_sizes *r, u64 size)
{
	if (size < r->lo || size > range_value(r, r->count - 1))
		return false;
	if (!r->step)
		return is_power_of_2(size);
	return !((size - r->lo) - div64_u64(size - r->lo, r->step) * r->step);
}

/*
 * Walks the shorter range. All ranges together hold at most PLAN_CELLS_MAX
 * sizes when this is called, so the whole line costs some million divisions at
 * the very worst.
 */
static bool ranges_meet(const struct plan_sizes *a, const struct plan_sizes *b)
{
	u64 i;

	if (a->count > b->count)
		swap(a, b);
	if (range_value(a, a->count - 1) < b->lo ||
	    a->lo > range_value(b, b->count - 1))
		return false;
	for (i = 0; i < a->count; i++) {
		if (range_has(b, range_value(a, i)))
			return true;
	}
	return false;
}

static int add_sizes(const struct value_parse *p, struct span word,
		     const struct plan_sizes *r)
{
	struct plan *plan = p->plan;
	unsigned int i;

	/* Beyond this the plan is too large anyhow: see count_cells(). */
	if (plan->total_sizes + r->count <= PLAN_CELLS_MAX) {
		for (i = 0; i < plan->n_sizes; i++) {
			if (ranges_meet(r, &plan->sizes[i]))
				return value_refuse(p, word, "given twice");
		}
	}
	plan->sizes[plan->n_sizes++] = *r;
	plan->total_sizes += r->count;
	return 0;
}

static struct span find_dots(struct span word)
{
	struct span none = { NULL, 0 };
	unsigned int i;

	for (i = 0; i + 1 < word.len; i++) {
		if (word.at[i] == '.' && word.at[i + 1] == '.')
			return (struct span){ word.at + i + 2, word.len - i - 2 };
	}
	return none;
}

/* lo..hi and lo..hi+step; @upper is what stands behind the dots. */
static int parse_range(const struct value_parse *p, struct span word,
		       struct span upper, const struct value_rule *rule,
		       struct plan_sizes *r)
{
	struct span lower = { word.at, upper.at - 2 - word.at };
	struct span step = upper, top = { NULL, 0 };
	u64 hi;
	int err;

	value_next(&step, "+", &top);
	if (find_dots(top).at)
		return value_refuse(p, word, "a range has two ends: lo..hi");
	err = value_size(p, lower, rule, &r->lo);
	if (!err)
		err = value_size(p, top, rule, &hi);
	if (!err && step.at)
		err = value_size(p, step, rule, &r->step);
	if (err)
		return err;

	if (r->lo > hi)
		return value_refuse(p, word, VALUE_BACKWARDS);
	if (!r->step && !(is_power_of_2(r->lo) && is_power_of_2(hi)))
		return value_refuse(p, word,
				    "lo..hi takes powers of two, otherwise give a step: lo..hi+step");
	r->count = 1 + (r->step ? div64_u64(hi - r->lo, r->step) :
				  ilog2(hi) - ilog2(r->lo));
	return 0;
}

/**
 * range_sizes() - understand sizes=
 * @p: parse; the plan gets the sizes
 * @list: span
 * @rule: smallest and largest size in bytes
 *
 * Context: any.
 * Return: 0 or -EINVAL.
 */
int range_sizes(const struct value_parse *p, struct span list,
		const struct value_rule *rule)
{
	struct span word, upper;
	int err;

	p->plan->n_sizes = 0;
	p->plan->total_sizes = 0;
	while (value_next(&list, ",", &word)) {
		struct plan_sizes r = { .count = 1 };

		if (!word.len)
			return value_refuse(p, word, VALUE_COMMA);
		upper = find_dots(word);
		if (upper.at)
			err = parse_range(p, word, upper, rule, &r);
		else
			err = value_size(p, word, rule, &r.lo);
		if (!err)
			err = add_sizes(p, word, &r);
		if (err)
			return err;
	}
	return 0;
}

static int add_cpu(const struct value_parse *p, struct span word, u64 cpu)
{
	struct plan *plan = p->plan;

	if (!test_bit(cpu, p->vocab->cpus))
		return value_refuse(p, word, "CPU %llu is not online", cpu);
	if (test_bit(cpu, plan->cpus))
		return value_refuse(p, word, "CPU %llu given twice", cpu);
	__set_bit(cpu, plan->cpus);
	plan->n_cpus++;
	return 0;
}

static int add_cpus(const struct value_parse *p, struct span word)
{
	const struct value_rule rule = {
		.hi = min_t(u64, p->vocab->nr_cpus, PLAN_CPUS_MAX) - 1,
	};
	struct span last = word, first;
	u64 lo, hi;
	int err;

	if (!word.len)
		return value_refuse(p, word, VALUE_COMMA);
	if (value_is(word, "all"))
		return value_refuse(p, word, "\"all\" stands alone");
	if (find_dots(word).at)
		return value_refuse(p, word, "a range of CPUs is written lo-hi");
	value_next(&last, "-", &first);
	err = value_number(p, first, &rule, &lo);
	hi = lo;
	if (!err && last.at)
		err = value_number(p, last, &rule, &hi);
	if (err)
		return err;
	if (lo > hi)
		return value_refuse(p, word, VALUE_BACKWARDS);
	for (; lo <= hi && !err; lo++)
		err = add_cpu(p, word, lo);
	return err;
}

/**
 * range_cpus() - understand cpus=
 * @p: parse; the plan gets the CPUs
 * @list: span: "all", or a list as in cpuset files (0-3,8)
 *
 * Context: any.
 * Return: 0 or -EINVAL.
 */
int range_cpus(const struct value_parse *p, struct span list)
{
	struct plan *plan = p->plan;
	struct span word;
	unsigned int cpu;
	int err;

	memset(plan->cpus, 0, sizeof(plan->cpus));
	plan->n_cpus = 0;
	if (value_is(list, "all")) {
		for (cpu = 0; cpu < p->vocab->nr_cpus; cpu++) {
			if (test_bit(cpu, p->vocab->cpus))
				add_cpu(p, list, cpu);
		}
		return 0;
	}
	while (value_next(&list, ",", &word)) {
		err = add_cpus(p, word);
		if (err)
			return err;
	}
	return 0;
}
