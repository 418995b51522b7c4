// SPDX-License-Identifier: GPL-2.0
/*
 * env - what a reader has to know of the kernel to believe its numbers.
 *
 * The build's configuration is the target's, so that IS_ENABLED() tells the
 * truth about it. What a module cannot see, bench-scripts/collect.sh adds.
 */
#include <linux/cpumask.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/nodemask.h>
#include <linux/slab.h>
#include <linux/utsname.h>

#include "compat.h"
#include "env.h"

static u64 zeroes_on_alloc(void)
{
	return !!want_init_on_alloc(0);
}

static u64 zeroes_on_free(void)
{
	return !!want_init_on_free();
}

static u64 page_alloc_debugged(void)
{
	return debug_pagealloc_enabled_static();
}

static u64 online_cpus(void)
{
	return num_online_cpus();
}

static u64 possible_cpus(void)
{
	return num_possible_cpus();
}

static u64 online_nodes(void)
{
	return num_online_nodes();
}

static u64 total_kib(void)
{
	return (u64)totalram_pages() << (PAGE_SHIFT - 10);
}

#define FACT(key, get, text)	{ #key, get, 0, text }
#define CONFIG(key, on, text)	{ #key, NULL, on, text }
#define VALUE(key, number)	{ #key, NULL, number, NULL }

/* @spoils: what a summary says when the value is not 0. */
static const struct {
	const char *key;
	u64 (*get)(void);
	u64 value;
	const char *spoils;
} facts[] = {
	{ "init_on_alloc", zeroes_on_alloc, 0, NULL },
	{ "init_on_free", zeroes_on_free, 0, NULL },
	CONFIG(slub_tiny, IS_ENABLED(CONFIG_SLUB_TINY), NULL),
	CONFIG(slub_debug_on, IS_ENABLED(CONFIG_SLUB_DEBUG_ON),
	       "slab debugging takes the fast paths away"),
	FACT(debug_pagealloc, page_alloc_debugged,
	     "debug_pagealloc unmaps every freed page"),
	CONFIG(kasan, IS_ENABLED(CONFIG_KASAN), "KASAN checks every access"),
	CONFIG(kcsan, IS_ENABLED(CONFIG_KCSAN), "KCSAN watches every access"),
	CONFIG(lockdep, IS_ENABLED(CONFIG_LOCKDEP), "lockdep follows every lock"),
	CONFIG(debug_vm, IS_ENABLED(CONFIG_DEBUG_VM), "CONFIG_DEBUG_VM adds checks"),
	CONFIG(kmemleak, IS_ENABLED(CONFIG_DEBUG_KMEMLEAK), "kmemleak notes every object"),
	CONFIG(page_owner, IS_ENABLED(CONFIG_PAGE_OWNER), NULL),
	CONFIG(fault_injection, IS_ENABLED(CONFIG_FAILSLAB),
	       "fault injection is asked on every allocation"),
	FACT(kfence_ms, compat_kfence_ms, "KFENCE takes some objects aside"),
	CONFIG(alloc_profiling, IS_ENABLED(CONFIG_MEM_ALLOC_PROFILING), NULL),
	CONFIG(random_kmalloc, IS_ENABLED(CONFIG_RANDOM_KMALLOC_CACHES), NULL),
	CONFIG(slab_buckets, IS_ENABLED(CONFIG_SLAB_BUCKETS), NULL),
	CONFIG(freelist_random, IS_ENABLED(CONFIG_SLAB_FREELIST_RANDOM), NULL),
	CONFIG(freelist_hardened, IS_ENABLED(CONFIG_SLAB_FREELIST_HARDENED), NULL),
	CONFIG(memcg, IS_ENABLED(CONFIG_MEMCG), NULL),
	FACT(memcg_kmem, compat_memcg_charges, NULL),
	FACT(indirect_thunks, compat_thunked, NULL),
	CONFIG(huge_vmalloc, IS_ENABLED(CONFIG_HAVE_ARCH_HUGE_VMALLOC), NULL),
	CONFIG(thp, IS_ENABLED(CONFIG_TRANSPARENT_HUGEPAGE), NULL),
	FACT(cpus, online_cpus, NULL),
	FACT(possible_cpus, possible_cpus, NULL),
	FACT(nodes, online_nodes, NULL),
	FACT(mem_kib, total_kib, NULL),
	VALUE(hz, HZ),
	VALUE(page_size, PAGE_SIZE),
	VALUE(kmalloc_max, KMALLOC_MAX_SIZE),
};

static u64 value_of(unsigned int i)
{
	return facts[i].get ? facts[i].get() : facts[i].value;
}

static const char *preemption(void)
{
	if (IS_ENABLED(CONFIG_PREEMPT_RT))
		return "rt";
	if (preempt_model_full())
		return "full";
	if (preempt_model_voluntary())
		return "voluntary";
	return preempt_model_none() ? "none" : "lazy";
}

static void write_word(struct text *t, const char *key, const char *value)
{
	text_printf(t, " %s=", key);
	text_word(t, value);
}

/**
 * env_meta() - describe the kernel for machines
 * @t: text to append key=value words to, each with a blank before it
 *
 * Context: process.
 */
void env_meta(struct text *t)
{
	char hypervisor[16];
	unsigned int i;

	write_word(t, "build", init_utsname()->version);
	write_word(t, "kernel_cc", CONFIG_CC_VERSION_TEXT);
	write_word(t, "preempt", preemption());
	compat_hypervisor(hypervisor);
	write_word(t, "hypervisor", hypervisor);
	for (i = 0; i < ARRAY_SIZE(facts); i++)
		text_printf(t, " %s=%llu", facts[i].key, value_of(i));
	text_printf(t, " gfp_added=__GFP_NOWARN");
}

/**
 * env_warn() - say what spoils a measurement on this kernel
 * @t: text to append lines to
 *
 * Context: process.
 */
void env_warn(struct text *t)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(facts); i++) {
		if (facts[i].spoils && value_of(i))
			text_printf(t, "warning: %s\n", facts[i].spoils);
	}
}
