#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# What compare.sh refuses, and what it only warns of: exit 2 with both values
# named; file, line and reason of a damaged file.

load compare.bash

setup() {
	cd "$BATS_TEST_TMPDIR" || return 1
	compare=$BATS_TEST_DIRNAME/../compare.sh
	usual=$'kmalloc 64\nalloc 117:1000\nfree 78:1000'
	result a.txt "$(common base)" <<<"$usual"
}

# refused WHAT VALUE-BASE VALUE-NEW: a.txt against b.txt.
refused() {
	run "$compare" a.txt b.txt
	echo "$output"
	[ "$status" -eq 2 ]
	[[ "$output" == *"not comparable: different $1: $2 in"*a.txt*"$3 in"*b.txt* ]]
}

# meta_refused META-WORD WHAT VALUE-BASE VALUE-NEW: with new's meta word replaced.
meta_refused() {
	result b.txt "$(common new | sed "s/\b$1=[^ ]*/$1=$4/")" <<<"$usual"
	refused "$2" "$3" "$4"
}

@test "another CPU model" { meta_refused cpu "CPU model" max qemu64; }
@test "another architecture" { meta_refused arch architecture x86_64 aarch64; }
@test "another number of CPUs" { meta_refused smp "number of CPUs" 1 4; }
@test "another compiler of the module" { meta_refused module_cc "compiler of the module" gcc-12.2 clang-14; }

# made_refused OPTION WHAT VALUE-BASE VALUE-NEW: with new made by another option of make.awk.
made_refused() {
	result b.txt "$(common new)" -v "$1=$4" <<<"$usual"
	refused "$2" "$3" "$4"
}

@test "another lane" { made_refused lane lane insn time; }
@test "another accelerator" { made_refused accel accelerator tcg-icount kvm; }
@test "another unit" { made_refused unit "unit of the clock" insn tick; }

@test "__GFP_ACCOUNT that charged nobody and a group: apart within a side, told between sides" {
	result b.txt "$(common new)" <<<"$usual"
	sed 's/^cell .*/& charged=0/' a.txt >root.txt
	sed 's/^cell .*/& charged=1/' b.txt >child.txt
	run "$compare" root.txt child.txt
	echo "$output"
	[ "$status" -ne 2 ]
	[[ "$output" == *"different charging of __GFP_ACCOUNT: 0 in base, 1 in new"* ]]
	mkdir -p side/phase-1 side/phase-2
	cp root.txt side/phase-1/result-01.txt
	sed 's/charged=0/charged=1/' root.txt >side/phase-2/result-01.txt
	run "$compare" side b.txt
	echo "$output"
	[ "$status" -eq 2 ]
	[[ "$output" == *"not comparable: different charging of __GFP_ACCOUNT: 0 in "*"side/phase-1"* ]]
}

@test "what spoils the numbers of a side is told" {
	result b.txt "$(common new)" <<<"$usual"
	sed -i '1a warning text=slab\\040debugging\\040takes\\040the\\040fast\\040paths\\040away' b.txt
	run "$compare" a.txt b.txt
	echo "$output"
	[[ "$output" == *"new: slab debugging takes the fast paths away"* ]]
}

@test "another clock" {
	result b.txt "$(common new)" <<<"$usual"
	sed -i 's/name=tsc/name=cntvct/' b.txt
	refused clock tsc cntvct
}

@test "other parameters" {
	result a.txt "$(common base)" -v param=samples=1000 <<<"$usual"
	result b.txt "$(common new)" -v param=samples=1000 <<<"$usual"
	sed -i 's/samples=1000/samples=1000 seed=2/' b.txt
	sed -i 's/samples=1000/samples=1000 seed=1/' a.txt
	run "$compare" a.txt b.txt
	echo "$output"
	[ "$status" -eq 2 ]
	[[ "$output" == *"different parameters:"*seed=*seed=* ]]
	[[ "$output" == *seed=1* && "$output" == *seed=2* ]]
}

@test "one side that mixes two kernels" {
	insn_side a base "$usual"
	insn_side b new "$usual"
	result b/phase-2/boot-1/result-01.txt "$(common other)" <<<"$usual"
	run "$compare" a b
	[ "$status" -eq 2 ]
	[[ "$output" == *"different kernel: 6.12-new in"*"6.12-other in"* ]]
}

@test "a value that one side does not say is a difference" {
	result b.txt "$(common new | sed 's/cpu=max//; s/  */ /g')" <<<"$usual"
	run "$compare" a.txt b.txt
	[ "$status" -eq 2 ]
	[[ "$output" == *"different CPU model: max in"*"(not said) in"* ]]
}

@test "another compiler of the kernel is a warning in the table, another QEMU too" {
	result b.txt "$(common new | sed 's/kernel_cc=[^ ]*/kernel_cc=gcc-14/; s/qemu=[^ ]*/qemu=9.0/')" <<<"$usual"
	run "$compare" a.txt b.txt
	[ "$status" -eq 0 ]
	[[ "$output" == *"note: different compiler of the kernel: gcc-12.2 in base, gcc-14 in new"* ]]
	[[ "$output" == *"note: different QEMU version: 7.2.22 in base, 9.0 in new"* ]]
}

@test "--strict refuses another QEMU" {
	result b.txt "$(common new | sed 's/qemu=[^ ]*/qemu=9.0/')" <<<"$usual"
	run "$compare" --strict a.txt b.txt
	[ "$status" -eq 2 ]
	[[ "$output" == *"different QEMU version: 7.2.22 in"*"9.0 in"* ]]
}

