/* SPDX-License-Identifier: GPL-2.0 */
#ifndef KALLOCBENCH_SLAB_NAME_H
#define KALLOCBENCH_SLAB_NAME_H

/* Room for the name of a cache, cut where it is longer. */
#define SLAB_NAME_BYTES	32

void slab_name_learn(void);
void slab_name_of(const void *object, char name[SLAB_NAME_BYTES]);

#endif
