// SPDX-License-Identifier: GPL-2.0
/*
 * The minimal loop that kallocbench has to agree with: one direct call between
 * two ordered clock reads, the cost of an empty region taken off, written out
 * by hand and sharing no line with the module. Prints to the kernel log
 *	loop NAME SIZE OP MIN P50
 */
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/sort.h>
#include <linux/vmalloc.h>

#define N 1000
#define WARM 300

static u64 got[N], gave[N];
static u64 empty;

static __always_inline u64 now(void)
{
	u64 ticks;

	/* Joined inside, or the compiler does it behind the call. */
	asm volatile("lfence; rdtsc; shl $32, %%rdx; or %%rdx, %0; lfence"
		     : "=a" (ticks) : : "rdx", "cc", "memory");
	return ticks;
}

static int compare(const void *a, const void *b)
{
	u64 x = *(const u64 *)a, y = *(const u64 *)b;

	return x < y ? -1 : x > y;
}

static void say(const char *name, size_t size, const char *op, u64 *ticks)
{
	sort(ticks, N, sizeof(*ticks), compare, NULL);
	pr_info("loop %s %zu %s %llu %llu\n", name, size, op, ticks[0] - empty,
		ticks[N / 2 - 1] - empty);
}

#define LOOP(name, get, put) \
static noinline void loop_##name(size_t size) \
{ \
	u64 start, mid, end; \
	void *p; \
	int i; \
\
	for (i = -WARM; i < N; i++) { \
		start = now(); \
		p = get; \
		mid = now(); \
		if (!p) \
			continue; \
		if (i >= 0) \
			got[i] = mid - start; \
		start = now(); \
		put; \
		end = now(); \
		if (i >= 0) \
			gave[i] = end - start; \
	} \
	say(#name, size, "alloc", got); \
	say(#name, size, "free", gave); \
}

LOOP(kmalloc, kmalloc(size, GFP_KERNEL), kfree(p))
LOOP(kzalloc, kzalloc(size, GFP_KERNEL), kfree(p))
LOOP(kvmalloc, kvmalloc(size, GFP_KERNEL), kvfree(p))
LOOP(vmalloc, vmalloc(size), vfree(p))

static int __init loop_init(void)
{
	size_t size;
	int i;

	empty = U64_MAX;
	for (i = 0; i < N; i++) {
		u64 start = now();

		empty = min(empty, now() - start);
	}
	for (size = 8; size <= 65536; size *= 2) {
		loop_kmalloc(size);
		loop_kzalloc(size);
		loop_kvmalloc(size);
		loop_vmalloc(size);
	}
	return 0;
}

static void __exit loop_exit(void)
{
}

module_init(loop_init);
module_exit(loop_exit);
MODULE_DESCRIPTION("The minimal loop to compare with");
MODULE_LICENSE("GPL");
