// SPDX-License-Identifier: GPL-2.0
/*
 * rules - what an allocator takes, where it may be called, and what can be
 * measured of it.
 *
 * Stock kernels stay silent about most calls that are wrong, so the rules are
 * here. They were found by calling everything everywhere on a kernel with
 * DEBUG_ATOMIC_SLEEP and PROVE_LOCKING, and in the allocators' documentation.
 */
#include <linux/bitops.h>
#include <linux/gfp.h>
#include <linux/kernel.h>
#include <linux/minmax.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "compat.h"
#include "demand.h"
#include "rows.h"
#include "rules.h"

#define GFP(flag, text)	{ .name = #flag, .bits = (__force u64)(flag), .about = text }

static const struct vocab_word gfps[] = {
	GFP(GFP_KERNEL, "may sleep, reclaim and start I/O"),
	GFP(GFP_ATOMIC, "must not sleep; may use reserves"),
	GFP(GFP_NOWAIT, "must not sleep"),
	GFP(GFP_NOIO, "may sleep, must not start I/O"),
	GFP(GFP_NOFS, "may sleep, must not enter a file system"),
	GFP(GFP_DMA, "from the lowest zone"),
	GFP(GFP_DMA32, "from below 4 GiB"),
	GFP(__GFP_ZERO, "zeroed"),
	GFP(__GFP_NOWARN, "no message when it fails; always added"),
	GFP(__GFP_NORETRY, "give up early"),
	GFP(__GFP_RETRY_MAYFAIL, "try hard, but not forever"),
	GFP(__GFP_ACCOUNT, "charged to the writer's memory cgroup, unless that is the root"),
	GFP(__GFP_RECLAIMABLE, "from the reclaimable slabs or blocks"),
	GFP(__GFP_NOMEMALLOC, "never from the reserves"),
	GFP(__GFP_HIGH, "may use part of the reserves"),
};

const struct vocab_list kab_rules_gfps = VOCAB_LIST("GFP flag", gfps, gfps[0]);

/* The names of single bits: GFP_DMA and GFP_DMA32 are single. */
static const char *flag_name(gfp_t bits)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(gfps); i++) {
		if (hweight64(gfps[i].bits) == 1 &&
		    (gfps[i].bits & (__force u64)bits))
			return gfps[i].name;
	}
	return "one of these flags";
}

/* A cell that somebody would like to measure. */
struct query {
	const struct plan *plan;
	const struct plan_cell *at;
	const struct allocator *a;
	const struct pattern *p;
	unsigned int in;	/* traits of the context */
	gfp_t gfp;
	struct demand need;
};

struct rule {
	bool broken;
	const char *sentence;	/* with words of say() */
};

/* Writes a sentence, with what the cell has for the words in braces. */
static void say(struct text *why, const char *sentence, const struct query *q)
{
	const struct {
		const char *name;
		const char *word;
		u64 number;
	} words[] = {
		{ "{alloc}", q->a->word.name },
		{ "{pattern}", q->p->word.name },
		{ "{context}", kab_contexts[q->at->context].word.name },
		{ "{flag}", flag_name(q->gfp & ~q->a->takes) },
		{ "{min}", NULL, q->a->min },
		{ "{max}", NULL, q->a->max },
		{ "{touch}", NULL, q->need.touch_most },
		{ "{depth}", NULL, q->need.depth },
		{ "{calls}", NULL, q->plan->number[PLAN_CALLS] },
		{ "{samples}", NULL, q->plan->number[PLAN_SAMPLES] },
	};
	unsigned int i;
	size_t len;

	for (; *sentence; sentence += len ?: 1) {
		len = strcspn(sentence, "{");
		kab_text_printf(why, "%.*s", (int)len, sentence);
		for (i = 0; i < ARRAY_SIZE(words) && !len; i++) {
			len = str_has_prefix(sentence, words[i].name);
			if (len && words[i].word)
				kab_text_printf(why, "%s", words[i].word);
			else if (len)
				kab_text_printf(why, "%llu", words[i].number);
		}
	}
}

static bool first_broken(const struct rule *rules, unsigned int n,
			 const struct query *q, struct text *why)
{
	unsigned int i;

	for (i = 0; i < n; i++) {
		if (!rules[i].broken)
			continue;
		if (why)
			say(why, rules[i].sentence, q);
		return true;
	}
	return false;
}

