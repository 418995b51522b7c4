#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# shellcheck disable=SC2016 # the dollars are awk's
# Real boots of a small 6.12 kernel and of the same kernel with one line more
# (tests/data/gate/slower-*.patch), recorded by
#	kernels.sh build min [--patch FILE]
#	ci.sh --suite PLAN --base MIN --new PATCHED
# with PLAN "allocs=kmalloc,kvmalloc,vmalloc sizes=8,64,1K,8K,16K,64K samples=200"

setup() {
	cd "$BATS_TEST_DIRNAME/.." || return 1
	recorded=tests/data/gate/recorded
	v=$BATS_TEST_TMPDIR/v
}

# rows AWK-EXPRESSION: how many rows of the verdict table it holds for.
rows() {
	awk -F '\t' '$1 == "row" && ('"$1"') { n++ } END { print n + 0 }' "$v/verdict.tsv"
}

@test "8 instructions on the slab path: every slab-served kmalloc by exactly 8" {
	run ./compare.sh --save "$v" "$recorded"/base "$recorded"/slower-kmalloc
	echo "$output"
	[ "$status" -eq 1 ]
	# Sizes 8, 64, 1K and 8K, mode and minimum.
	[ "$(rows '$2 ~ /^kmalloc/ && $3 == "alloc" && $7 == 8 && $13 == "REGRESSION"')" -eq 8 ]
	[ "$(rows '$2 ~ /^kvmalloc/ && $3 == "alloc" && $7 == 8 && $13 == "REGRESSION"')" -eq 8 ]
}

@test "besides only paths that contain a kmalloc, by multiples of 8" {
	run ./compare.sh --save "$v" "$recorded"/base "$recorded"/slower-kmalloc
	[ "$(rows '$13 == "REGRESSION" && $2 !~ /^k/ && $2 !~ /^vmalloc/')" -eq 0 ]
	[ "$(rows '$13 == "REGRESSION" && $2 ~ /^vmalloc/ && $3 == "alloc" && $7 == 24')" -gt 0 ]
	[ "$(rows '$13 == "REGRESSION" && $7 % 8')" -eq 0 ]
	[ "$(rows '$3 == "free" && $13 != "EQUIVALENT"')" -eq 0 ]
	[ "$(rows '$2 ~ /kv?malloc (16K|64K)/ && $13 != "EQUIVALENT" && $2 !~ /^vmalloc/')" -eq 0 ]
}

@test "a change in mm/vmalloc.c moves no kmalloc cell" {
	run ./compare.sh --save "$v" "$recorded"/base "$recorded"/slower-vmalloc
	echo "$output"
	[ "$status" -eq 1 ]
	[ "$(rows '$2 ~ /^k/ && ($13 != "EQUIVALENT" || $2 ~ /(8|64|1K|8K)$/ && $7 != 0)')" -eq 0 ]
	[ "$(rows '$2 ~ /^vmalloc/ && $4 == "min" && $3 == "alloc" && $7 == 400 && $13 == "REGRESSION"')" -eq 6 ]
}

@test "the way back is no regression" {
	run ./compare.sh --save "$v" "$recorded"/slower-kmalloc "$recorded"/base
	[ "$status" -eq 0 ]
	[ "$(rows '$13 == "IMPROVEMENT"')" -gt 15 ]
}
