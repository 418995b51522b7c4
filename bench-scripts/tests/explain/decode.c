// SPDX-License-Identifier: GPL-2.0
/*
 * What the explain plugin thinks of instructions, a line each on stdin:
 *
 *	HEX TEXT...	bytes as they lie in memory
 *
 * Usage: decode TARGET; prints a line of kind, its traits and "clock" behind it, and TEXT.
 */
#include <stdio.h>
#include <string.h>

#include "../../explain/plugin/isa.h"

static const char *const kinds[] = { "next", "jump", "call", "ret", "iret" };

static const char *const traits[TRAITS] = {
	"locked", "irq", "tlb", "serial", "div", "indirect", "zero", "bulk",
};

static void print_traits(unsigned int which)
{
	for (int i = 0; i < TRAITS; i++)
		if (which >> i & 1)
			printf(" %s", traits[i]);
}

int main(int argc, char **argv)
{
	char line[256], hex[64];
	int text;

	if (argc != 2 || !isa_choose(argv[1]))
		return 1;
	while (fgets(line, sizeof(line), stdin)) {
		uint8_t bytes[32];
		size_t size = 0;

		line[strcspn(line, "\n")] = '\0';
		if (sscanf(line, "%63s %n", hex, &text) != 1)
			continue;
		for (; sscanf(hex + 2 * size, "%2hhx", &bytes[size]) == 1; size++)
			;
		printf("%s", kinds[isa->flow_of(bytes, size)]);
		print_traits(isa->traits_of(bytes, size));
		printf("%s %s\n", isa->reads_clock(bytes, size) ? " clock" : "",
		       line + text);
	}
	return 0;
}
