#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# One boot a side, judged by its rounds: moving-block bootstrap.

load compare.bash

setup() {
	cd "$BATS_TEST_TMPDIR" || return 1
	compare=$BATS_TEST_DIRNAME/../compare.sh
}

# rounds FILE NAME COUNT AWK-EXPRESSION: round r measures the expression, in ticks of 1 ns.
rounds() {
	awk -v n="$3" 'BEGIN { for (r = 0; r < n; r++) { v = int('"$4"'); printf "kmalloc 64 round=%d\nalloc %d:1000\n", r, v } }' >cells
	result "$1" "$(common "$2")" -v lane=time -v accel=none -v unit=tick -v param="rounds=$3" <cells
}

@test "a steady rise of 10 % over 40 rounds is a regression that names its limit" {
	rounds a.txt base 40 '1000 + r * 7 % 11'
	rounds b.txt new 40 '1100 + r * 5 % 13'
	run "$compare" --boot-noise 3 --save v a.txt b.txt
	echo "$output"
	[ "$status" -eq 1 ]
	[ "$(row - - - 15)" = "single boot: layout effects not covered" ]
	[[ "$output" == *"single boot: layout effects not covered"* ]]
	awk -v l="$(row - - - 10)" -v h="$(row - - - 11)" -v e="$(row - - - 8)" 'BEGIN { exit !(l < e && e < h && l > 9 && h < 11) }'
}

# Two boots of one kernel differ, however many rounds each has: the scatter within a boot must not judge alone.
@test "nothing is called where nobody says what two boots differ by, nor within that" {
	rounds a.txt base 40 '1000 + r * 7 % 11'
	rounds b.txt new 40 '1100 + r * 5 % 13'
	run "$compare" --save v a.txt b.txt
	[ "$status" -eq 3 ]
	[ "$(row - - - 13)" = INCONCLUSIVE ]
	[[ "$(row - - - 15)" == *"; needs --boot-noise, or 6 pairs of boots" ]]
	[[ "$output" == *"needs --boot-noise"* ]]
	rounds c.txt new 40 '1000 + r * 7 % 11'
	run "$compare" --save v a.txt c.txt
	[ "$status" -eq 3 ]
	run "$compare" a.txt a.txt
	[ "$status" -eq 0 ]
	[[ "$output" == *"SAME: nothing was compared"* ]]
	run "$compare" --boot-noise 12 --save v a.txt b.txt
	[ "$status" -eq 0 ]
	[ "$(row - - - 13)" = EQUIVALENT ]
	run "$compare" --boot-noise much a.txt b.txt
	[ "$status" -eq 2 ]
	[[ "$output" == *"--boot-noise: percent, not 'much'"* ]]
}

@test "a cell that failed in some rounds is not judged by the others" {
	rounds a.txt base 40 1000
	rounds b.txt new 40 1000
	sed 's/\(^cell .*round=3[0-9] .*\)state=ok/\1state=failed reason=planted/' b.txt >c.txt
	run "$compare" --boot-noise 3 --save v a.txt c.txt
	echo "$output"
	[ "$status" -eq 3 ]
	[[ "$output" == *"new failed"* ]]
}

@test "equal rounds are equivalent, the interval encloses 0" {
	rounds a.txt base 40 '1000 + r * 7 % 11'
	rounds b.txt new 40 '1000 + r * 5 % 11'
	run "$compare" --boot-noise 2 --save v a.txt b.txt
	[ "$status" -eq 0 ]
	[ "$(row - - - 13)" = EQUIVALENT ]
}

@test "29 rounds are not enough" {
	rounds a.txt base 29 1000
	rounds b.txt new 29 2000
	run "$compare" a.txt b.txt
	[ "$status" -eq 3 ]
	[[ "$output" == *"30 rounds"* ]]
}

# A wave 20 rounds long: independent draws would give an interval several times too narrow. The mean of n values of
# such a series varies as that of n / 20 of them; blocks of 4 rounds see some of it, single rounds nothing.
@test "rounds that follow each other widen the interval" {
	rounds a.txt base 40 '1000 + 50 * sin(r / 20 * 6.2831853)'
	rounds b.txt new 40 '1000 + 50 * sin((r * 7 + 3) % 40 / 20 * 6.2831853)'
	"$compare" --save v a.txt a.txt >/dev/null || true
	slow=$(awk -v l="$(row - - - 10)" -v h="$(row - - - 11)" 'BEGIN { print h - l }')
	"$compare" --save v b.txt b.txt >/dev/null || true
	mixed=$(awk -v l="$(row - - - 10)" -v h="$(row - - - 11)" 'BEGIN { print h - l }')
	echo "blocks alike: $slow, mixed: $mixed"
	awk -v s="$slow" -v m="$mixed" 'BEGIN { exit !(s > 1.3 * m) }'
}

@test "the same input gives the same interval" {
	rounds a.txt base 40 '1000 + r * 7 % 11'
	rounds b.txt new 40 '1100 + r * 5 % 13'
	"$compare" --boot-noise 2 --save v a.txt b.txt >one || true
	"$compare" --boot-noise 2 --save w a.txt b.txt >two || true
	cmp v/verdict.tsv <(sed 's/--save w/--save v/' w/verdict.tsv)
}

@test "a clock-limited cell is judged by its batch, where there is one" {
	local side
	for side in a b; do
		awk 'BEGIN { for (r = 0; r < 30; r++) printf "kmalloc 64 round=%d\nalloc 100:1000\n", r }' |
			result $side/result-01.txt "$(common $side)" -v lane=time -v accel=none -v unit=tick -v overhead=40 -v param=rounds=30
		awk 'BEGIN { for (r = 0; r < 30; r++) printf "kmalloc 64 round=%d\npair calls=50 9000-9002:1000\n", r }' |
			result $side/result-02.txt "$(common $side)" -v lane=time -v accel=none -v unit=tick -v overhead=40 -v timing=batch -v param="rounds=30 calls=50"
	done
	run "$compare" --boot-noise 2 --save v a b
	echo "$output"
	[ "$status" -eq 0 ]
	grep -q 'UNGATED.*clock-limited: see timing=batch' v/verdict.tsv
	rm a/result-02.txt b/result-02.txt
	run "$compare" --boot-noise 2 --save v a b
	[ "$status" -eq 3 ]
	[ "$(row - - - 15)" = "clock-limited: add timing=batch" ]
}

@test "calls that fail in new only leave the others unjudged" {
	rounds a.txt base 40 '1000 + r * 7 % 11'
	rounds b.txt new 40 '1000 + r * 5 % 11'
	sed -i '/^cell/s/fail=0/fail=10/' b.txt
	run "$compare" --boot-noise 2 --save v a.txt b.txt
	echo "$output"
	[ "$status" -eq 3 ]
	[ "$(row - - - 13)" = INCONCLUSIVE ]
	[[ "$(row - - - 15)" == "400 calls failed in new, 0 in base; single boot"* ]]
}
