#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# slow
# A stock kernel of arm64, emulated: both lanes, the gate, explain, what is made of results. It has to be fetched, and a
# cross compiler with it (deps.sh arm64): make check-kernels.

bats_require_minimum_version 1.5.0

# Where that kernel can no longer be had, the reason is all there is to say.
setup_file() {
	local scripts found code=0
	scripts=$(cd "$BATS_TEST_DIRNAME/.." && pwd)
	found=$("$scripts/setup/kernel.sh" get 6.12:arm64 2>"$BATS_FILE_TMPDIR/log") || code=$?
	# bats 1.8 takes a skip here for a failure: setup skips.
	[ "$code" != 3 ] || {
		tail -n 1 "$BATS_FILE_TMPDIR/log" >"$BATS_FILE_TMPDIR/lacks"
		return 0
	}
	[ "$code" = 0 ] || { cat "$BATS_FILE_TMPDIR/log" && return 1; }
	echo "$found" | sed -n 's/^kdir=//p' >"$BATS_FILE_TMPDIR/kdir"
	echo "$found" | sed -n 's/^image=//p' >"$BATS_FILE_TMPDIR/image"
	printf 'append init_on_alloc=0\nallocs=null,delay,kmalloc,vmalloc sizes=64 samples=200 rounds=2\n' >"$BATS_FILE_TMPDIR/plan"
}

setup() {
	[ ! -f "$BATS_FILE_TMPDIR/lacks" ] || skip "$(cat "$BATS_FILE_TMPDIR/lacks")"
	scripts=$(cd "$BATS_TEST_DIRNAME/.." && pwd)
	t=$BATS_TEST_TMPDIR
	out=$BATS_FILE_TMPDIR/insn
	kdir=$(cat "$BATS_FILE_TMPDIR/kdir")
}

@test "arm64, lane insn, by its image: a tick is an instruction, and boots repeat" {
	run timeout 600 "$scripts/vm.sh" --kernel "$(cat "$BATS_FILE_TMPDIR/image")" --kdir "$kdir" --boots 2 --out "$out" -- "$BATS_FILE_TMPDIR/plan"
	echo "$output"
	[ "$status" -eq 0 ]
	one=$out/boot-1/result-01.txt
	grep -q '^clock name=cntvct khz=1000000 .*unit=insn' "$one"
	grep -q '^meta .* arch=aarch64 ' "$one"
	grep -q '^meta entry=Image$' "$one"
	[ "$(grep -c '^op .* sum=0 min=0 .* max=0 ' "$one")" -eq 4 ]
	[ "$(grep -c '^op .* min=1000 p50=1000 .* max=1000 ' "$one")" -eq 4 ]
	[ "$(sed '/^meta /d' "$one" | sha256sum)" = "$(sed '/^meta /d' "$out/boot-2/result-01.txt" | sha256sum)" ]
}

@test "arm64, lane time: ticks of a nanosecond, two CPUs" {
	run timeout 600 "$scripts/vm.sh" --kernel 6.12:arm64 --lane time --smp 2 --settle 0 --out "$t/out" -- \
		'allocs=null,kmalloc sizes=64 samples=100' 'allocs=kmalloc sizes=64 samples=100 patterns=remote cpus=all'
	echo "$output"
	[ "$status" -eq 0 ]
	grep -q '^clock name=cntvct khz=1000000 .*unit=tick' "$t/out/boot-1/result-01.txt"
	grep -q '^meta accel=tcg$' "$t/out/boot-1/result-02.txt"
}

@test "arm64: the clock of a CPU that ticks otherwise is refused, and why is said" {
	run timeout 600 "$scripts/vm.sh" --kernel 6.12:arm64 --settle 0 --qemu-arg -cpu --qemu-arg max,pauth=off,cntfrq=62500000 \
		--out "$t/out" -- 'allocs=null samples=10'
	echo "$output"
	[ "$status" -eq 3 ]
	[ -z "$(find "$t/out" -name 'result-*')" ]
}

# per_op TABLE FILE: of each of its rows cell, op, n, min and median, then sum.
per_op() {
	awk -f "$scripts/results.awk" -v table="$1" "$2" | awk -F '\t' '
		NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
		at["name"] && $at["name"] != "instructions" { next }
		{ print $at["cell"], $at["op"], $at["n"], $at["min"], $at["p50"], $at["sum"] }'
}

# counted_as_timed ROWS FILE: an interrupt may fall between the two reads at an end of a stretch: into a sum, now and then.
counted_as_timed() {
	per_op ops "$2" >"$t/ops"
	per_op counter "$2" >"$t/counters"
	[ "$(wc -l <"$t/ops")" -eq "$1" ]
	diff <(cut -d ' ' -f 1-5 "$t/ops") <(cut -d ' ' -f 1-5 "$t/counters")
	[ "$(comm -12 <(sort "$t/ops") <(sort "$t/counters") | wc -l)" -ge $(($1 - 2)) ]
}

# QEMU's PMU of arm64 counts instructions without an error, and so does the clock of the lane.
@test "arm64, lane insn: what its PMU counts of a stretch is what the clock counts, to the instruction" {
	run timeout 600 "$scripts/vm.sh" --kernel 6.12:arm64 --append init_on_alloc=0 --out "$t/out" -- \
		'allocs=null,delay,kmalloc,kmem_cache,alloc_pages sizes=64 timing=batch counters=instructions samples=100 rounds=2' \
		'allocs=kmalloc,alloc_pages sizes=64 patterns=batch depth=100 timing=batch counters=instructions,cycles samples=100'
	echo "$output"
	[ "$status" -eq 0 ]
	counted_as_timed 10 "$t/out/boot-1/result-01.txt"
	counted_as_timed 4 "$t/out/boot-1/result-02.txt"
}

