/* SPDX-License-Identifier: GPL-2.0 */
#ifndef EXPLAIN_FLOW_H
#define EXPLAIN_FLOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Where an instruction may lead, as far as the call tree cares. */
enum flow {
	FLOW_NEXT,	/* behind itself, or anything not named below */
	FLOW_JUMP,
	FLOW_CALL,
	FLOW_RET,
	FLOW_IRET,
};

enum flow flow_of(const uint8_t *insn, size_t size);
bool flow_reads_clock(const uint8_t *insn, size_t size);

#endif
