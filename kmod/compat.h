/* SPDX-License-Identifier: GPL-2.0 */
#ifndef KALLOCBENCH_COMPAT_H
#define KALLOCBENCH_COMPAT_H

/*
 * compat - the only place that knows kernel versions and configurations.
 *
 * Distributions backport interfaces, so a macro that is there is asked for
 * before a version is.
 */

#include <linux/cgroup.h>
#include <linux/delay.h>
#include <linux/gfp.h>
#include <linux/kernel.h>
#include <linux/kernel_stat.h>
#include <linux/kfence.h>
#include <linux/kthread.h>
#include <linux/memcontrol.h>
#include <linux/mm.h>
#include <linux/mmzone.h>
#include <linux/sched.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/version.h>
#include <linux/vmalloc.h>
#ifdef CONFIG_MEM_ALLOC_PROFILING
#include <linux/alloc_tag.h>
#endif
#ifdef CONFIG_ARM64
#include <linux/arm-smccc.h>
#include <linux/of.h>
#include <asm/cputype.h>
#endif
#ifdef CONFIG_X86
#include <asm/alternative.h>
#include <asm/cpufeature.h>
#include <asm/hardirq.h>
#include <asm/processor.h>
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 16, 0)
#include <asm/cpuid/api.h>
#endif
#endif
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 13, 0)
#include <linux/page_frag_cache.h>
#endif

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
		freed = kmalloc(sizeof(*freed), GFP_KERNEL | __GFP_NORETRY | __GFP_NOWARN);
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

/* Up to 6.11 interrupts come back on behind kmem_cache_alloc_bulk(). */
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

/* Whether freed pages are filled. */
static inline u64 compat_page_poisons(void)
{
	return page_poisoning_enabled_static();
}

/* Whether every call is counted for the place it stands at. From 6.10. */
static inline u64 compat_alloc_profiles(void)
{
#ifdef CONFIG_MEM_ALLOC_PROFILING
	return mem_alloc_profiling_enabled();
#else
	return 0;
#endif
}

/*
 * Whether the kernel, finding one CPU, took the lock prefixes out of itself
 * and of modules: one of our own is looked at. Others than x86 never do.
 */
static inline u64 compat_locks_removed(void)
{
#if defined(CONFIG_X86) && defined(CONFIG_SMP)
	unsigned int word = 0;
	const u8 *at;

	asm volatile("lea 1f(%%rip), %0\n"
		     "1:\t" LOCK_PREFIX "incl %1"
		     : "=&r" (at), "+m" (word) : : "cc");
	return *at != 0xf0;
#else
	return 0;
#endif
}

/* Milliseconds between two KFENCE objects, 0 when it is off. */
static inline u64 compat_kfence_ms(void)
{
#ifdef CONFIG_KFENCE
	return READ_ONCE(kfence_sample_interval);
#else
	return 0;
#endif
}

/* Whether __GFP_ACCOUNT charges anybody. Renamed in 6.3. */
static inline u64 compat_memcg_charges(void)
{
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 3, 0)
	return memcg_kmem_enabled();
#else
	return memcg_kmem_online();
#endif
}

/*
 * Whether __GFP_ACCOUNT charges this group, of all there may be. The root's,
 * whose name is not exported, has no parent, and is never charged.
 */
static inline bool compat_charges(const struct mem_cgroup *memcg)
{
#ifdef CONFIG_MEMCG
	return memcg && memcg->css.parent && compat_memcg_charges();
#else
	return false;
#endif
}

#ifdef CONFIG_MEMCG
/* Bytes that a counter and all above it may still take before they reclaim. */
static inline u64 compat_counter_left(struct page_counter *counter)
{
	unsigned long least = PAGE_COUNTER_MAX;

	for (; counter; counter = counter->parent) {
		unsigned long most = min(READ_ONCE(counter->max),
					 READ_ONCE(counter->high));
		unsigned long used = page_counter_read(counter);

		least = min(least, most > used ? most - used : 0);
	}
	return (u64)least << PAGE_SHIFT;
}
#endif

