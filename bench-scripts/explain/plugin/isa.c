// SPDX-License-Identifier: GPL-2.0
/* The instruction sets there are, and which of them the guest has. */
#include <string.h>

#include "isa.h"

const struct isa *isa;

/**
 * isa_choose() - take that of the guest
 * @target: QEMU's name of it
 *
 * Return: whether it is one known here.
 */
bool isa_choose(const char *target)
{
	static const struct isa *const known[] = { &isa_x86, &isa_arm64 };

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (!strcmp(known[i]->target, target))
			isa = known[i];
	return isa;
}

/**
 * isa_is_entry() - may the processor come here without a call or a jump
 * @name: name of a function
 *
 * Return: true if it may.
 */
bool isa_is_entry(const char *name)
{
	for (const char *const *entry = isa->entries; *entry; entry++)
		if (!strncmp(name, *entry, strlen(*entry)))
			return true;
	return false;
}
