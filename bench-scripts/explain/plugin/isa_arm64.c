// SPDX-License-Identifier: GPL-2.0
/* arm64: instruction words to control flow. */
#include "isa.h"

/* Of the instructions that branch; the Arm ARM, C4.1, has them by these bits. */
static const struct {
	uint32_t mask;
	uint32_t value;
	enum flow flow;
} branches[] = {
	{ 0xfc000000, 0x14000000, FLOW_JUMP },	/* b */
	{ 0xfc000000, 0x94000000, FLOW_CALL },	/* bl */
	{ 0xff000000, 0x54000000, FLOW_JUMP },	/* b.cond, bc.cond */
	{ 0x7e000000, 0x34000000, FLOW_JUMP },	/* cbz, cbnz */
	{ 0x7e000000, 0x36000000, FLOW_JUMP },	/* tbz, tbnz */
	/* With bit 24 or 11 set: the same, the target authenticated first. */
	{ 0xfefff000, 0xd61f0000, FLOW_JUMP },	/* br, braa, brab */
	{ 0xfefff000, 0xd63f0000, FLOW_CALL },	/* blr, blraa, blrab */
	{ 0xfffff000, 0xd65f0000, FLOW_RET },	/* ret, retaa, retab */
	{ 0xfffff000, 0xd69f0000, FLOW_IRET },	/* eret, eretaa, eretab */
};

/* Of all others none has a trait, but the atomics of atomic_traits(). */
static const struct {
	uint32_t mask;
	uint32_t value;
	unsigned int traits;
} special[] = {
	{ 0x3fa07c00, 0x08a07c00, TRAIT(LOCKED) },	/* cas */
	{ 0xbfa07c00, 0x08207c00, TRAIT(LOCKED) },	/* casp */
	{ 0x3fe00000, 0x08000000, TRAIT(LOCKED) },	/* stxr, stlxr */
	{ 0xbfe00000, 0x88200000, TRAIT(LOCKED) },	/* stxp, stlxp */
	{ 0xfffff0df, 0xd50340df, TRAIT(IRQ) },		/* msr daifset, daifclr */
	{ 0xffdfffe0, 0xd51b4220, TRAIT(IRQ) },		/* msr or mrs, daif */
	{ 0xfff8f000, 0xd5088000, TRAIT(TLB) },		/* tlbi */
	{ 0xfffff0ff, 0xd50330df, TRAIT(SERIAL) },	/* isb */
	{ 0xfffff0ff, 0xd503309f, TRAIT(SERIAL) },	/* dsb */
	{ 0xfffff000, 0xd69f0000, TRAIT(SERIAL) },	/* eret, eretaa, eretab */
	{ 0x7fe0f800, 0x1ac00800, TRAIT(DIV) },		/* udiv, sdiv */
	{ 0xfefff000, 0xd61f0000, TRAIT(INDIRECT) },	/* br, braa, brab */
	{ 0xfefff000, 0xd63f0000, TRAIT(INDIRECT) },	/* blr, blraa, blrab */
	{ 0xffffffe0, 0xd50b7420, TRAIT(ZERO) },	/* dc zva */
};

static uint32_t word_of(const uint8_t *insn)
{
	return insn[0] | insn[1] << 8 | insn[2] << 16 | (uint32_t)insn[3] << 24;
}

static enum flow flow_of(const uint8_t *insn, size_t size)
{
	uint32_t word;

	if (size != sizeof(word))
		return FLOW_NEXT;
	word = word_of(insn);
	for (size_t i = 0; i < sizeof(branches) / sizeof(branches[0]); i++)
		if ((word & branches[i].mask) == branches[i].value)
			return branches[i].flow;
	return FLOW_NEXT;
}

/* ldadd and its like, and swp (bit 15); ldapr and ld64b share their bits. */
static unsigned int atomic_traits(uint32_t word)
{
	if ((word & 0x3b200c00) != 0x38200000)
		return 0;
	return !(word & 0x8000) || !(word & 0x7000) ? TRAIT(LOCKED) : 0;
}

static unsigned int traits_of(const uint8_t *insn, size_t size)
{
	uint32_t word;

	if (size != sizeof(word))
		return 0;
	word = word_of(insn);
	for (size_t i = 0; i < sizeof(special) / sizeof(special[0]); i++)
		if ((word & special[i].mask) == special[i].value)
			return special[i].traits;
	return atomic_traits(word);
}

/* mrs xN, cntvct_el0 */
static bool reads_clock(const uint8_t *insn, size_t size)
{
	return size == 4 && (word_of(insn) & ~0x1fU) == 0xd53be040;
}

/* The table of vectors is one symbol, whatever the exception. */
static const char *const entries[] = {
	"vectors", "tramp_vectors", "__bp_harden_el1_vectors", NULL,
};

const struct isa isa_arm64 = {
	.target = "aarch64",
	.flow_of = flow_of,
	.traits_of = traits_of,
	.reads_clock = reads_clock,
	.entries = entries,
	.switch_to = "cpu_switch_to",
};
