#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# slow: 64 CPUs emulated by one, two minutes
# kernels: 6.12
# vm: --lane insn --smp 64 --mem 4G --add kmod/tests/guest/tap.sh --add .cache/unit/tool --add bench-scripts/results.awk
# debug: none
# Sixty-four workers at 24 sizes: what the module takes is said in status, and is below 64 MiB.
# shellcheck source-path=SCRIPTDIR source=tap.sh
. /kab/tap.sh

LIMIT=67108864

# recorders: the bytes that status says a run records into, 0 when it says nothing.
recorders() {
	sed -n 's/.* recorder_bytes=\([0-9]*\).*/\1/p' "$D/status" | grep . || echo 0
}

# watch: the most that status said and that memory shrank by, in bytes, until the run is over.
watch() {
	local before said=0 taken=0 now
	before=$(kib MemAvailable)
	wait_for 60 running || return
	while running; do
		now=$(recorders)
		[ "$now" -le "$said" ] || said=$now
		now=$(((before - $(kib MemAvailable)) * 1024))
		[ "$now" -le "$taken" ] || taken=$now
		sleep 1
	done
	echo "$said $taken" >/tmp/most
}

main() {
	dmesg -c >/dev/null
	load
	watch &
	is "64 workers at 24 sizes" \
		"$(put "allocs=null sizes=8..64M cpus=all samples=128 warmup=0 facts=none budget_ms=600000") $(state)" "ok done"
	wait
	ok "the reader takes it" whole "$D/results"
	is "each of 64 has its lines" "$(grep -c '^op .*op=alloc cpu=[0-9]* n=128 ' "$D/results")" $((24 * 64))
	read -r said taken </tmp/most
	ok "status says what is recorded into: $said bytes" test "$said" -gt 1000000
	ok "which is below 64 MiB" test "$said" -lt "$LIMIT"
	echo "# MemAvailable shrank by $taken bytes: results, and what the kernel keeps for each CPU, too"
	ok "the module unloads" unload
	is "the kernel had nothing to say" "$(splats)" ""
	finish
}

main
