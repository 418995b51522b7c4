// SPDX-License-Identifier: GPL-2.0
/*
 * slab_name - which cache an object of the slab allocator lies in.
 *
 * Where a slab keeps its cache, and a cache its name, is nobody's business but
 * the allocator's, and moves from version to version. It is learnt from a
 * cache of the module's own, whose address and name are known; where that
 * teaches nothing, nothing is said.
 */
#include <linux/ctype.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "compat.h"
#include "slab_name.h"

#define TEACHER		"kallocbench-name"

/* The name stands among the first members of struct kmem_cache. */
#define NAME_WORDS	20
#define NOT_LEARNT	(-1)

/* Words of struct page and of struct kmem_cache; written by slab_name_learn(). */
static int cache_word = NOT_LEARNT;
static int name_word = NOT_LEARNT;

/* A cache with a constructor is not merged with others, on any version. */
static void leave_alone(void *object)
{
}

static unsigned long page_word(const void *object, int word)
{
	const unsigned long *words =
		(const unsigned long *)virt_to_head_page(object);

	return READ_ONCE(words[word]);
}

static int find_cache(const void *object, const struct kmem_cache *cache)
{
	int i;

	for (i = 0; i < (int)(sizeof(struct page) / sizeof(long)); i++) {
		if (page_word(object, i) == (unsigned long)cache)
			return i;
	}
	return NOT_LEARNT;
}

/* The string that a word of a cache points to, if it points to one. */
static bool read_name(unsigned long cache, int word, char name[SLAB_NAME_BYTES])
{
	const unsigned long *at = (const unsigned long *)cache + word;
	unsigned long string;
	unsigned int i;

	if (copy_from_kernel_nofault(&string, at, sizeof(string)))
		return false;
	for (i = 0; i < SLAB_NAME_BYTES - 1; i++) {
		if (copy_from_kernel_nofault(&name[i], (const char *)string + i, 1))
			return false;
		if (!name[i])
			return i;
		/* A word of a result has no blanks. */
		if (!isgraph(name[i]))
			return false;
	}
	name[i] = '\0';
	return true;
}

static int find_name(const struct kmem_cache *cache)
{
	char name[SLAB_NAME_BYTES];
	int i;

	for (i = 0; i < NAME_WORDS; i++) {
		if (read_name((unsigned long)cache, i, name) &&
		    !strcmp(name, TEACHER))
			return i;
	}
	return NOT_LEARNT;
}

/**
 * slab_name_learn() - find out where the allocator keeps the names of caches
 *
 * Without it, or when it finds nothing, slab_name_of() has no names.
 *
 * Context: process, may sleep; once, before any slab_name_of().
 */
void slab_name_learn(void)
{
	struct kmem_cache *cache = kmem_cache_create(TEACHER, 64, 0, 0,
						     leave_alone);
	void *object = cache ? kmem_cache_alloc(cache, GFP_KERNEL) : NULL;

	if (object) {
		cache_word = find_cache(object, cache);
		name_word = find_name(cache);
		kmem_cache_free(cache, object);
	}
	kmem_cache_destroy(cache);
}

/**
 * slab_name_of() - name the cache of an object
 * @object: what the slab allocator returned, also as pages
 * @name: gets the name, or nothing
 *
 * Context: any.
 */
void slab_name_of(const void *object, char name[SLAB_NAME_BYTES])
{
	name[0] = '\0';
	if (cache_word == NOT_LEARNT || name_word == NOT_LEARNT ||
	    !compat_in_slab(object))
		return;
	if (!read_name(page_word(object, cache_word), name_word, name))
		name[0] = '\0';
}
