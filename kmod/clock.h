/* SPDX-License-Identifier: GPL-2.0 */
#ifndef KALLOCBENCH_CLOCK_H
#define KALLOCBENCH_CLOCK_H

/*
 * clock - begin and end of a timed region, per architecture.
 *
 * A read is fenced on both sides, so that neither the call leaks out of the
 * region nor the loop into it. It is one asm statement: the compiler cannot
 * move a part of it, and so the region has the same few instructions of its
 * own everywhere, which the calibration measures and takes off.
 *
 * Section kab_marks lists the instructions that read the counter at the edges
 * of timed regions: what follows the executed instructions from outside
 * (bench-scripts/explain.sh) finds the regions by it. An entry is the place,
 * relative to the entry, and a number: the op, and 256 where the region ends.
 */

#include <linux/objtool.h>
#include <linux/types.h>

#define CLOCK_MARKS_END	256

/* Before the instruction that reads the counter. Nobody jumps there. */
#define CLOCK_MARK						\
	"771:\n\t"						\
	ANNOTATE_NOENDBR "\n\t"					\
	".pushsection kab_marks, \"a\"\n\t"			\
	".balign 4\n\t"						\
	".long 771b - .\n\t"					\
	".long %c[mark]\n\t"					\
	".popsection\n\t"

#if defined(CONFIG_X86_64)

#define CLOCK_NAME	"tsc"
/* QEMU's words for a clock that counts instructions. */
#define CLOCK_COUNTING	"-icount shift=0"

#define CLOCK_BEFORE	"lfence\n\t"
#define CLOCK_READ	"rdtsc\n\t"					\
			"shl $32, %%rdx\n\t"			\
			"or %%rdx, %[ticks]\n\t"			\
			"lfence"
#define CLOCK_TICKS	"=a"
#define CLOCK_CLOBBERS	"rdx", "cc", "memory"

/* One instruction; and two, which go back to label 1 unless they reach 0. */
#define CLOCK_SET_499	"mov $499, %0\n"
#define CLOCK_TURN	"dec %0\n\t"						\
			"jnz 1b\n\t"

#ifdef CONFIG_UML
#include <linux/math64.h>
#include <linux/timekeeping.h>

static __always_inline u64 clock_now(void);

/*
 * Ticks at a moment of the kernel's clock, which is the host's. The host may
 * run something else between two readings: the shortest of some tries.
 */
static inline u64 clock_moment(u64 *ns)
{
	u64 since, until, now, moment = 0, least = U64_MAX;
	unsigned int i;

	for (i = 0; i < 16; i++) {
		since = clock_now();
		now = ktime_get_raw_ns();
		until = clock_now();
		if (until - since >= least)
			continue;
		least = until - since;
		moment = since + least / 2;
		*ns = now;
	}
	return moment;
}

/* A process is not told: 20 ms by the host's clock. */
static inline u64 clock_khz(void)
{
	u64 begin, end = 0, ticks = clock_moment(&begin);

	while (ktime_get_raw_ns() - begin < 20 * NSEC_PER_MSEC)
		;
	ticks = clock_moment(&end) - ticks;
	return mul_u64_u64_div_u64(ticks, NSEC_PER_MSEC, end - begin);
}

/* That of the host, as are its flaws. */
static inline const char *clock_refusal(void)
{
	return NULL;
}
#else
#include <asm/msr.h>
#include <asm/tsc.h>

#define clock_khz()	tsc_khz

/* Returns a sentence that says why the counter cannot be used, or NULL. */
static inline const char *clock_refusal(void)
{
	if (!boot_cpu_has(X86_FEATURE_TSC))
		return "this CPU has no TSC";
	if (!boot_cpu_has(X86_FEATURE_LFENCE_RDTSC))
		return "LFENCE does not order the TSC here: calls would leak out of what is timed";
	if (check_tsc_unstable())
		return "the kernel calls the TSC unstable; if it is not, boot with tsc=reliable";
	if (!tsc_khz)
		return "the frequency of the TSC is unknown";
	return NULL;
}
#endif

