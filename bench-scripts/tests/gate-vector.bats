#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# The gate of what a call does beside taking instructions, on made-up vectors: what is locked, masks interrupts, flushes
# the TLB or serialises fails by one; lines and bytes are shown, and fail with --lines.

load compare.bash

setup() {
	cd "$BATS_TEST_TMPDIR" || return 1
	compare=$BATS_TEST_DIRNAME/../compare.sh
	usual=$'kmalloc 64\nalloc 117:1000\nfree 78:1000\nvmalloc 4096\nalloc 2500:1000\nfree 1300:1000\nnull 64\nalloc 0:1000\nfree 0:1000'
	for side in base new; do
		insn_side $side $side "$usual"
		vectors $side
	done
}

# vectors SIDE [CELL OP METRIC=L:M:H:S]...: the usual ones of a boot, but for these.
vectors() {
	local side=$1 file=$1/vector/boot-1/result-01.txt cells=$usual cell op usual
	shift
	insn_boot "$side/vector/boot-1" "$side" "$cells"
	for cell in 0 1 2; do
		for op in alloc free; do
			usual="lines=14:14:14:14000 bytes=400:400:400:400000 code=9:9:9:9000 locked=2:2:2:2000 irq=0:0:0:0 tlb=0:0:3:40 serial=0:0:0:0"
			sed -i "/^end /i vector cell=$cell op=$op n=1000 $usual" "$file"
		done
	done
	while [ $# -gt 0 ]; do
		sed -i "/^vector cell=$1 op=$2 /s/ ${3%%=*}=[0-9:]*/ $3/" "$file"
		grep -q "^vector cell=$1 op=$2 .* $3" "$file"
		shift 3
	done
}

# judged STATUS [OPTION...]: base against new; rows with a verdict that is not EQUIVALENT, as LABEL OP FIGURE VERDICT DIFF.
judged() {
	local expected=$1
	shift
	run "$compare" --save v "$@" base new
	echo "$output"
	awk -F '\t' '$1 == "row" && $13 != "EQUIVALENT" { print $2, $3, $4, $13, $7 }' v/verdict.tsv >called
	cat called
	[ "$status" -eq "$expected" ]
}

@test "vectors that are equal say nothing but how many they are" {
	judged 0
	[ ! -s called ]
	grep -q -P '^run\tvector\t6$' v/verdict.tsv
	[[ "$output" == *"vectors of 6 ops: locked, irq, tlb, serial"* ]]
	[[ "$output" == *"PASS: none of 6 figures is worse,"* ]]
}

@test "one more of each kind that is gated fails, by metric, cell and number, and nothing else" {
	local metric
	for metric in locked=3:3:3:3000 irq=1:1:1:1000 serial=1:1:1:1000; do
		vectors new 0 free "$metric"
		judged 1
		[ "$(cat called)" = "kmalloc 64 pair free ${metric%%=*} REGRESSION 1" ]
	done
	[[ "$output" == *"kmalloc 64"*"free serial"*" 0 "*" 1 "*"+1"* ]]
	[[ "$output" == *"FAIL: 1 figure of 7 worse"* ]]
	# What is better is no regression.
	vectors new 0 free locked=1:1:1:1000
	judged 0
	[ "$(cat called)" = "kmalloc 64 pair free locked IMPROVEMENT -1" ]
}

@test "of TLB flushes the sum of the cell counts, of the others the median" {
	vectors new 1 free tlb=0:0:3:41
	judged 1
	[ "$(cat called)" = "vmalloc 4K pair free tlb REGRESSION 1" ]
	vectors new 1 free locked=2:2:9:2600
	judged 0
	[ ! -s called ]
}

@test "code lines are never gated; lines and bytes are shown, and fail with --lines" {
	vectors new 0 alloc code=99:99:99:99000
	judged 0 --lines
	[ ! -s called ]
	vectors new 0 alloc lines=15:15:15:15000 1 free bytes=300:300:300:300000
	judged 0
	[ ! -s called ]
	grep -q -P '^touch\tkmalloc 64 pair\talloc\tlines\t14\t15\t7.1429\t0$' v/verdict.tsv
	[[ "$output" == *"memory touched, not gated (--lines): 1 more, 1 less"* ]]
	[[ "$output" == *"kmalloc 64 pair alloc: lines 14 -> 15 (+7.1%)"* ]]
	judged 1 --lines
	[ "$(sort called | tr '\n' ';')" = "kmalloc 64 pair alloc lines REGRESSION 1;vmalloc 4K pair free bytes IMPROVEMENT -100;" ]
}

@test "lines may move as far as the instructions of the cell" {
	phase base 2 base "${usual/2500/2750}"
	# 2,500 and 2,750: twice as far is 500, a fifth of 14 lines is 2.
	vectors new 1 alloc lines=16:16:16:16000
	judged 0 --lines
	[ ! -s called ]
	vectors new 1 alloc lines=17:17:17:17000
	judged 1 --lines
	[ "$(cat called)" = "vmalloc 4K pair alloc lines REGRESSION 3" ]
}

@test "a cell that moves from round to round is called where no round of the sides is alike" {
	local side
	for side in base new; do
		insn_boot $side/vector/boot-1 $side $'kmalloc 64\nalloc 117:1000\nkmalloc 64 round=1\nalloc 117:1000'
	done
	round() {
		sed -i "/^vector cell=$2 /d; /^end /i vector cell=$2 op=alloc n=1000 locked=$3:$3:$3:${3}000" "$1/vector/boot-1/result-01.txt"
	}
	round base 0 2
	round base 1 3
	round new 0 3
	round new 1 3
	judged 0
	[ ! -s called ]
	round new 0 4
	round new 1 4
	judged 1
	[ "$(cat called)" = "kmalloc 64 pair alloc locked REGRESSION 2" ]
}

@test "by what the module's own code changed any cell may" {
	vectors new 2 alloc serial=1:1:1:1000 0 alloc serial=1:1:1:1000
	judged 0
	[ ! -s called ]
	vectors new 2 alloc serial=1:1:1:1000 0 alloc serial=2:2:2:2000
	judged 1
	[ "$(cat called)" = "kmalloc 64 pair alloc serial REGRESSION 2" ]
}

@test "the same kernel on both sides is no regression, but no pass either" {
	rm -r new
	insn_side new base "$usual"
	cp -r base/vector new/vector
	sed -i '/^vector cell=0 op=free /s/ locked=[0-9:]*/ locked=3:3:3:3000/' new/vector/boot-1/result-01.txt
	judged 3
	grep -q '^kmalloc 64 pair free locked INCONCLUSIVE 1$' called
	judged 1 --blind
}

@test "one side without vectors is told, two sides are not; a boot that failed lends none" {
	rm -r base/vector
	judged 0
	[[ "$(tr -s '[:space:]' ' ' <<<"$output")" == *"note: base has no vectors: locked instructions, TLB flushes and the like were not compared"* ]]
	rm -r new/vector
	judged 0
	[[ "$output" != *vector* ]]
}

@test "vectors in results that are no folder of their own count as well" {
	local side
	for side in base new; do
		mv $side/vector/boot-1/result-01.txt $side.txt
	done
	sed -i '/^vector cell=0 op=free /s/ irq=[0-9:]*/ irq=2:2:2:2000/' new.txt
	run "$compare" --save v base.txt new.txt
	echo "$output"
	[ "$(row 'kmalloc 64 pair' free irq 13)" = REGRESSION ]
}

@test "a series over time has no point for what is not always there" {
	vectors new 0 free locked=3:3:3:3000
	judged 1
	[ "$(jq length v/verdict.benchmark-action.json)" -eq 12 ]
	[ "$(grep -c '^kallocbench_cost.*locked' v/verdict.openmetrics.txt)" -eq 0 ]
	grep -q '^kallocbench_regression.*locked.* 1$' v/verdict.openmetrics.txt
	grep -q 'locked RESULT=fail UNITS=locked MEASUREMENT=3>' v/verdict.lava.txt
	grep -q 'kmalloc.*locked' v/verdict.xml
	grep -q '^not ok .*locked' v/verdict.ktap.txt
}

@test "vectors of several kernels side by side" {
	vectors new 0 free locked=3:3:3:3000 0 free lines=15:15:15:15000
	run "$BATS_TEST_DIRNAME/../tools/touches.sh" --metrics lines,locked base/vector/boot-1/result-01.txt new/vector/boot-1/result-01.txt
	echo "$output"
	[ "${lines[0]}" = "op                 lines  locked" ]
	[ "${lines[2]}" = "kmalloc 64 free   14->15    2->3" ]
	[ "${#lines[@]}" -eq 7 ]
	# Of TLB flushes the sum, as the gate has it: their median is 0.
	vectors new 1 free tlb=0:0:3:41
	run "$BATS_TEST_DIRNAME/../tools/touches.sh" --metrics tlb base/vector/boot-1/result-01.txt new/vector/boot-1/result-01.txt
	echo "$output"
	[[ "${lines[*]}" =~ "vmalloc 4K free"\ +[0-9]+"->41" ]]
	# Nobody has a rule of his own.
	[ "$(cd "$BATS_TEST_DIRNAME/.." && grep -rlE 'function (by_sum|middle_draw)\(|"tlb" \?' --include='*.awk' . | sort | tr '\n' ' ')" = './lib/draws.awk ./lib/sums.awk ' ]
	run "$BATS_TEST_DIRNAME/../tools/touches.sh" --metrics colour base/vector/boot-1/result-01.txt new/vector/boot-1/result-01.txt
	[ "$status" -eq 2 ]
	[ "$output" = "touches.sh: no metric is called 'colour' in these results" ]
}
