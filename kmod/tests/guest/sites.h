/* SPDX-License-Identifier: GPL-2.0 */
#ifndef KALLOCBENCH_TEST_SITES_H
#define KALLOCBENCH_TEST_SITES_H

/**
 * struct site - a call in the module that may allocate, the timed loops left out
 * @where: FUNCTION+0xOFFSET of what it returns to, as the kernel prints it
 * @call: what it calls
 * @section: number of its section
 * @offset: of what it returns to, in that section
 * @logged: the kernel's log shows a forced failure there
 * @by: what made it fail, empty if nothing has yet
 * @refused: and that act was refused
 */
struct site {
	char where[96];
	char call[64];
	unsigned int section;
	unsigned long offset;
	int logged;
	char by[100];
	int refused;
};

extern struct site sites[];
extern int nr_sites;

/* sites.c */
void sites_list(const char *module_path);
unsigned long site_address(const struct site *site);
void site_logged(const char *name, int len, int refused);

/* reach.c */
int reach_loaded(void);
void reach_all(char *const *lines, int n_lines);
void reach_print(void);

#endif
