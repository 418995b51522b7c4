/* SPDX-License-Identifier: GPL-2.0 */
#ifndef EXPLAIN_VECTOR_H
#define EXPLAIN_VECTOR_H

#include <stdbool.h>
#include <stdint.h>

#include "block.h"
#include "dump.h"

int vector_init(const char *path, bool parts);
void vector_open(const char *op);
void vector_block(const struct block *b, uint64_t times);
void vector_access(struct function *f, uint64_t addr, unsigned int size,
		   bool store);
void vector_bulk(struct function *f, uint64_t addr, unsigned int size,
		 bool store);
void vector_close(void);
void vector_cell(uint32_t cell);
int vector_end(const struct dump_end *end);

#endif
