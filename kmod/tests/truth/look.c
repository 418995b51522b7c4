// SPDX-License-Identifier: GPL-2.0
/*
 * An independent look at real objects, sharing no line with the module: what
 * its fact lines have to agree with. Prints to the kernel log
 *	look NAME SIZE usable=BYTES zeroed=0|1 region=direct|vmalloc
 */
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

static bool all_zero(const u8 *p, size_t size)
{
	while (size--)
		if (p[size])
			return false;
	return true;
}

static size_t usable(const void *p, size_t size)
{
	return is_vmalloc_addr(p) ? PAGE_ALIGN(size) : ksize(p);
}

static void say(const char *name, size_t size, void *p, bool zeroed)
{
	pr_info("look %s %zu usable=%zu zeroed=%d region=%s\n", name, size, usable(p, size),
		zeroed, is_vmalloc_addr(p) ? "vmalloc" : "direct");
}

/* Memory that nobody wrote to may be zero by chance: write, free, look again. */
#define LOOK(name, get, put) \
static void look_##name(size_t size) \
{ \
	bool zeroed = true; \
	u8 *p, *all[4]; \
	int turn, i; \
\
	for (turn = 0; turn < 2; turn++) { \
		for (i = 0; i < 4; i++) { \
			p = get; \
			if (!p) \
				return; \
			all[i] = p; \
			zeroed &= !turn || all_zero(p, size); \
		} \
		if (turn) \
			say(#name, size, p, zeroed); \
		for (i = 0; i < 4; i++) { \
			p = all[i]; \
			memset(p, 0x5a, size); \
			put; \
		} \
	} \
}

LOOK(kmalloc, kmalloc(size, GFP_KERNEL), kfree(p))
LOOK(kzalloc, kzalloc(size, GFP_KERNEL), kfree(p))
LOOK(kvmalloc, kvmalloc(size, GFP_KERNEL), kvfree(p))
LOOK(vmalloc, vmalloc(size), vfree(p))
LOOK(vzalloc, vzalloc(size), vfree(p))

static int __init look_init(void)
{
	static const size_t sizes[] = { 8, 24, 64, 100, 1000, 4096, 5000, 65536, 100000 };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		look_kmalloc(sizes[i]);
		look_kzalloc(sizes[i]);
		look_kvmalloc(sizes[i]);
		look_vmalloc(sizes[i]);
		look_vzalloc(sizes[i]);
	}
	return 0;
}

static void __exit look_exit(void)
{
}

module_init(look_init);
module_exit(look_exit);
MODULE_DESCRIPTION("An independent look at allocated memory");
MODULE_LICENSE("GPL");
