/* SPDX-License-Identifier: GPL-2.0 */
#ifndef EXPLAIN_ISA_H
#define EXPLAIN_ISA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Where an instruction may lead, as far as the call tree cares. */
enum flow {
	FLOW_NEXT,	/* behind itself, or anything not named below */
	FLOW_JUMP,
	FLOW_CALL,
	FLOW_RET,
	FLOW_IRET,	/* back from an interrupt */
};

/* What an instruction may do that costs more than its time. */
enum trait {
	TRAIT_LOCKED,	/* reads, changes and writes memory atomically */
	TRAIT_IRQ,	/* reads or writes the interrupt flag */
	TRAIT_TLB,	/* throws translations away */
	TRAIT_SERIAL,	/* the others wait for it; none of TRAIT_TLB */
	TRAIT_DIV,	/* divides whole numbers */
	TRAIT_INDIRECT,	/* branches to where a register or memory says, no return */
	TRAIT_ZERO,	/* clears a line, which QEMU does not report as a store */
	TRAIT_BULK,	/* runs again and again until a register is 0 */
	TRAITS
};

#define TRAIT(name) (1U << TRAIT_##name)

/**
 * struct isa - what has to be known of an instruction set
 * @target: QEMU's name of it
 * @flow_of: what an instruction does to the call stack, by its bytes
 * @traits_of: its traits, a bit each
 * @reads_clock: whether it reads the clock, as kmod/clock.h has it
 * @entries: how the names of those functions begin that the processor enters
 *	     without a call or a jump, up to a NULL
 * @switch_to: name of the function that goes on in another task
 */
struct isa {
	const char *target;
	enum flow (*flow_of)(const uint8_t *insn, size_t size);
	unsigned int (*traits_of)(const uint8_t *insn, size_t size);
	bool (*reads_clock)(const uint8_t *insn, size_t size);
	const char *const *entries;
	const char *switch_to;
};

extern const struct isa isa_x86;
extern const struct isa isa_arm64;

/* That of the guest. */
extern const struct isa *isa;

bool isa_choose(const char *target);
bool isa_is_entry(const char *name);

#endif
