// SPDX-License-Identifier: GPL-2.0
/*
 * build_pure - the files that say "Pure." and know nothing of a running kernel:
 * the tests compile each of them in userspace, too.
 *
 * Several files are one compilation here, as in kernel/sched/build_policy.c:
 * most of what a file takes to compile is the kernel's headers.
 */
#include "hint.c"
#include "hist.c"
#include "key.c"
#include "name.c"
#include "plan.c"
#include "range.c"
#include "refusal.c"
#include "report.c"
#include "summary.c"
#include "tail.c"
#include "text.c"
#include "value.c"
