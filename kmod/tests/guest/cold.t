#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# vm: --smp 2 --qemu-arg -cpu --qemu-arg EPYC-v1,-hypervisor --append mitigations=off
# vm: --add kmod/tests/guest/tap.sh --add .cache/unit/tool
# QEMU has no MSRs for the counters of this CPU.
# vm: --allow perfctr
# debug: none
# A CPU that says it is AMD's, on real hardware: what its kernel calls the cache size is the L2, and pattern cold has to
# evict the L3.
# shellcheck source-path=SCRIPTDIR source=tap.sh
. /kab/tap.sh

# held: what the run that goes on says it holds beside the objects.
held() {
	key recorder_bytes "$(cat "$D/status")" | grep .
}

main() {
	local l3
	load
	l3=$(sed -n 's/K$//p' /sys/devices/system/cpu/cpu0/cache/index3/size)
	ok "there is an L3" test "$l3" -gt 0
	/kab/tool write "$D/run" "allocs=kmalloc sizes=8 patterns=cold samples=1000000 budget_ms=20000" >/dev/null &
	ok "a run goes on" wait_for 10 held
	ok "it reads twice as much" test "$(held)" -ge $((2 * l3 * 1024))
	echo 1 >"$D/abort"
	wait
	ok "the module unloads" unload
	finish
}

main