@test "a truncated file: file, line, reason" {
	result b.txt "$(common new)" <<<"$usual"
	total=$(wc -l <b.txt)
	for n in $(seq 1 $((total - 1))); do
		head -n "$n" b.txt >cut.txt
		run "$compare" a.txt cut.txt
		[ "$status" -eq 2 ]
		[[ "$output" == *"cut.txt:$n: "* ]]
	done
	: >cut.txt
	run "$compare" a.txt cut.txt
	[ "$status" -eq 2 ]
}

@test "a damaged file: file, line, reason" {
	for damage in 's/117-117:1000/117-117:999/' 's/op=free/op=fre e/' 's/end cells=1/end cells=2/' 's/size=64 /size=x /'; do
		result b.txt "$(common new)" <<<"$usual"
		sed -i "$damage" b.txt
		run "$compare" a.txt b.txt
		echo "$output"
		[ "$status" -eq 2 ]
		[[ "$output" =~ b.txt:[0-9]+:\ . ]]
	done
}

@test "an aborted run is not judged" {
	result b.txt "$(common new)" <<<"$usual"
	sed -i 's/state=done/state=aborted/' b.txt
	run "$compare" a.txt b.txt
	[ "$status" -eq 3 ]
	[[ "$output" == *"the run ended as aborted"* ]]
}

@test "an option of the other lane is refused, not ignored" {
	for option in --aa=a.txt --delta=2; do
		run "$compare" "${option%=*}" "${option#*=}" a.txt a.txt
		[ "$status" -eq 2 ]
		[[ "$output" == *"${option%=*} is for the time lane"* ]]
	done
	time_side a base 1000 1010 990 1005 1020 1001
	run "$compare" --threshold 50% a a
	[ "$status" -eq 2 ]
	[[ "$output" == *"--threshold is for the instruction lane"* ]]
	run "$compare" --blind a a
	[ "$status" -eq 2 ]
	[[ "$output" == *"--blind is for the instruction lane"* ]]
}

@test "two formats are refused, not the last one taken" {
	run "$compare" --format json --format lava a.txt a.txt
	[ "$status" -eq 2 ]
	[[ "$output" == *"one format, not 'json' and 'lava'"* ]]
}

@test "every format in the usage is one" {
	formats=$("$compare" -h | sed -n '/^  --format /,/^  --save/p' | sed 's/.*: //; /^  --/d' | xargs)
	[ "$(wc -w <<<"$formats")" -eq 9 ]
	for format in $formats; do
		"$compare" --format "$format" a.txt a.txt
	done
}

@test "wrong use" {
	for args in "" "a.txt" "a.txt a.txt a.txt" "--nonsense a.txt a.txt" "--threshold" "--delta 0 a.txt a.txt" "--delta x a.txt a.txt" "nowhere a.txt"; do
		# shellcheck disable=SC2086 # words on purpose
		run "$compare" $args
		echo "$args: $output"
		[ "$status" -eq 2 ]
	done
	run "$compare" -h
	[ "$status" -eq 0 ]
}

@test "a folder without results, and one without a good boot, are not judged" {
	mkdir empty
	run "$compare" empty a.txt
	[ "$status" -eq 3 ]
	insn_side bad base "$usual"
	for boot in $(phase_dirs bad); do echo panicked >"$boot/verdict"; done
	run "$compare" bad a.txt
	[ "$status" -eq 3 ]
}

@test "names with blanks and equal signs" {
	insn_side a base "$usual"
	insn_side b new "$usual"
	mv a "a side=1"
	mv b "b side=2"
	run "$compare" "a side=1" "b side=2"
	echo "$output"
	[ "$status" -eq 0 ]
	[[ "$output" == *"'a side=1' 'b side=2'"* ]]
}

@test "another command line within a side, the padding apart" {
	insn_side a base "$usual"
	insn_side b new "$usual"
	result b/phase-2/boot-1/result-01.txt "$(common new) cmdline=quiet\\\\040kab_pad=xx" <<<"$usual"
	result b/phase-3/boot-1/result-01.txt "$(common new) cmdline=quiet" <<<"$usual"
	run "$compare" a b
	echo "$output"
	[ "$status" -eq 2 ]
	[[ "$output" == *"different command line within new: nothing in"*", quiet in"* ]]
	for boot in 1/boot-1 1/boot-2; do
		result b/phase-$boot/result-01.txt "$(common new) cmdline=quiet" <<<"$usual"
	done
	run "$compare" a b
	[ "$status" -eq 0 ]
}

@test "results of no lane known here" {
	for change in 's/lane=insn/lane=banana/' 's/lane=insn //' 's/unit=insn/unit=tick/' 's/accel=tcg-icount/accel=tcg/'; do
		for side in a b; do
			result $side.txt "$(common $side)" <<<"$usual"
			sed -i "$change" $side.txt
		done
		run "$compare" a.txt b.txt
		echo "$change: $output"
		[ "$status" -eq 2 ]
		[[ "$output" == *"not comparable: no"*lane* ]]
	done
}

@test "one kernel is the same kernel only where both checksums say so" {
	insn_side a base "$usual"
	insn_side b base "${usual/117/118}"
	run "$compare" a b
	[ "$status" -eq 3 ]
	sed -i 's/ module_sha256=[^ ]*//' {a,b}/*/*/*.txt
	run "$compare" a b
	[ "$status" -eq 1 ]
}
