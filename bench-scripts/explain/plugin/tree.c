// SPDX-License-Identifier: GPL-2.0
/*
 * The call tree and the stack of calls. The interface shows no registers, so
 * the stack is followed from the instructions: a call pushes, a return pops to
 * the frame that waits at its target, an interrupt pushes and iret pops.
 * Only the tree depends on this; the sums per function go by address.
 */
#define _GNU_SOURCE
#include <stdlib.h>

#include "tree.h"

/* Deeper than a kernel stack can hold frames. */
#define STACK_MAX 1024

/**
 * struct frame - one pending call
 * @resume: where a return continues, 0 for an interrupt
 * @interrupt: ended by iret, not by ret
 * @caller: node that goes on then
 */
struct frame {
	uint64_t resume;
	bool interrupt;
	struct node *caller;
};

static struct node *roots;
static struct node **nodes;
static uint32_t nr_nodes, max_nodes;

static struct frame stack[STACK_MAX];
static uint32_t depth;
static struct node *here;
static uint64_t lost;

static struct node *new_node(struct function *f, struct node *parent)
{
	struct node *node = calloc(1, sizeof(*node));

	if (nr_nodes == max_nodes) {
		max_nodes = max_nodes ? max_nodes * 2 : 1024;
		nodes = reallocarray(nodes, max_nodes, sizeof(*nodes));
	}
	if (!node || !nodes)
		abort();
	node->function = f;
	node->parent = parent;
	node->id = nr_nodes;
	nodes[nr_nodes++] = node;
	return node;
}

static struct node *child_of(struct node *parent, struct function *f)
{
	struct node **list = parent ? &parent->child : &roots, *node;

	for (node = *list; node; node = node->sibling)
		if (node->function == f)
			return node;
	node = new_node(f, parent);
	node->sibling = *list;
	*list = node;
	return node;
}

static void push(uint64_t resume, bool interrupt)
{
	if (depth == STACK_MAX) {
		lost++;
		return;
	}
	stack[depth++] = (struct frame) {
		.resume = resume, .interrupt = interrupt, .caller = here,
	};
}

static void pop_to(uint32_t new_depth)
{
	depth = new_depth;
	here = stack[new_depth].caller;
}

/*
 * A return that nobody waits for is one whose address was replaced on the
 * stack, as retpolines do: it takes one frame and then is a jump.
 */
static void pop_call(uint64_t target)
{
	for (uint32_t i = depth; i-- > 0;) {
		if (!stack[i].interrupt && stack[i].resume == target) {
			pop_to(i);
			return;
		}
	}
	if (depth && !stack[depth - 1].interrupt)
		pop_to(depth - 1);
}

static void pop_interrupt(void)
{
	for (uint32_t i = depth; i-- > 0;) {
		if (stack[i].interrupt) {
			pop_to(i);
			return;
		}
	}
}

/* The node since the last pushed frame that runs @f: jumps go back and forth. */
static struct node *jumped_from(const struct function *f)
{
	struct node *stop = depth ? stack[depth - 1].caller : NULL;

	for (struct node *node = here; node && node != stop; node = node->parent)
		if (node->function == f)
			return node;
	return NULL;
}

static void jump_to(const struct block *to)
{
	struct node *back = jumped_from(to->function);

	if (back) {
		here = back;
		return;
	}
	here = child_of(here, to->function);
	if (to->entry)
		here->calls++;
}

/**
 * tree_enter() - begin a sample: an empty stack
 * @root: the function that holds the timed region
 *
 * Return: its node.
 */
struct node *tree_enter(struct function *root)
{
	depth = 0;
	here = child_of(NULL, root);
	return here;
}

/**
 * tree_step() - follow the control flow from one block to the next
 * @from: the block that ran
 * @to: the block that runs now
 *
 * Return: the node of @to.
 */
struct node *tree_step(const struct block *from, const struct block *to)
{
	if (to->function->interrupt && !from->function->interrupt) {
		push(0, true);
		here = child_of(here, to->function);
		here->calls++;
		return here;
	}
	switch (from->flow) {
	case FLOW_CALL:
		push(from->end, false);
		/* Calling into its own middle is how a retpoline begins. */
		if (to->entry || to->function != here->function)
			here = child_of(here, to->function);
		here->calls += to->entry;
		return here;
	case FLOW_RET:
		pop_call(to->insns[0]);
		break;
	case FLOW_IRET:
		pop_interrupt();
		break;
	default:
		break;
	}
	if (here->function != to->function)
		jump_to(to);
	return here;
}

/**
 * tree_by_id() - node by number
 * @id: its number
 *
 * Return: the node.
 */
struct node *tree_by_id(uint32_t id)
{
	return nodes[id];
}

/**
 * tree_size() - number of nodes
 *
 * Return: the number.
 */
uint32_t tree_size(void)
{
	return nr_nodes;
}

/**
 * tree_lost() - calls that found the stack full
 *
 * Return: their number; the tree below them is wrong, the sums are not.
 */
uint64_t tree_lost(void)
{
	return lost;
}
