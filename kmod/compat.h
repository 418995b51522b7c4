/* SPDX-License-Identifier: GPL-2.0 */
#ifndef KALLOCBENCH_COMPAT_H
#define KALLOCBENCH_COMPAT_H

/*
 * compat - the only place that knows kernel versions and configurations.
 *
 * Distributions backport interfaces, so a macro that is there is asked for
 * before a version is.
 */

#include <linux/gfp.h>
#include <linux/kthread.h>
#include <linux/version.h>

/* vmalloc's documentation: reclaim cannot be left out before 7.0. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(7, 0, 0)
#define COMPAT_VMALLOC_NEEDS	__GFP_DIRECT_RECLAIM
#else
#define COMPAT_VMALLOC_NEEDS	0
#endif

/* Creating a worker starts it up to 6.13; from 6.14 on it has to be run. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 14, 0)
#define compat_worker_on_cpu(cpu)					\
	kthread_create_worker_on_cpu(cpu, 0, "kallocbench/%u", cpu)
#else
#define compat_worker_on_cpu(cpu)					\
	kthread_run_worker_on_cpu(cpu, 0, "kallocbench/%u")
#endif

#endif
