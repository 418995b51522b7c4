// SPDX-License-Identifier: GPL-2.0
/*
 * kallocbench - what does an allocation cost on this kernel?
 *
 * Here the module begins and ends.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/string.h>

#include "calibrate.h"
#include "fact.h"
#include "session.h"

static char *lane = "time";
module_param(lane, charp, 0444);
MODULE_PARM_DESC(lane, "time: a tick is time; insn: the machine counts an instruction a tick");

static int __init kallocbench_init(void)
{
	const bool insn = !strcmp(lane, "insn");
	int err;

	if (!insn && strcmp(lane, "time")) {
		pr_err("lane=%s: not one of time, insn\n", lane);
		return -EINVAL;
	}
	err = insn ? kab_calibrate_check_insn() : 0;
	if (err)
		return err;

	kab_fact_learn_slots();
	return kab_session_open(insn);
}

static void __exit kallocbench_exit(void)
{
	kab_session_close();
}

module_init(kallocbench_init);
module_exit(kallocbench_exit);

MODULE_DESCRIPTION("Benchmark of the kernel's allocators");
MODULE_LICENSE("GPL");
