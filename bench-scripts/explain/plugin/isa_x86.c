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

/**
 * struct prefixes - those of an instruction that change its traits
 * @n: how many prefixes there are, of any kind
 * @lock: one is lock
 * @repeat: one is rep or repne
 * @operand_size: one is 66
 * @high_reg: one says that the register is one of the upper eight
 */
struct prefixes {
	size_t n;
	bool lock;
	bool repeat;
	bool operand_size;
	bool high_reg;
};

static struct prefixes prefixes_of(const uint8_t *insn, size_t size)
{
	struct prefixes p = { 0 };

	for (; p.n < size && is_prefix(insn[p.n]); p.n++) {
		p.lock |= insn[p.n] == 0xf0;
		p.repeat |= insn[p.n] == 0xf2 || insn[p.n] == 0xf3;
		p.operand_size |= insn[p.n] == 0x66;
		p.high_reg |= (insn[p.n] & 0xf4) == 0x44;
	}
	return p;
}

/* Behind the byte 0f: the second one, and what follows it. */
static unsigned int traits_of_0f(uint8_t op, uint8_t modrm,
				 const struct prefixes *p)
{
	unsigned int reg = modrm >> 3 & 7;

	switch (op) {
	case 0x01:	/* invlpg, serialize */
		if (modrm < 0xc0 && reg == 7)
			return TRAIT(TLB);
		return modrm == 0xe8 ? TRAIT(SERIAL) : 0;
	case 0x22:	/* mov to a control register: 0, 3 and 4 may flush */
		return p->high_reg || reg == 2 ? 0 : TRAIT(TLB);
	case 0x38:	/* invpcid */
		return modrm == 0x82 && p->operand_size ? TRAIT(TLB) : 0;
	case 0x08: case 0x09: case 0x23: case 0x30: case 0xa2:
		return TRAIT(SERIAL);	/* invd, wbinvd, mov to dr, wrmsr, cpuid */
	}
	return 0;
}

/* Of the one-byte opcodes; @reg: of the byte behind it. */
static unsigned int traits_of_op(uint8_t op, unsigned int reg, bool memory)
{
	switch (op) {
	case 0x86: case 0x87:
		return memory ? TRAIT(LOCKED) : 0;	/* xchg */
	case 0x9c: case 0x9d: case 0xfa: case 0xfb:
		return TRAIT(IRQ);			/* pushf, popf, cli, sti */
	case 0xcf:
		return TRAIT(SERIAL);			/* iret */
	case 0xf6: case 0xf7:
		return reg >= 6 ? TRAIT(DIV) : 0;
	case 0xff:
		return reg >= 2 && reg <= 5 ? TRAIT(INDIRECT) : 0;
	}
	return 0;
}

/* movs, cmps, stos, lods, scas */
static bool is_string(uint8_t op)
{
	return (op >= 0xa4 && op <= 0xa7) || (op >= 0xaa && op <= 0xaf);
}

static unsigned int traits_of(const uint8_t *insn, size_t size)
{
	const struct prefixes p = prefixes_of(insn, size);
	unsigned int traits = p.lock ? TRAIT(LOCKED) : 0;
	uint8_t bytes[3] = { 0, 0xc0, 0xc0 }, op, modrm;

	if (p.n == size)
		return 0;
	for (size_t i = 0; i < sizeof(bytes) && p.n + i < size; i++)
		bytes[i] = insn[p.n + i];
	op = bytes[0];
	modrm = bytes[1];
	if (op == 0x0f)
		return traits | traits_of_0f(modrm, bytes[2], &p);
	if (p.repeat && is_string(op))
		return TRAIT(BULK);
	return traits | traits_of_op(op, modrm >> 3 & 7, modrm < 0xc0);
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
	.traits_of = traits_of,
	.reads_clock = reads_clock,
	.entries = entries,
	.switch_to = "__switch_to_asm",
};
