#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# In a guest locked down: an unsigned module is not loaded, and nothing of it stays.
# debug: none
# vm: --add kmod/tests/guest/robust.sh --append lockdown=integrity
# shellcheck disable=SC2317 source=kmod/tests/guest/robust.sh
. /kab/robust.sh

locked() {
	grep -q '\[integrity\]' /sys/kernel/security/lockdown
}

not_loaded() {
	! insmod "$module" && [ ! -e "$dir" ] && [ ! -e /sys/module/kallocbench ]
}

mount -t securityfs securityfs /sys/kernel/security
check "this kernel is locked down" locked
check "the unsigned module is refused and leaves nothing" not_loaded
check "the kernel's log shows no bug" no_marks
finish
