#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Inside the guest of sharing.t: the same cells by one worker and by eight, for
# the plugin to watch. /out/cells names them in its order.
# shellcheck source-path=SCRIPTDIR source=../guest/tap.sh
. /kab/tap.sh

# Whole chunks of 128, and as much time as an emulator may need. A burst that
# the emulator interrupts for long has its chunk cut: hence the rounds.
WHOLE="sizes=64 samples=384 warmup=128 rounds=3 budget_ms=600000"

# run LINE: each run calibrates the clock first, which is a cell to the plugin.
run() {
	is "$1" "$(put "$1 $WHOLE") $(state)" "ok done"
	echo calibration >>/out/cells
	awk '/^cell / { split($3, alloc, "="); split($7, pattern, "="); split($8, cpus, "="); print alloc[2], pattern[2], cpus[2] }' \
		"$D/results" >>/out/cells
}

# Few slots: the less a worker has, the nearer it comes to its neighbour.
main() {
	local cpus
	echo 0 >/proc/sys/kernel/kptr_restrict
	load lane=insn
	cat /proc/kallsyms >/out/kallsyms
	for cpus in 0 0-7; do
		run "allocs=null,kmalloc patterns=pair cpus=$cpus"
		run "allocs=null,kmalloc patterns=batch depth=1 order=random cpus=$cpus"
		run "allocs=null patterns=churn depth=1 mix=2 cpus=$cpus"
	done
	run "allocs=null patterns=remote cpus=0-7"
	finish
}

main
