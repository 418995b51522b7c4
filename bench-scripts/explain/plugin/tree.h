/* SPDX-License-Identifier: GPL-2.0 */
#ifndef EXPLAIN_TREE_H
#define EXPLAIN_TREE_H

#include <stdint.h>

#include "block.h"

/**
 * struct node - one function as reached through one chain of callers
 * @function: the function
 * @parent: the caller, NULL for the function that holds the timed region
 * @child: first of the functions it called
 * @sibling: next function of the same caller
 * @id: position in the order of discovery
 * @insns: instructions in the present sample
 * @calls: times entered in the present sample
 */
struct node {
	struct function *function;
	struct node *parent;
	struct node *child;
	struct node *sibling;
	uint32_t id;
	uint64_t insns;
	uint64_t calls;
};

struct node *tree_enter(struct function *root);
struct node *tree_step(const struct block *from, const struct block *to);
struct node *tree_by_id(uint32_t id);
uint32_t tree_size(void);
uint64_t tree_lost(void);

#endif
