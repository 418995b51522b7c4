/* SPDX-License-Identifier: GPL-2.0 */
#ifndef KALLOCBENCH_TEST_INJECT_H
#define KALLOCBENCH_TEST_INJECT_H

/* Counts what may not be; the reason is in errno. */
extern int violations;
void violation(const char *stage, const char *what, int nth);

int put(const char *path, const char *text);

/* Files that hold a number. */
int open_number(const char *path);
void put_number(int fd, long n);
long get_number(int fd);
void put_number_at(const char *path, long n);
long get_number_at(const char *path);

/* Of failslab and fail_page_alloc alike. */
void inject_setup(void);
void inject_attribute(const char *name, const char *value);
void inject_confine(int confined);
void inject_confine_next(void);
void inject_range(unsigned long start, unsigned long end);

/* Notes the sites whose allocation was made to fail, in an act that was refused or not. */
void inject_read_log(int refused);

#endif
