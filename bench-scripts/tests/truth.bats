#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# tools/truth.sh on made-up results whose rank correlation is known.

load compare.bash

setup() {
	scripts=$(cd "$BATS_TEST_DIRNAME/.." && pwd)
	cd "$BATS_TEST_TMPDIR" || return 1
	data=$BATS_TEST_DIRNAME/data/gate
}

# lane FILE insn|time TICKS...: a cell for each, of 8 bytes and more, in stretches of 100 calls.
lane() {
	local file=$1 lane=$2 unit=insn accel=tcg-icount size=8 ticks
	[ "$lane" = insn ] || unit=tick accel=${ACCEL-none}
	shift 2
	for ticks; do
		printf 'kmalloc %s\npair calls=100 %s00:20\n' "$size" "$ticks"
		size=$((size * 2))
	done | awk -v lane="$lane" -v accel="$accel" -v unit="$unit" -v timing=batch -v khz=2000000 -f "$data/make.awk" >"$file"
}

truth() {
	run "$scripts/tools/truth.sh" "$@"
	echo "$output"
}

@test "in the same order, the other way round, and one pair out of place" {
	lane counts.txt insn 10 20 30 40 50 60 70 80
	lane time.txt 'time' 3 5 6 7 9 11 12 40
	truth counts.txt time.txt
	[ "$status" -eq 0 ]
	[[ "$output" == "8 cells counted and timed (bare metal)"* ]]
	[[ "$output" == *"  instructions                          1.000"* ]]
	lane time.txt 'time' 40 12 11 9 7 6 5 3
	truth counts.txt time.txt
	[[ "$output" == *" -1.000"* ]]
	# Spearman: 1 - 6 * (1 + 1) / (8 * 63).
	lane time.txt 'time' 5 3 6 7 9 11 12 40
	truth counts.txt time.txt
	[[ "$output" == *"  0.976"* ]]
}

# The first two share rank 1.5, and so do these of time: 5 8 take the same place; R says cor(..., method = "spearman").
@test "equal ones share a rank" {
	lane counts.txt insn 10 10 30 40 50 60 70 80
	lane time.txt 'time' 1 2 3 4 5 6 7 8
	want=$(python3 -c '
import statistics as s
a = [1.5, 1.5, 3, 4, 5, 6, 7, 8]
print(f"{s.correlation(a, [1, 2, 3, 4, 5, 6, 7, 8]):.3f}")')
	truth counts.txt time.txt
	[[ "$output" == *"  instructions                          $want"* ]]
}

@test "the cell that is furthest from its place is named first, with its ns" {
	lane counts.txt insn 10 20 30 40 50 60 70 80
	lane time.txt 'time' 90 20 30 40 50 60 70 80
	truth counts.txt time.txt
	[ "$(sed -n '/^cell/{n;p;}' <<<"$output" | tr -s ' ')" = "kmalloc 8 pair pair 10.0 45.0 1>8 9.00" ]
	# 2 GHz: a tick is half a ns, and half a ns an instruction is usual.
	[[ "$output" == *"(0.500 ns an instruction is usual)"* ]]
}

@test "locked instructions are weighed where there are vectors" {
	lane counts.txt insn 10 20 30 40 50 60 70 80
	lane time.txt 'time' 90 20 30 40 50 60 70 80
	truth counts.txt time.txt
	[[ "$output" == *"No vectors among the counts"* ]]
	# Of the first cell ten a call, of the others none.
	awk '{ print } $1 == "hist" {
		split($2, c, "="); n = c[2] ? 0 : 1000
		insns = $4; sub(/-.*/, "", insns)
		print "vector " $2 " " $3 " n=20 insns=" insns ":" insns ":" insns ":" 20 * insns " locked=" n ":" n ":" n ":" 20 * n
	}' counts.txt >with.txt
	truth with.txt time.txt
	[ "$status" -eq 0 ]
	[[ "$output" == *"  instructions + 10 for each locked one  1.000"* ]]
	# At 7 for each of the ten the first cell shares the last place, from 8 on it has it to itself.
	[[ "$output" == *"  instructions +  8 for each locked one  1.000, which fits best"* ]]
	[[ "$output" == *"Locked instructions are in 1 of the cells."* ]]
	[ "$(grep '^kmalloc 8 ' <<<"$output" | tr -s ' ')" = "kmalloc 8 pair pair 10.0 10.00 45.0 1>8>8 9.00" ]
	# A User Mode Linux for one CPU executes none of them, one for several does.
	sed '2a meta build=#1\\040Thu' time.txt >uml.txt
	sed -i 's/accel=none/accel=uml/' uml.txt
	truth with.txt uml.txt
	[[ "$output" == *"is built for one CPU"* && "$output" != *"fits best"* ]]
	sed -i 's/#1/#1\\040SMP/' uml.txt
	truth with.txt uml.txt
	[[ "$output" != *"is built for one CPU"* && "$output" == *"fits best"* ]]
}

@test "what cannot be held against each other is refused" {
	lane counts.txt insn 10 20 30 40 50 60 70 80
	lane time.txt 'time' 90 20 30 40 50 60 70
	truth counts.txt time.txt
	[ "$status" -eq 2 ]
	[[ "$output" == *"7 cells are in both lanes, and 8 are needed"* ]]
	truth counts.txt counts.txt
	[ "$status" -eq 2 ]
	[[ "$output" == *"no result was timed"* ]]
	ACCEL=tcg lane time.txt 'time' 90 20 30 40 50 60 70 80
	truth counts.txt time.txt
	[ "$status" -eq 2 ]
	[[ "$output" == *"timed under emulation (accel=tcg)"* ]]
	truth counts.txt
	[ "$status" -eq 2 ]
}
