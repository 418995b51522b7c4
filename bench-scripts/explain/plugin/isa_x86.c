// SPDX-License-Identifier: GPL-2.0
/* x86-64: instruction bytes to control flow. */
#include "isa.h"

static bool is_prefix(uint8_t byte)
{
	switch (byte) {
	case 0x26: case 0x2e: case 0x36: case 0x3e: case 0x64: case 0x65:
	case 0x66: case 0x67: case 0xf0: case 0xf2: case 0xf3:
		return true;
	}
	return byte >= 0x40 && byte <= 0x4f;
}

/* ff /2 and /3 call, /4 and /5 jump. */
static enum flow flow_of_group5(uint8_t modrm)
{
	switch (modrm >> 3 & 7) {
	case 2: case 3:
		return FLOW_CALL;
	case 4: case 5:
		return FLOW_JUMP;
	}
	return FLOW_NEXT;
}

static enum flow flow_of(const uint8_t *insn, size_t size)
{
	size_t i = 0;

	while (i < size && is_prefix(insn[i]))
		i++;
	if (i == size)
		return FLOW_NEXT;
	switch (insn[i]) {
	case 0xe8:
		return FLOW_CALL;
	case 0xc2: case 0xc3: case 0xca: case 0xcb:
		return FLOW_RET;
	case 0xcf:
		return FLOW_IRET;
	case 0xe0: case 0xe1: case 0xe2: case 0xe3: case 0xe9: case 0xeb:
		return FLOW_JUMP;
	case 0xff:
		return i + 1 < size ? flow_of_group5(insn[i + 1]) : FLOW_NEXT;
	case 0x0f:
		return i + 1 < size && (insn[i + 1] & 0xf0) == 0x80 ?
		       FLOW_JUMP : FLOW_NEXT;
	}
	return (insn[i] & 0xf0) == 0x70 ? FLOW_JUMP : FLOW_NEXT;
}

/* rdtsc or rdtscp */
static bool reads_clock(const uint8_t *insn, size_t size)
{
	if (size == 2)
		return insn[0] == 0x0f && insn[1] == 0x31;
	return size == 3 && insn[0] == 0x0f && insn[1] == 0x01 &&
	       insn[2] == 0xf9;
}

/* The stubs the interrupt descriptor table points to. */
static const char *const entries[] = {
	"asm_exc_", "asm_sysvec_", "asm_common_interrupt",
	"asm_spurious_interrupt", "irq_entries_start",
	"spurious_entries_start", NULL,
};

const struct isa isa_x86 = {
	.target = "x86_64",
	.flow_of = flow_of,
	.reads_clock = reads_clock,
	.entries = entries,
	.switch_to = "__switch_to_asm",
};
