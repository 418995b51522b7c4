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
	.reads_clock = reads_clock,
	.entries = entries,
	.switch_to = "cpu_switch_to",
};
