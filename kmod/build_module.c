// SPDX-License-Identifier: GPL-2.0
/*
 * build_module - all that is neither pure nor a timed loop, in one compilation
 * for the reason that build_pure.c gives.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include "admit.c"
#include "alloc_state.c"
#include "calibrate.c"
#include "calls.c"
#include "cell.c"
#include "context.c"
#include "crew.c"
#include "debugfs.c"
#include "demand.c"
#include "env.c"
#include "fact.c"
#include "fact_text.c"
#include "frag.c"
#include "gather.c"
#include "insn.c"
#include "main.c"
#include "output.c"
#include "pattern.c"
#include "probe.c"
#include "record.c"
#include "room.c"
#include "rules.c"
#include "run.c"
#include "sampling.c"
#include "session.c"
#include "slot.c"
#include "tail_read.c"
#include "verdict.c"
#include "worker.c"