/* The size, the flags and the node that an allocator takes. */
static bool words_refused(const struct query *q, struct text *why)
{
	const struct allocator *a = q->a;
	const u64 size = q->at->size;
	const gfp_t gfp = q->gfp, zones = __GFP_DMA | __GFP_DMA32;
	const bool any_node = q->plan->number[PLAN_NODE] == PLAN_ANY;
	const bool maps = (a->traits & ALLOC_SLEEPS) ||
			  ((a->traits & ALLOC_GUARDED) && size > KMALLOC_MAX_SIZE);
	const struct rule rules[] = {
		{ COMPAT_UML && maps,
		  "{alloc} maps pages: on User Mode Linux that is a call of the host for each" },
		{ COMPAT_UML && q->in,
		  "on User Mode Linux no context is real but process, not {context}" },
		{ size > a->max, "{alloc} takes at most {max} bytes" },
		{ size < a->min, "{alloc} takes at least {min} bytes" },
		{ !kab_allocs_loops(a, size), "{alloc} takes powers of two from 8 to {max} only" },
		{ (gfp & zones) == zones, "GFP_DMA and GFP_DMA32 exclude each other" },
		{ !(a->traits & ALLOC_NO_FLAGS) && (gfp & ~a->takes),
		  "{alloc} does not take {flag}" },
		{ !any_node && !(a->traits & ALLOC_NODE), "{alloc} takes no node" },
	};

	return first_broken(rules, ARRAY_SIZE(rules), q, why);
}

/* Where an allocator may be called, and with which flags there. */
static bool place_refused(const struct query *q, struct text *why)
{
	const struct allocator *a = q->a;
	const gfp_t gfp = q->gfp;
	const bool no_flags = a->traits & ALLOC_NO_FLAGS;
	const bool called = !(a->traits & ALLOC_REFERENCE);
	const bool atomic = called && (q->in & CONTEXT_ATOMIC);
	const bool irq = called && (q->in & CONTEXT_IRQ);
	const struct rule rules[] = {
		{ atomic && (a->traits & ALLOC_SLEEPS),
		  "{alloc} may sleep: not in context {context}" },
		{ atomic && (a->traits & ALLOC_FALLS) && q->at->size > PAGE_SIZE,
		  "{alloc} may become vmalloc above a page: not in context {context}" },
		{ irq && (a->traits & ALLOC_NO_IRQ),
		  "{alloc} must not be called with interrupts off on this kernel: not in context {context}"
		},
		/* Bottom halves and softirqs are threads there. */
		{ COMPAT_RT && atomic && !(q->in & CONTEXT_LOCKS) &&
		  !(a->traits & ALLOC_NO_LOCK),
		  "on PREEMPT_RT {alloc} takes locks that sleep: not in context {context}" },
		/* Last of all: who follows the advice must not be refused by another rule. */
		{ no_flags && gfp != GFP_KERNEL,
		  "{alloc} takes no flags: it is measured under GFP_KERNEL only" },
		{ !!(a->needs & ~gfp),
		  "{alloc} sleeps: its flags need __GFP_DIRECT_RECLAIM, as in GFP_KERNEL" },
		{ atomic && !no_flags && (gfp & __GFP_DIRECT_RECLAIM),
		  "these flags may sleep: context {context} takes GFP_ATOMIC or GFP_NOWAIT" },
	};

	return first_broken(rules, ARRAY_SIZE(rules), q, why);
}

static bool call_refused(const struct query *q, struct text *why)
{
	return words_refused(q, why) || place_refused(q, why);
}

static bool timing_refused(const struct query *q, struct text *why)
{
	const unsigned int alloc = q->a->traits, pattern = q->p->traits;
	const u64 *number = q->plan->number;
	const bool touches = q->need.touch_step;
	const bool batch = number[PLAN_TIMING] == TIMING_BATCH;
	const struct rule rules[] = {
		{ COMPAT_UML && !batch,
		  "on User Mode Linux calls are timed in stretches: timing=batch" },
		{ touches && (alloc & (ALLOC_REFERENCE | ALLOC_SCATTERS)),
		  "{alloc} has no memory to touch" },
		{ touches && !(pattern & PATTERN_TOUCH),
		  "pattern {pattern} does not touch what it allocates" },
		{ touches && q->at->size > q->need.touch_most,
		  "more than {touch} bytes are not touched in context {context}" },
		{ q->plan->counters.n && q->in,
		  "reading counters may sleep: not in context {context}" },
		{ batch && !(pattern & PATTERN_STRETCH),
		  "pattern {pattern} is timed call by call only" },
		{ batch && (alloc & ALLOC_AFTER) && !(pattern & PATTERN_TURNS),
		  "a stretch of {alloc} times the call before it: use patterns=batch" },
		{ batch && q->need.order != ORDER_FIFO,
		  "order=fifo alone is timed in stretches" },
		{ batch && !q->need.calls,
		  "depth={depth} is not a multiple of calls={calls}" },
	};

	return first_broken(rules, ARRAY_SIZE(rules), q, why);
}

