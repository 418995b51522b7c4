#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# In the guest: the kernel does not trust the TSC; the module refuses, or names another clock.
# vm: --add kmod/tests/guest/robust.sh --append tsc=unstable
# shellcheck disable=SC2317 source=kmod/tests/guest/robust.sh
. /kab/robust.sh

refuses_or_degrades() {
	if insmod "$module" 2>/tmp/said; then
		if { echo "sizes=64 samples=100" >"$dir/run"; } 2>>/tmp/said; then
			grep '^clock ' "$dir/results"
			grep '^clock ' "$dir/results" | grep -v -q 'name=tsc ' || return 1
		else
			cat "$dir/error"
			grep -q -i 'tsc' "$dir/error" || return 1
		fi
		rmmod kallocbench
	else
		cat /tmp/said
		dmesg | grep -i kallocbench | grep -i 'tsc'
	fi
}

distrusted() {
	! grep -q tsc /sys/devices/system/clocksource/clocksource0/available_clocksource
}

check "this kernel does not trust the TSC" distrusted
check "the module says so: it refuses, or another clock stands in the results" refuses_or_degrades
check "the kernel's log shows no bug" no_marks
finish
