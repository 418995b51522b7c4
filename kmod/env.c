// SPDX-License-Identifier: GPL-2.0
/*
 * env - what a reader has to know of the kernel to believe its numbers.
 *
 * The build's configuration is the target's, so that IS_ENABLED() tells the
 * truth about it. What a module cannot see, bench-scripts/collect.sh adds.
 */
#include <linux/cpumask.h>
#include <linux/dcache.h>
#include <linux/debugfs.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/nodemask.h>
#include <linux/slab.h>
#include <linux/utsname.h>

#include "compat.h"
#include "env.h"
#include "fact.h"

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

static u64 slabs_debugged(void)
{
	return fact_slots_padded();
}

/* Its key is not exported; its file is there when it was asked for at boot. */
static u64 pages_owned(void)
{
	struct dentry *file = debugfs_lookup("page_owner", NULL);

	dput(file);
	return !!file;
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

#define ASK(key, get, text)	{ #key, get, 0, text }
#define CONFIG(key, on, text)	{ #key, NULL, on, text }
#define VALUE(key, number)	{ #key, NULL, number, NULL }

/* @spoils: what is said of every measurement when the value is not 0. */
static const struct {
	const char *key;
	u64 (*get)(void);
	u64 value;
	const char *spoils;
} settings[] = {
	ASK(init_on_alloc, zeroes_on_alloc,
	    "init_on_alloc=1 clears every object: most of what a large one costs"),
	ASK(init_on_free, zeroes_on_free,
	    "init_on_free=1 clears freed objects: most of what a large one costs"),
	CONFIG(slub_tiny, IS_ENABLED(CONFIG_SLUB_TINY), "CONFIG_SLUB_TINY has no fast paths"),
	ASK(slub_debug_on, slabs_debugged,
	    "slab debugging takes the fast paths away"),
	ASK(debug_pagealloc, page_alloc_debugged,
	    "debug_pagealloc unmaps every freed page"),
	ASK(page_poisoning, compat_page_poisons, "page_poison fills every freed page"),
	ASK(page_owner, pages_owned, "page_owner notes a stack for every page"),
	CONFIG(kasan, IS_ENABLED(CONFIG_KASAN), "KASAN checks every access"),
	CONFIG(kmsan, IS_ENABLED(CONFIG_KMSAN), "KMSAN follows every access"),
	CONFIG(kcsan, IS_ENABLED(CONFIG_KCSAN), "KCSAN watches every access"),
	CONFIG(kcov, IS_ENABLED(CONFIG_KCOV), "KCOV is called at every branch"),
	CONFIG(lockdep, IS_ENABLED(CONFIG_LOCKDEP), "lockdep follows every lock"),
	CONFIG(debug_vm, IS_ENABLED(CONFIG_DEBUG_VM), "CONFIG_DEBUG_VM adds checks"),
	CONFIG(debug_preempt, IS_ENABLED(CONFIG_DEBUG_PREEMPT),
	       "CONFIG_DEBUG_PREEMPT adds checks"),
	CONFIG(debug_atomic_sleep, IS_ENABLED(CONFIG_DEBUG_ATOMIC_SLEEP),
	       "CONFIG_DEBUG_ATOMIC_SLEEP adds checks"),
	CONFIG(debug_objects, IS_ENABLED(CONFIG_DEBUG_OBJECTS_FREE),
	       "CONFIG_DEBUG_OBJECTS_FREE searches what is freed"),
	CONFIG(kmemleak, IS_ENABLED(CONFIG_DEBUG_KMEMLEAK), "kmemleak notes every object"),
	CONFIG(fault_injection, IS_ENABLED(CONFIG_FAILSLAB),
	       "fault injection is asked on every allocation"),
	ASK(kfence_ms, compat_kfence_ms, "KFENCE takes some objects aside"),
	ASK(alloc_profiling, compat_alloc_profiles,
	    "allocation profiling counts every call"),
	ASK(locks_removed, compat_locks_removed,
	    "one CPU: lock prefixes were removed; noreplace-smp at boot keeps them"),
	CONFIG(random_kmalloc, IS_ENABLED(CONFIG_RANDOM_KMALLOC_CACHES), NULL),
	CONFIG(slab_buckets, IS_ENABLED(CONFIG_SLAB_BUCKETS), NULL),
	CONFIG(freelist_random, IS_ENABLED(CONFIG_SLAB_FREELIST_RANDOM), NULL),
	CONFIG(freelist_hardened, IS_ENABLED(CONFIG_SLAB_FREELIST_HARDENED), NULL),
	CONFIG(memcg, IS_ENABLED(CONFIG_MEMCG), NULL),
	ASK(memcg_kmem, compat_memcg_charges, NULL),
	ASK(indirect_thunks, compat_thunked, NULL),
	CONFIG(huge_vmalloc, IS_ENABLED(CONFIG_HAVE_ARCH_HUGE_VMALLOC), NULL),
	CONFIG(thp, IS_ENABLED(CONFIG_TRANSPARENT_HUGEPAGE), NULL),
	ASK(cpus, online_cpus, NULL),
	ASK(possible_cpus, possible_cpus, NULL),
	ASK(nodes, online_nodes, NULL),
	ASK(mem_kib, total_kib, NULL),
	VALUE(hz, HZ),
	VALUE(page_size, PAGE_SIZE),
	VALUE(kmalloc_max, KMALLOC_MAX_SIZE),
};

static u64 value_of(unsigned int i)
{
	return settings[i].get ? settings[i].get() : settings[i].value;
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
 * env_meta() - describe the kernel
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
	for (i = 0; i < ARRAY_SIZE(settings); i++)
		text_printf(t, " %s=%llu", settings[i].key, value_of(i));
	text_printf(t, " slub_debug_kmalloc=");
	if (!fact_padded_sizes(t))
		text_printf(t, "none");
	text_printf(t, " gfp_added=__GFP_NOWARN");
}

/**
 * env_warn() - say what spoils a measurement on this kernel
 * @t: text for @say
 * @say: appends a sentence to it
 *
 * Context: process.
 */
void env_warn(struct text *t,
	      void (*say)(struct text *t, const char *sentence))
{
	char words[96];
	struct text w;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(settings); i++) {
		if (settings[i].spoils && value_of(i))
			say(t, settings[i].spoils);
	}
	/* Some caches may be debugged and others not. */
	text_init(&w, words, sizeof(words));
	text_printf(&w, "slab debugging of kmalloc ");
	if (fact_padded_sizes(&w) && !fact_slots_padded())
		say(t, words);
}
