#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# In a guest that loads only signed modules and is locked down: ours, signed with our key, loads; lockdown then
# leaves the readable files readable and nothing to be started.
# shellcheck disable=SC2317 source=kmod/tests/guest/robust.sh
. /kab/robust.sh

unsigned_refused() {
	! insmod /kab/unsigned.ko && [ ! -e "$dir" ]
}

forged_refused() {
	# One byte in the middle of the code.
	cp /kab/signed.ko /tmp/forged.ko
	printf 'x' | dd of=/tmp/forged.ko bs=1 seek=5000 conv=notrunc 2>/dev/null
	! insmod /tmp/forged.ko && [ ! -e "$dir" ]
}

writes_refused() {
	refused 'peration not permitted' "sizes=64 samples=10"
}

readable() {
	local file
	for file in results summary status error help; do
		cat "$dir/$file" >/tmp/read || return
	done
}

mount -t securityfs securityfs /sys/kernel/security
cat /sys/kernel/security/lockdown
check "the kernel is locked down" grep -q '\[integrity\]' /sys/kernel/security/lockdown
check "the unsigned module is refused" unsigned_refused
check "a signed module that was changed is refused" forged_refused
check "the module signed with our key loads" insmod /kab/signed.ko
check "lockdown lets nobody start a run" writes_refused
check "what is for reading can be read" readable
check "the module unloads" rmmod kallocbench
check "the kernel's log shows no bug" no_marks
finish