/* Bytes that a memory cgroup may still be charged with. */
static inline u64 compat_charge_left(struct mem_cgroup *memcg)
{
#ifdef CONFIG_MEMCG
	u64 left = compat_counter_left(&memcg->memory);

	/* Version 1 has a limit for memory and swap together. */
	if (!cgroup_subsys_on_dfl(memory_cgrp_subsys))
		left = min(left, compat_counter_left(&memcg->memsw));
	return left;
#else
	return U64_MAX;
#endif
}

/* Whom __GFP_ACCOUNT charges in a kernel thread, NULL for nobody. */
static inline struct mem_cgroup *compat_active_memcg(void)
{
#ifdef CONFIG_MEMCG
	return mem_cgroup_disabled() ? NULL : current->active_memcg;
#else
	return NULL;
#endif
}

/* Whether indirect calls go through a thunk. */
static inline u64 compat_thunked(void)
{
#ifdef CONFIG_X86
	return boot_cpu_has(X86_FEATURE_RETPOLINE) ||
	       boot_cpu_has(X86_FEATURE_RETPOLINE_LFENCE);
#else
	return 0;
#endif
}

#ifdef CONFIG_ARM64
/* QEMU's -cpu max: of no implementer, part Q. */
#define COMPAT_MIDR_EMULATED	0x000f0510

/* How 28b46fb6-2ec5-11e9-a9ca-4b564d003a74, which is KVM, comes in registers. */
#define COMPAT_UID_KVM_0	0xb66fb428
#define COMPAT_UID_KVM_1	0xe911c52e

/* As x86 calls them, for those who read both. */
static inline const char *compat_arm64_hypervisor(void)
{
	struct arm_smccc_res res = {};

	if (read_cpuid_id() == COMPAT_MIDR_EMULATED)
		return "TCGTCGTCGTCG";
	if (arm_smccc_1_1_get_conduit() == SMCCC_CONDUIT_HVC)
		arm_smccc_1_1_hvc(ARM_SMCCC_VENDOR_HYP_CALL_UID_FUNC_ID, &res);
	if ((u32)res.a0 == COMPAT_UID_KVM_0 && (u32)res.a1 == COMPAT_UID_KVM_1)
		return "KVMKVMKVM";
	/* QEMU's virt and others like it, whoever runs them. */
	if (of_machine_is_compatible("linux,dummy-virt"))
		return "unknown";
	return "none";
}
#endif

/* The signature of the hypervisor, "none" where there is none. */
static inline void compat_hypervisor(char name[16])
{
#ifdef CONFIG_X86
	u32 leaf, signature[4] = {};

	if (boot_cpu_has(X86_FEATURE_HYPERVISOR)) {
		cpuid(0x40000000, &leaf, &signature[0], &signature[1],
		      &signature[2]);
		memcpy(name, signature, sizeof(signature));
		return;
	}
#endif
#ifdef CONFIG_ARM64
	strscpy(name, compat_arm64_hypervisor(), 16);
#else
	strscpy(name, "none", 16);
#endif
}

/* Members of irq_stat; an array where there is this macro: 7.2 and 7.3. */
#ifdef inc_perf_irq_stat
#define COMPAT_IRQ_TIMER	counts[IRQ_COUNT_APIC_TIMER]
#define COMPAT_IRQ_RESCHED	counts[IRQ_COUNT_RESCHEDULE]
#define COMPAT_IRQ_CALL		counts[IRQ_COUNT_CALL_FUNCTION]
#else
#define COMPAT_IRQ_TIMER	apic_timer_irqs
#define COMPAT_IRQ_RESCHED	irq_resched_count
#define COMPAT_IRQ_CALL		irq_call_count
#endif

/* Interrupts that a CPU has taken. */
static inline u64 compat_irqs(unsigned int cpu)
{
	u64 irqs = kstat_cpu_irqs_sum(cpu);

#ifdef CONFIG_X86_LOCAL_APIC
	irqs += per_cpu(irq_stat, cpu).COMPAT_IRQ_TIMER;
#endif
#if defined(CONFIG_X86) && defined(CONFIG_SMP)
	irqs += per_cpu(irq_stat, cpu).COMPAT_IRQ_RESCHED;
	irqs += per_cpu(irq_stat, cpu).COMPAT_IRQ_CALL;
#endif
	return irqs;
}

#endif
