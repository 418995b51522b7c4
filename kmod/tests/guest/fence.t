#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# In the guest: LFENCE does not order RDTSC (feature 3 * 32 + 18, from 6.4 on 20 * 32 + 2), as on an AMD CPU whose kernel did not make it; the module refuses.
# vm: --add kmod/tests/guest/robust.sh --append clearcpuid=114,642
# shellcheck disable=SC2317 source=kmod/tests/guest/robust.sh
. /kab/robust.sh

unordered() {
	dmesg | grep -q -i 'clearing CPUID'
}

refuses() {
	insmod "$module" || return
	! echo "sizes=64 samples=100" 2>/dev/null >"$dir/run" || return 1
	cat "$dir/error"
	grep -q 'LFENCE does not order' "$dir/error" || return
	rmmod kallocbench
}

check "the kernel has taken a feature from the CPU" unordered
check "the module refuses, and says why" refuses
check "the kernel's log shows no bug" no_marks
finish
