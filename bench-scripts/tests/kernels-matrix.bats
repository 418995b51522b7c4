#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# kernels-matrix.sh with kernels, modules and guests of ours: a fault that it looks for is found.

setup() {
	t=$BATS_TEST_TMPDIR
	export T=$t
	mkdir -p "$t/bench-scripts/tests" "$t/bench-scripts/setup"
	cp -R "$BATS_TEST_DIRNAME"/../{lib,lines,results.awk} "$t/bench-scripts/"
	cp "$BATS_TEST_DIRNAME/kernels-matrix.sh" "$t/bench-scripts/tests/"
	# shellcheck disable=SC2016 # for the programs
	program setup/kernel.sh 'case $2 in 6.1) echo "kernel.sh: no kernel 6.1" >&2; exit 3 ;; esac' \
		'printf "%s\n" image=/k kdir=/d "release=$2.0"'
	# shellcheck disable=SC2016 # for the programs
	program setup/module.sh '[ ! -e "$T/noise" ] || cat "$T/noise" >&2' '[ ! -e "$T/breaks" ] || exit 3' 'echo /m.ko'
	# shellcheck disable=SC2016 # for the programs
	program vm.sh 'out= line= lane=' 'while [ $# -gt 0 ]; do' \
		'case $1 in --out) out=$2 ;; --lane) lane=$2 ;; esac' 'line=$1; shift; done' \
		'for k in 1 2; do mkdir -p "$out/boot-$k"; cp "$T/boot-$k" "$out/boot-$k/result-01.txt"; done' \
		'case $lane/$line in *contexts=all*) [ ! -e "$T/splat" ] || exit 3 ;; time/*) [ ! -e "$T/late" ] || exit 3 ;; esac'
	result 1 >"$t/boot-1"
	result 2 >"$t/boot-2"
}

# program NAME LINE...
program() {
	printf '%s\n' '#!/bin/sh' "${@:2}" >"$t/bench-scripts/$1"
	chmod +x "$t/bench-scripts/$1"
}

# result BOOT: of null and delay.
result() {
	cat <<-END
		kallocbench 1
		meta date=2026-01-0$1T00:00:00Z
		meta boot=$1
		param allocs=null,delay
		clock name=tsc khz=1000000 overhead=6 overhead_p50=6 overhead_max=6 unit=insn
		cell id=0 alloc=null size=64 flags=GFP_KERNEL context=process pattern=pair cpus=0 round=0 state=ok fail=0
		op cell=0 op=alloc n=2 sum=0 min=0 p50=- p90=- p99=- p999=- max=0 under=0
		hist cell=0 op=alloc 0-0:2
		cell id=1 alloc=delay size=64 flags=GFP_KERNEL context=process pattern=pair cpus=0 round=0 state=ok fail=0
		op cell=1 op=alloc n=2 sum=2000 min=1000 p50=- p90=- p99=- p999=- max=1000 under=0
		hist cell=1 op=alloc 1000-1000:2
		end cells=2 state=done
	END
}

# row STATUS COLUMNS: what comes of 7.3.
row() {
	run "$t/bench-scripts/tests/kernels-matrix.sh" 7.3
	echo "$output"
	[ "$status" -eq "$1" ]
	[[ "$(echo "$output" | grep '^7.3 ' | tr -s ' ')" == "7.3 7.3.0 $2"* ]]
}

@test "all is well; a kernel that cannot be had is skipped, with the reason" {
	row 0 '0 ok ok ok ok ok'
	[ "${lines[-1]}" = "1 passed, 0 failed, 0 skipped" ]
	run "$t/bench-scripts/tests/kernels-matrix.sh" 6.1 7.3:arm64
	echo "$output"
	[ "$status" -eq 0 ]
	[[ "$output" == *"6.1            skipped: kernel.sh: no kernel 6.1"* ]]
	[ "${lines[-1]}" = "1 passed, 0 failed, 1 skipped" ]
}

@test "each fault in its column" {
	sed -i 's/n=2 sum=2000/n=2  sum=2000/' "$t/boot-2"
	row 1 '0 FAILED ok ok ok ok'
	result 2 >"$t/boot-2"
	sed -i 's/sum=0 min=0 p50=- p90=- p99=- p999=- max=0/sum=1 min=0 p50=- p90=- p99=- p999=- max=1/; s/0-0:2/0-0:1 1-1:1/' "$t"/boot-?
	row 1 '0 ok FAILED ok ok ok'
	result 1 >"$t/boot-1"
	sed 's/alloc=null/alloc=kmalloc/' "$t/boot-1" >"$t/boot-2"
	cp "$t/boot-2" "$t/boot-1"
	row 1 '0 ok FAILED ok ok ok'
	result 1 | sed 's/2000 min=1000/1999 min=999/; s/1000-1000:2/999-999:1 1000-1000:1/' >"$t/boot-1"
	cp "$t/boot-1" "$t/boot-2"
	row 1 '0 ok ok FAILED ok ok'
	result 1 >"$t/boot-1"
	result 2 >"$t/boot-2"
	touch "$t/splat"
	row 1 '0 ok ok ok FAILED ok'
	rm "$t/splat"
	touch "$t/late"
	row 1 '0 ok ok ok ok FAILED'
	rm "$t/late"
	echo 'a.c:1: warning: x' >"$t/noise"
	row 1 '1 ok ok ok ok ok'
	touch "$t/breaks"
	row 1 'FAILED - - - - -'
}

@test "wrong use" {
	run "$t/bench-scripts/tests/kernels-matrix.sh" 5.0
	[ "$status" -eq 2 ]
	[[ "$output" == *"no kernel '5.0'"* ]]
}
