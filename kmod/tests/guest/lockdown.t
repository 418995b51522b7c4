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
	! sh /kab/setup/load.sh "$module" 2>/tmp/said && [ ! -e "$dir" ] && [ ! -e /sys/module/kallocbench ]
}

# collect.sh has nothing to add.
told() {
	grep 'locked down' /tmp/said && ! sh /kab/collect.sh --module "$module" --out /tmp/none 'allocs=null' 2>/tmp/said &&
		grep 'locked down' /tmp/said
}

mount -t securityfs securityfs /sys/kernel/security
check "this kernel is locked down" locked
check "the unsigned module is refused and leaves nothing" not_loaded
check "why is said, by collect.sh too" told
umount /sys/kernel/security
check "and by the kernel's log alone" not_loaded
check "why is said" told
check "the kernel's log shows no bug" no_marks
finish