@test "arm64: report and pictures say what was measured where" {
	run "$scripts/report.sh" -o "$t/report.html" "$out/boot-1/result-01.txt"
	[ "$status" -eq 0 ]
	grep -q aarch64 "$t/report.html"
	[[ "$(tr -s '[:space:]' ' ' <<<"$output")" == *"vmalloc: it costs "*" times as much as "* ]]
	run "$scripts/plot.sh" --format svg -o "$t/pictures" "$out/boot-1/result-01.txt"
	[ "$status" -eq 0 ]
	[ -s "$t/pictures/distribution-64.svg" ]
}

@test "arm64 against itself is the same, and against amd64 not comparable" {
	run timeout 1200 "$scripts/ci.sh" --base 6.12:arm64 --new 6.12:arm64 --suite "$BATS_FILE_TMPDIR/plan" --settle 1 --out "$t/ci"
	echo "$output"
	[ "$status" -eq 0 ]
	[[ "$output" == *SAME* ]]
	sed 's/ arch=aarch64 / arch=x86_64 /' "$out/boot-1/result-01.txt" >"$t/other.txt"
	run "$scripts/compare.sh" "$t/other.txt" "$out/boot-1/result-01.txt"
	[ "$status" -eq 2 ]
	[[ "$output" == *"not comparable: different architecture: x86_64 in "*", aarch64 in "* ]]
}

# planted: a module whose delay calls a function of nine instructions besides.
planted() {
	mkdir "$t/top"
	cp -r "$scripts" "$scripts/../kmod" "$t/top/"
	# shellcheck disable=SC2016 # no variable of ours
	sed -i 's/^#include "compat.h"$/&\nasm(".text\\nplanted:\\n.rept 8\\nnop\\n.endr\\nret\\n");\nvoid planted(void);/' "$t/top/kmod/allocs.c"
	sed -i 's/^ROW(delay, (clock_spin_1000(),/ROW(delay, (planted(), clock_spin_1000(),/' "$t/top/kmod/allocs.def"
	KALLOCBENCH_CACHE=${KALLOCBENCH_CACHE:-$(cd "$scripts/.." && pwd)/.cache} "$t/top/bench-scripts/setup/module.sh" "$kdir"
}

@test "arm64: explain finds nine planted instructions, all of kmalloc's, and changes no count" {
	ko=$(planted)
	run timeout 900 "$scripts/explain.sh" --kernel 6.12:arm64 --module "$ko" --check --settle 1 --out "$t/out" -- \
		"allocs=delay,kmalloc,vmalloc sizes=64 samples=100"
	echo "$output"
	[ "$status" -eq 0 ]
	[[ "$output" == *"counts with and without the plugin are equal"* ]]
	# An op is printed only when n, sum, min and max agree with the result.
	[ "$(grep -c '^==' "$t/out/explain.txt")" -eq 6 ]
	grep -A 9 '^== delay 64 .*: alloc' "$t/out/explain.txt" | grep -q '^ *9  *1  .*  planted$'
	[ "$(grep -c '  planted$' "$t/out/explain.txt")" -eq 1 ]
	grep -A 20 '^== kmalloc 64 .*: free' "$t/out/explain.txt" | grep -q '  kfree$'
	# The clock of a result: 1,000 of delay, the nine, and what it takes to call them.
	grep '^op cell=0 op=free ' "$t/out/kernel/boot-1/result-01.txt" | grep -q ' min=1000 .* max=1000 '
	sed -n 's/^op cell=0 op=alloc .* min=\([0-9]*\) .*/\1/p' "$t/out/kernel/boot-1/result-01.txt" | grep -q -x '10[01][0-9]'
}

@test "arm64: a counter that takes more than one read is refused, and why is said" {
	command -v fdtput >/dev/null || skip "no fdtput: apt-get install device-tree-compiler"
	# The kernel then complains of the emulator's counter, too.
	qemu-system-aarch64 -display none -machine "virt,dumpdtb=$t/virt.dtb" -cpu max -m 1G
	fdtput "$t/virt.dtb" /timer hisilicon,erratum-161010101
	run timeout 600 "$scripts/vm.sh" --kernel 6.12:arm64 --lane time --accel tcg --settle 0 --qemu-arg -dtb --qemu-arg "$t/virt.dtb" \
		--out "$t/out" -- 'allocs=null samples=10'
	echo "$output"
	[ "$status" -ne 0 ]
	grep -r -q 'the timer of a CPU has an erratum: it takes more than one read' "$t/out"
}

@test "arm64: no indirect call in a timed loop" {
	lint=$BATS_TEST_DIRNAME/../../kmod/tests/lint
	awk -f "$lint/rows.awk" "$lint/../../allocs.def" >"$t/rows"
	ko=$("$scripts/setup/module.sh" "$kdir")
	aarch64-linux-gnu-objdump -dr --no-show-raw-insn "$ko" >"$t/code"
	run awk -f "$lint/thunks.awk" "$t/rows" "$t/code"
	echo "$output"
	[[ "$output" =~ loops\ ([0-9]+)\ ([0-9]+) ]]
	[ "${BASH_REMATCH[1]}" -gt 100 ]
	[ "${BASH_REMATCH[1]}" = "${BASH_REMATCH[2]}" ]
	[[ "$output" != *indirect* ]]
}
