/* SPDX-License-Identifier: GPL-2.0 */
#ifndef KALLOCBENCH_COMPAT_H
#define KALLOCBENCH_COMPAT_H

/*
 * compat - calls that differ between kernel versions and configurations. Nobody
 * but this file and compat_state.h, which asks the running kernel, knows either.
 *
 * Distributions backport interfaces, so a macro that is there is asked for
 * before a version is.
 */

#include <linux/delay.h>
#include <linux/gfp.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/version.h>
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 13, 0)
#include <linux/page_frag_cache.h>
#elif LINUX_VERSION_CODE < KERNEL_VERSION(6, 9, 0)
#include <linux/mm.h>
#else
#include <linux/mm_types.h>
#endif

#include "text.h"

/*
 * A cache that is merged with none that looks alike. Before 6.5 there is no flag
 * for it but those that change what a call does; but a cache with a region for
 * user copies has always been left alone, and that region costs a call nothing:
 * copy_to_user() and its like look at it. (From 6.2 on only with
 * CONFIG_HARDENED_USERCOPY.)
 */
static inline struct kmem_cache *
compat_cache_create(const char *name, unsigned int size, slab_flags_t flags,
		    void (*ctor)(void *object))
{
#ifdef SLAB_NO_MERGE
	return kmem_cache_create(name, size, 0, flags | SLAB_NO_MERGE, ctor);
#else
	return kmem_cache_create_usercopy(name, size, 0, flags, 0, size, ctor);
#endif
}

/* kmalloc() promises the largest power of two that divides the size. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 12, 0)
#define COMPAT_KMALLOC_DIVISOR	1
#else
#define COMPAT_KMALLOC_DIVISOR	0
#endif

/*
 * What kfree_rcu() has queued is freed and back when this returns. Modules have
 * the call for it from 6.12 to 7.2. As 0 or 1, for ROW_IF() pastes it.
 */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 12, 0) && \
	LINUX_VERSION_CODE < KERNEL_VERSION(7, 3, 0)
#define COMPAT_HAS_KFREE_BARRIER	1
#define compat_kfree_barrier()		kvfree_rcu_barrier()
#else
#define COMPAT_HAS_KFREE_BARRIER	0
#define compat_kfree_barrier()		rcu_barrier()
#endif

/* More than a page of pointers: what makes kfree_rcu() begin at once. */
#define COMPAT_KFREE_BEGINS	(PAGE_SIZE / sizeof(void *) + 1)

/*
 * The same where there is no such call, as far as that can be: where kfree_rcu()
 * waits for up to 5 s for more (before 6.12), it is given so much that it does
 * not, on this CPU; then come a grace period, and a worker that frees. From 7.3
 * on each CPU keeps a sheaf that is not full.
 */
static inline void compat_kfree_settle(void)
{
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 12, 0)
	struct compat_freed {
		struct rcu_head rcu;
	} *freed;
	unsigned int i;

	for (i = 0; i < COMPAT_KFREE_BEGINS; i++) {
		freed = kmalloc(sizeof(*freed), OWN_GFP);
		if (freed)
			kfree_rcu(freed, rcu);
	}
	msleep(20);
	rcu_barrier();
	msleep(20);
#endif
	compat_kfree_barrier();
}

/* Renamed in 6.14. */
#ifdef alloc_pages_bulk
#define compat_alloc_pages_bulk	alloc_pages_bulk
#else
#define compat_alloc_pages_bulk	alloc_pages_bulk_array
#endif

/* Up to 6.11 kmem_cache_alloc_bulk() leaves interrupts on. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 12, 0)
#define COMPAT_BULK_TRAITS	ALLOC_NO_IRQ
#else
#define COMPAT_BULK_TRAITS	0
#endif

/* Small kernels do without. As 0 or 1, for ROW_IF() pastes it. */
#if IS_ENABLED(CONFIG_GENERIC_ALLOCATOR)
#define COMPAT_HAS_GEN_POOL	1
#else
#define COMPAT_HAS_GEN_POOL	0
#endif

/* From 6.11. A kernel has no call to destroy buckets, only their caches. */
#if defined(kmem_buckets_alloc) && IS_ENABLED(CONFIG_SLAB_BUCKETS)
#define COMPAT_HAS_BUCKETS	1

static inline void *compat_buckets_create(void)
{
	return kmem_buckets_create("kallocbench", 0, 0, INT_MAX, NULL);
}

static inline void compat_buckets_destroy(void *buckets)
{
	kmem_buckets *b = buckets;
	unsigned int i, other;

	for (i = 0; i < ARRAY_SIZE(*b); i++) {
		/* One cache may stand in for several sizes. */
		for (other = i + 1; other < ARRAY_SIZE(*b); other++) {
			if ((*b)[other] == (*b)[i])
				(*b)[other] = NULL;
		}
		kmem_cache_destroy((*b)[i]);
	}
	kfree(b);
}
#else
#define COMPAT_HAS_BUCKETS		0
#define compat_buckets_create()		NULL
#define compat_buckets_destroy(buckets)	((void)(buckets))
#endif

/* page_frag_cache_drain() is there from 6.9 on. */
static inline void compat_frag_drain(struct page_frag_cache *frag)
{
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 9, 0)
	if (frag->va)
		__page_frag_cache_drain(virt_to_head_page(frag->va),
					frag->pagecnt_bias);
	frag->va = NULL;
#else
	page_frag_cache_drain(frag);
#endif
}

/*
 * With PREEMPT_RT locks sleep, so that no allocator may be called with
 * preemption or interrupts really off; bottom halves and softirqs are threads.
 */
#define COMPAT_RT	IS_ENABLED(CONFIG_PREEMPT_RT)

/*
 * A process of the host: its interrupt flag is a variable, a mapping a signal
 * and a call of the host for each page, and there is one CPU.
 */
#define COMPAT_UML	IS_ENABLED(CONFIG_UML)

/* vmalloc's documentation: reclaim cannot be left out before 7.0. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(7, 0, 0)
#define COMPAT_VMALLOC_NEEDS	__GFP_DIRECT_RECLAIM
#define COMPAT_KVMALLOC_TRAITS	0
#else
/* Nor does kvmalloc() give up before vmalloc when it must not sleep. */
#define COMPAT_VMALLOC_NEEDS	0
#define COMPAT_KVMALLOC_TRAITS	ALLOC_FALLS
#endif

/*
 * A percpu pointer as one that a slot can hold, and back. From 7.2 on, with a
 * compiler that knows how, they are in an address space of the compiler's, which
 * only an integer leads out of.
 */
#define compat_from_percpu(p)	((void *)(__force unsigned long)(p))
#define compat_to_percpu(p)	((void __percpu *)(__force unsigned long)(p))

/* Creating a worker starts it up to 6.13; from 6.14 on it has to be run. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 14, 0)
#define compat_worker_on_cpu(cpu)					\
	kthread_create_worker_on_cpu(cpu, 0, "kallocbench/%u", cpu)
#define compat_worker()	kthread_create_worker(0, "kallocbench")
#else
#define compat_worker_on_cpu(cpu)					\
	kthread_run_worker_on_cpu(cpu, 0, "kallocbench/%u")
#define compat_worker()	kthread_run_worker(0, "kallocbench")
#endif

#endif