static bool pattern_refused(const struct query *q, struct text *why)
{
	const struct allocator *a = q->a;
	const struct pattern *p = q->p;
	const struct demand *need = &q->need;
	const unsigned int workers = q->plan->n_cpus;
	const u64 *number = q->plan->number;
	const bool waits = (a->traits & ALLOC_WAITS) &&
			   (q->gfp & __GFP_DIRECT_RECLAIM);
	const bool fills = p->traits & PATTERN_FILLS;
	const bool in_turns = !fills && (p->traits & PATTERN_TURNS);
	const struct rule rules[] = {
		{ (p->traits & PATTERN_REMOTE) && workers < 2,
		  "pattern {pattern} needs two CPUs or more in cpus=" },
		{ need->mix > 1 && (a->open || !a->loops.pair),
		  "{alloc} is prepared for one size: mix=1" },
		{ waits && need->slots * workers > ALLOC_BULK,
		  "{alloc} never returns when its reserve of "
		  __stringify(ALLOC_BULK) " is in use" },
		{ (p->word.bits & BIT(PLAN_ORDER)) &&
		  need->depth > number[PLAN_SAMPLES] * max(need->calls, 1U),
		  "depth={depth} is never reached with samples={samples}" },
		{ (a->traits & ALLOC_SETTLES) && !in_turns,
		  "{alloc} waits for a grace period after each batch: patterns=batch" },
		{ fills && (a->traits & (ALLOC_REFERENCE | ALLOC_DEFERS)),
		  "{alloc} cannot exhaust memory" },
		{ fills && !need->slots, "bytes= is less than one object" },
	};

	return first_broken(rules, ARRAY_SIZE(rules), q, why);
}

static struct query query_of(const struct plan *plan, const struct plan_cell *at)
{
	const struct allocator *a = &kab_allocs[at->alloc];

	return (struct query){
		.plan = plan, .at = at, .a = a, .p = &kab_patterns[at->pattern],
		.in = kab_contexts[at->context].traits,
		.gfp = (__force gfp_t)at->flags->bits & ~__GFP_NOWARN,
	};
}

/**
 * kab_rules_refuse() - whether a cell cannot be measured
 * @plan: plan
 * @at: cell
 * @why: empty; gets the rule that forbids it; may be NULL
 *
 * Context: process.
 * Return: true if the cell has to be skipped.
 */
bool kab_rules_refuse(const struct plan *plan, const struct plan_cell *at,
		      struct text *why)
{
	struct query q = query_of(plan, at);

	/* gfp_zone() BUGs on flags that exclude each other, where CONFIG_DEBUG_VM is on. */
	if (call_refused(&q, why))
		return true;
	q.need = kab_demand_of(plan, at, kab_demand_footprint(q.a, at->size));
	return timing_refused(&q, why) || pattern_refused(&q, why);
}

/**
 * kab_rules_process() - whether an allocator may be called in process context
 * @plan: plan
 * @at: cell; its own context does not matter
 *
 * Context: process.
 * Return: true if it may, with the cell's size and flags.
 */
bool kab_rules_process(const struct plan *plan, const struct plan_cell *at)
{
	struct query q = query_of(plan, at);

	q.in = 0;
	return !call_refused(&q, NULL);
}

/**
 * kab_rules_cells() - whether anything of a plan can be measured
 * @plan: plan
 * @error: filled when not
 *
 * Context: process, may sleep.
 * Return: 0 or -EINVAL.
 */
int kab_rules_cells(const struct plan *plan, struct refusal *error)
{
	unsigned int i;
	char why[160];
	struct text t;

	for (i = 0; i < plan->n_cells; i++) {
		struct plan_cell at = kab_plan_cell(plan, i);

		kab_text_init(&t, why, sizeof(why));
		if (!kab_rules_refuse(plan, &at, &t))
			return 0;
		cond_resched();
	}
	return kab_refuse(error, -EINVAL, "no cell would be left: %s", why);
}
