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

#include "compat_state.h"
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

/* Its key is not exported; its file is there when it was asked for at boot. */
static u64 pages_owned(void)
{
	struct dentry *file = debugfs_lookup("page_owner", NULL);

	dput(file);
	return !!file;
}

#define ASK(key, get, text)		{ #key, get, 0, text }
#define CONFIG(key, option, text)	{ #key, NULL, IS_ENABLED(CONFIG_##option), text }

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
	CONFIG(slub_tiny, SLUB_TINY, "CONFIG_SLUB_TINY has no fast paths"),
	ASK(slub_debug_on, kab_fact_slots_padded,
	    "slab debugging takes the fast paths away"),
	ASK(debug_pagealloc, page_alloc_debugged,
	    "debug_pagealloc unmaps every freed page"),
	ASK(page_poisoning, compat_page_poisons, "page_poison fills every freed page"),
	ASK(page_owner, pages_owned, "page_owner notes a stack for every page"),
	CONFIG(kasan, KASAN, "KASAN checks every access"),
	CONFIG(kmsan, KMSAN, "KMSAN follows every access"),
	CONFIG(kcsan, KCSAN, "KCSAN watches every access"),
	CONFIG(kcov, KCOV, "KCOV is called at every branch"),
	CONFIG(lockdep, LOCKDEP, "lockdep follows every lock"),
	CONFIG(debug_vm, DEBUG_VM, "CONFIG_DEBUG_VM adds checks"),
	CONFIG(debug_preempt, DEBUG_PREEMPT, "CONFIG_DEBUG_PREEMPT adds checks"),
	CONFIG(debug_atomic_sleep, DEBUG_ATOMIC_SLEEP, "CONFIG_DEBUG_ATOMIC_SLEEP adds checks"),
	CONFIG(debug_objects, DEBUG_OBJECTS_FREE,
	       "CONFIG_DEBUG_OBJECTS_FREE searches what is freed"),
	CONFIG(kmemleak, DEBUG_KMEMLEAK, "kmemleak notes every object"),
	CONFIG(fault_injection, FAILSLAB, "fault injection is asked on every allocation"),
	ASK(kfence_ms, compat_kfence_ms, "KFENCE takes some objects aside"),
	ASK(alloc_profiling, compat_alloc_profiles,
	    "allocation profiling counts every call"),
	CONFIG(uml, UML,
	       "User Mode Linux, built for one CPU: no lock prefix, interrupt or mapping is real"),
	ASK(locks_removed, compat_locks_removed,
	    "one CPU: lock prefixes were removed; noreplace-smp at boot keeps them"),
	CONFIG(random_kmalloc, RANDOM_KMALLOC_CACHES, NULL),
	CONFIG(slab_buckets, SLAB_BUCKETS, NULL),
	CONFIG(freelist_random, SLAB_FREELIST_RANDOM, NULL),
	CONFIG(freelist_hardened, SLAB_FREELIST_HARDENED, NULL),
	CONFIG(memcg, MEMCG, NULL),
	ASK(memcg_kmem, compat_memcg_charges, NULL),
	ASK(indirect_thunks, compat_thunked, NULL),
	CONFIG(huge_vmalloc, HAVE_ARCH_HUGE_VMALLOC, NULL),
	CONFIG(thp, TRANSPARENT_HUGEPAGE, NULL),
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
	kab_text_printf(t, " %s=", key);
	kab_text_word(t, value);
}

/**
 * kab_env_meta() - describe the kernel
 * @t: text to append key=value words to, each with a blank before it
 *
 * Context: process.
 */
void kab_env_meta(struct text *t)
{
	char hypervisor[16];
	unsigned int i;

	write_word(t, "build", init_utsname()->version);
	write_word(t, "kernel_cc", CONFIG_CC_VERSION_TEXT);
	write_word(t, "preempt", preemption());
	compat_hypervisor(hypervisor);
	write_word(t, "hypervisor", hypervisor);
	for (i = 0; i < ARRAY_SIZE(settings); i++)
		kab_text_printf(t, " %s=%llu", settings[i].key, value_of(i));
	kab_text_printf(t, " cpus=%u possible_cpus=%u nodes=%u mem_kib=%lu",
			num_online_cpus(), num_possible_cpus(), num_online_nodes(),
			totalram_pages() << (PAGE_SHIFT - 10));
	kab_text_printf(t, " hz=%u page_size=%lu kmalloc_max=%lu", HZ, PAGE_SIZE,
			KMALLOC_MAX_SIZE);
	kab_text_printf(t, " slub_debug_kmalloc=");
	if (!kab_fact_padded_sizes(t))
		kab_text_printf(t, "none");
	kab_text_printf(t, " gfp_added=__GFP_NOWARN");
}

/**
 * kab_env_warn() - say what spoils a measurement on this kernel
 * @t: text for @say
 * @say: appends a sentence to it
 *
 * Context: process.
 */
void kab_env_warn(struct text *t,
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
	kab_text_init(&w, words, sizeof(words));
	kab_text_printf(&w, "slab debugging of kmalloc ");
	if (kab_fact_padded_sizes(&w) && !kab_fact_slots_padded())
		say(t, words);
}
