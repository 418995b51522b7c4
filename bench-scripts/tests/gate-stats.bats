#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# gate/stats.awk against a brute-force python computation of the same
# quantities (tests/data/gate/brute.py shares no line with it), and against
# values published elsewhere.

setup() {
	cd "$BATS_TEST_DIRNAME/.." || return 1
	data=tests/data/gate
}

stats() {
	awk -f gate/stats.awk -f "$data"/stats.awk
}

@test "every line of stats.in, by every awk, equals the brute force" {
	python3 "$data"/brute.py <"$data"/stats.in >"$BATS_TEST_TMPDIR/expected"
	[ "$(wc -l <"$BATS_TEST_TMPDIR/expected")" -eq "$(wc -l <"$data"/stats.in)" ]
	for awk in mawk gawk original-awk; do # Debian's busybox has no sqrt()
		$awk -f gate/stats.awk -f "$data"/stats.awk "$data"/stats.in >"$BATS_TEST_TMPDIR/out"
		diff "$BATS_TEST_TMPDIR/expected" "$BATS_TEST_TMPDIR/out"
	done
}

# Hollander and Wolfe's depression scores, as in R's manual of wilcox.test
# (paired, conf.int=TRUE): pseudomedian 0.46, 95 % interval 0.010 to 0.786.
@test "Hodges-Lehmann and its interval of a published example" {
	run stats <<<"walsh 0.952 -0.147 1.022 0.43 0.62 0.59 0.49 -0.08 0.01"
	[ "$output" = "0.46 0.01 0.786" ]
}

# Critical values of the signed-rank test, two-sided 5 %, in any table of it:
# 0 2 3 5 8 10 13 for n = 6..12; the interval ends one further in.
@test "the interval's rank of a published table" {
	for pair in 5:0 6:1 7:3 8:4 9:6 10:9 11:11 12:14; do
		run stats <<<"rank ${pair%:*}"
		[ "$output" = "${pair#*:}" ]
	done
}

@test "five pairs cannot reach 5 %, six can" {
	run stats <<<"flip 0.1,0.1,0.1,0.1,0.1"
	[ "$output" = 0.0625 ]
	run stats <<<"flip 0.1,0.1,0.1,0.1,0.1,0.1"
	[ "$output" = 0.03125 ]
}

@test "more than 12 pairs: drawn flips, repeatable, never 0, near the exact value" {
	line="flip 0.01,0.02,0.03,-0.01,0.04,0.02,0.01,0.03,0.02,-0.02,0.05,0.01,0.02"
	run stats <<<"$line"
	first=$output
	run stats <<<"$line"
	[ "$output" = "$first" ]
	exact=$(python3 "$data"/brute.py <<<"$line")
	awk -v got="$first" -v exact="$exact" 'BEGIN { exit !(got > 0 && got - exact < 0.005 && exact - got < 0.005) }'
}

# The pairs: 8 (sd/delta)^2 for one cell, 30 (sd/delta)^2 for 40.
@test "pairs needed" {
	run stats <<<"need 0.04 0.02 1"
	[ "$output" = 32 ]
	run stats <<<"need 0.04 0.02 40"
	[ "$output" = 120 ]
	run stats <<<"need 0.001 0.02 1"
	[ "$output" = 6 ]
}

# Turned round: 120 pairs are what 0.02 needs above. Nothing below the bound is ever found.
@test "the change that so many pairs find" {
	run stats <<<"found 0.04 0 40 120"
	[ "$output" = 0.020000 ]
	run stats <<<"found 0.04 0.05 1 8"
	[ "$output" = 0.090000 ]
	run stats <<<"found 0 0.05 1 8"
	[ "$output" = 0.050000 ]
	# Median distance 3; one that lies far off does not count.
	run stats <<<"robust 10 11 8 13 6 900"
	[ "$output" = 4.447800 ]
}

# 6.1 against 6.12 in time, kmalloc 8K: -42.5 %, interval -60.6 to -19.1 %, floor 9.64 %, a family of 102. To prove
# equality within the floor is another question, with another answer: 616.
@test "pairs needed for the change seen, of a recorded cell" {
	run stats <<<"need 0.383028 $(awk 'BEGIN { print -log(1 - 0.42521) - log(1.096428) }') 102"
	[ "$output" = 25 ]
	run stats <<<"need 0.3829 $(awk 'BEGIN { print log(1.096428) }') 102"
	[ "$output" = 616 ]
}

# The same with more runs, on ten cells:
#	awk -f tests/data/gate/simulate.awk -v runs=300 -v pairs=12			18 (6.0 %) called what did not change
#	awk -f tests/data/gate/simulate.awk -v runs=100 -v pairs=12 -v change=10	4 (4.0 %), 97 found +10 %
#	awk -f tests/data/gate/simulate.awk -v runs=100 -v pairs=12 -v change=10 -v delay=0	1 (1.0 %), 11 found it
# The test is exact: 5 % are expected, and 2.5 % of 300 runs more or less are two standard errors.
@test "simulated: +10 % of a 12 ns call is found with 12 pairs, and equals are not called" {
	run awk -f "$data"/simulate.awk -v runs=12 -v pairs=12 -v change=10
	echo "$output"
	[[ "$output" == *"12 found +10% (100.0%)" ]]
	run awk -f "$data"/simulate.awk -v runs=12 -v pairs=12
	echo "$output"
	called=${output#*delay: }
	[ "${called%% *}" -le 2 ]
	# The delay is what finds it.
	run awk -f "$data"/simulate.awk -v runs=12 -v pairs=12 -v change=10 -v delay=0
	echo "$output"
	found=${output##*, }
	[ "${found%% *}" -le 6 ]
}