#elif defined(CONFIG_ARM64)

#include <linux/cpumask.h>
#include <linux/percpu.h>

#include <asm/arch_timer.h>

#define CLOCK_NAME	"cntvct"
#define clock_khz()	(arch_timer_get_cntfrq() / 1000)
#define CLOCK_COUNTING	"-icount shift=0 -cpu max,cntfrq=1000000000"

#define CLOCK_BEFORE	"isb\n\t"
#define CLOCK_READ	"mrs %[ticks], cntvct_el0\n\t"		\
			"isb"
#define CLOCK_TICKS	"=r"
#define CLOCK_CLOBBERS	"memory"

/* One instruction; and two, which go back to label 1 unless they reach 0. */
#define CLOCK_SET_499	"mov %w0, #499\n"
#define CLOCK_TURN	"subs %w0, %w0, #1\n\t"				\
			"b.ne 1b\n\t"

#if IS_ENABLED(CONFIG_ARM_ARCH_TIMER_OOL_WORKAROUND)
/*
 * Some counters go wrong now and then, as on Cortex-A73 (858921); the kernel
 * reads them by a function that looks twice, which would be in every sample.
 */
static inline bool clock_errs(void)
{
	unsigned int cpu;
	bool errs = false;

	for_each_online_cpu(cpu) {
		const struct arch_timer_erratum_workaround *wa =
			per_cpu(timer_unstable_counter_workaround, cpu);

		errs |= wa && wa->read_cntvct_el0;
	}
	return errs;
}
#else
static inline bool clock_errs(void)
{
	return false;
}
#endif

/* Returns a sentence that says why the counter cannot be used, or NULL. */
static inline const char *clock_refusal(void)
{
	if (arch_timer_get_cntfrq() < 1000)
		return "the frequency of the generic timer is unknown";
	if (clock_errs())
		return "the timer of a CPU has an erratum: it takes more than one read";
	return NULL;
}

#else
#error "kallocbench has no clock for this architecture: add one to clock.h"
#endif

/* Exactly 1,000 instructions: 1 + 2 * 499 + 1. */
static __always_inline void clock_spin_1000(void)
{
	unsigned int turns;

	asm volatile(CLOCK_SET_499 "1:\t" CLOCK_TURN "nop"
		     : "=r" (turns) : : "cc");
}

/* Instructions in each turn of clock_spin() and clock_spin_nops(). */
#define CLOCK_SPIN	2
#define CLOCK_SPIN_NOPS	10

/* At least one turn. */
static __always_inline void clock_spin(unsigned int turns)
{
	asm volatile("1:\t" CLOCK_TURN : "+r" (turns) : : "cc");
}

/* At least one turn. */
static __always_inline void clock_spin_nops(unsigned int turns)
{
	asm volatile("1:\n\t.rept 8\n\tnop\n\t.endr\n\t" CLOCK_TURN
		     : "+r" (turns) : : "cc");
}

static __always_inline u64 clock_read(const unsigned int mark)
{
	u64 ticks;

	asm_inline volatile(CLOCK_BEFORE CLOCK_MARK CLOCK_READ
		     : [ticks] CLOCK_TICKS(ticks) : [mark] "i" (mark)
		     : CLOCK_CLOBBERS);
	return ticks;
}

/* A timed region of an op, which the compiler has to know, begins and ends. */
#define clock_begin(op)	clock_read(op)
#define clock_end(op)	clock_read(CLOCK_MARKS_END + (op))

/* A plain reading: nothing is timed after it. */
static __always_inline u64 clock_now(void)
{
	u64 ticks;

	asm_inline volatile(CLOCK_BEFORE CLOCK_READ
		     : [ticks] CLOCK_TICKS(ticks) : : CLOCK_CLOBBERS);
	return ticks;
}

#endif
