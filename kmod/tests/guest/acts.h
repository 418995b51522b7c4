/* SPDX-License-Identifier: GPL-2.0 */
#ifndef KALLOCBENCH_TEST_ACTS_H
#define KALLOCBENCH_TEST_ACTS_H

#define DIR_PATH "/sys/kernel/debug/kallocbench/"

/* What a stage does; 0 or -1 with errno. */
typedef int (*act_t)(const char *arg);

int act_load(const char *module_path);
int act_read(const char *path);
int act_run(const char *line);
void act_unload(void);

/* After an act that returned @ret, with errno, while the @nth allocation failed. */
void judge(const char *stage, const char *arg, int nth, int ret);

#endif
