/* SPDX-License-Identifier: GPL-2.0 */
#ifndef KALLOCBENCH_COMPAT_STATE_H
#define KALLOCBENCH_COMPAT_STATE_H

/*
 * compat_state - what is asked of the running kernel, where versions and
 * configurations differ: its settings, its machine, who is charged. By itself,
 * for that takes the largest headers there are.
 */

#include <linux/cgroup.h>
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/kernel_stat.h>
#include <linux/kfence.h>
#include <linux/memcontrol.h>
#include <linux/mm.h>
#include <linux/perf_event.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <linux/version.h>
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

/* Hardware events of a CPU, for as long as they are wanted. */
#ifdef CONFIG_PERF_EVENTS
static inline struct perf_event *
compat_counter_create(struct perf_event_attr *attr, unsigned int cpu)
{
	return perf_event_create_kernel_counter(attr, cpu, NULL, NULL, NULL);
}

static inline bool compat_counter_active(const struct perf_event *event)
{
	return event->state == PERF_EVENT_STATE_ACTIVE;
}

static inline u64 compat_counter_read(struct perf_event *event)
{
	u64 enabled, running;

	return perf_event_read_value(event, &enabled, &running);
}
#else
static inline struct perf_event *
compat_counter_create(struct perf_event_attr *attr, unsigned int cpu)
{
	return ERR_PTR(-EOPNOTSUPP);
}

static inline bool compat_counter_active(const struct perf_event *event)
{
	return false;
}

static inline u64 compat_counter_read(struct perf_event *event)
{
	return 0;
}
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

/* Whether the kernel, finding one CPU, patched out lock prefixes, ours too. x86 only. */
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

/* Whether __GFP_ACCOUNT charges this group. The root's, not exported, has no parent: never. */
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
