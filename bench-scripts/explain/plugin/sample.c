// SPDX-License-Identifier: GPL-2.0
/* One sample after the other, each added to the samples of its own path. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "sample.h"

/* Of the present cell. */
static struct path **paths;
static uint32_t nr_paths, max_paths;

/* The present sample: what it is of, and everything it touched so far. */
static struct {
	const char *op;
	uint64_t number;
	uint64_t set;
	uint64_t sum;
	struct node **nodes;
	uint32_t nr_nodes, max_nodes;
	struct block **blocks;
	uint32_t nr_blocks, max_blocks;
} now;

static void *grown(void *array, uint32_t n, uint32_t *max)
{
	if (n < *max)
		return array;
	*max = *max ? *max * 2 : 256;
	array = reallocarray(array, *max, sizeof(void *));
	if (!array)
		abort();
	return array;
}

/**
 * sample_open() - begin a sample
 * @op: its op, a name that stays
 */
void sample_open(const char *op)
{
	now.op = op;
	now.number++;
	now.set = 0;
	now.sum = 0;
	now.nr_nodes = 0;
	now.nr_blocks = 0;
}

static void touch_node(struct node *node)
{
	now.nodes = grown(now.nodes, now.nr_nodes, &now.max_nodes);
	now.nodes[now.nr_nodes++] = node;
}

static void touch_block(struct block *b)
{
	struct function *f = b->function;

	if (f->seen != now.number) {
		f->seen = now.number;
		f->used = true;
		now.set += tally_mix(f->id);
	}
	now.blocks = grown(now.blocks, now.nr_blocks, &now.max_blocks);
	now.blocks[now.nr_blocks++] = b;
}

/**
 * sample_add() - a block ran
 * @b: the block; of no instructions, where its first one faulted
 * @node: where in the call tree
 * @times: how often, one after the other
 */
void sample_add(struct block *b, struct node *node, uint64_t times)
{
	if (!node->insns)
		touch_node(node);
	if (!b->n)
		return;
	if (!b->hits)
		touch_block(b);
	b->hits += times;
	node->insns += b->n * times;
	now.sum += b->n * times;
}

static struct path *new_path(void)
{
	struct path *path = calloc(1, sizeof(*path));

	paths = grown(paths, nr_paths, &max_paths);
	if (!path)
		abort();
	path->op = now.op;
	path->set = now.set;
	path->min = UINT64_MAX;
	paths[nr_paths++] = path;
	return path;
}

/* Most samples take the path of the one before or one found early. */
static struct path *find_path(void)
{
	struct path *alike = NULL;

	for (uint32_t i = 0; i < nr_paths; i++) {
		struct path *path = paths[i];

		if (path->set != now.set || strcmp(path->op, now.op))
			continue;
		if (path->min == now.sum && path->max == now.sum)
			return path;
		alike = path;
	}
	return alike && nr_paths >= PATHS_MAX ? alike : new_path();
}

/**
 * sample_close() - end the present sample
 */
void sample_close(void)
{
	struct path *path = find_path();

	path->n++;
	path->sum += now.sum;
	if (now.sum < path->min)
		path->min = now.sum;
	if (now.sum > path->max)
		path->max = now.sum;
	for (uint32_t i = 0; i < now.nr_nodes; i++) {
		struct node *node = now.nodes[i];

		tally_add(&path->insns, node->id, node->insns);
		tally_add(&path->calls, node->id, node->calls);
		node->insns = 0;
		node->calls = 0;
	}
	for (uint32_t i = 0; i < now.nr_blocks; i++) {
		tally_add(&path->blocks, now.blocks[i]->id, now.blocks[i]->hits);
		now.blocks[i]->hits = 0;
	}
}

/**
 * sample_path() - path by position
 * @i: position, from 0
 *
 * Return: the path, NULL behind the last.
 */
const struct path *sample_path(uint32_t i)
{
	return i < nr_paths ? paths[i] : NULL;
}

/**
 * sample_forget() - drop all paths: the next cell begins
 */
void sample_forget(void)
{
	for (uint32_t i = 0; i < nr_paths; i++) {
		free(paths[i]->insns.slots);
		free(paths[i]->calls.slots);
		free(paths[i]->blocks.slots);
		free(paths[i]);
	}
	nr_paths = 0;
}
