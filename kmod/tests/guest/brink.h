/* SPDX-License-Identifier: GPL-2.0 */
#ifndef KALLOCBENCH_TEST_BRINK_H
#define KALLOCBENCH_TEST_BRINK_H

/**
 * struct harm - what the kernel's log says that somebody suffered
 * @kills: processes killed for memory
 * @failures: failed allocations that were printed
 * @splats: bugs
 * @first: the first such line, or an empty string
 */
struct harm {
	int kills;
	int failures;
	int splats;
	char first[160];
};

void harm_open(void);
void harm_read(struct harm *harm);

#endif
