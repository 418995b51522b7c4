/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHARING_MEMORY_H
#define SHARING_MEMORY_H

/* What QEMU's plugin interface has besides what explain's qemu.h lists. */

#include "qemu.h"

void qemu_plugin_register_vcpu_insn_exec_cb(struct qemu_plugin_insn *insn,
					    qemu_plugin_vcpu_udata_cb_t cb,
					    enum qemu_plugin_cb_flags flags,
					    void *data);

#endif
