#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# shellcheck disable=SC2016 # the dollars are awk's
# Real boots of a small 6.12 kernel and of the same kernel with one line more
# (tests/data/gate/*.patch), recorded by
#	kernels.sh build min [--patch FILE]
#	ci.sh --suite PLAN --base MIN --new PATCHED
# with PLAN "allocs=kmalloc,kvmalloc,vmalloc sizes=8,64,1K,8K,16K,64K samples=200";
# locked-base and locked-slab later, with --append init_on_alloc=0 and
# "allocs=kmalloc,kvmalloc,kmem_cache,vmalloc sizes=8,1K,8K,16K samples=200 facts=none".

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
	[ "$(rows '$2 ~ /^k/ && ($13 != "EQUIVALENT" || $2 ~ /(8|64|1K|8K) pair$/ && $7 != 0)')" -eq 0 ]
	[ "$(rows '$2 ~ /^vmalloc/ && $4 == "min" && $3 == "alloc" && $7 == 400 && $13 == "REGRESSION"')" -eq 6 ]
}

@test "the way back is no regression" {
	run ./compare.sh --save "$v" "$recorded"/slower-kmalloc "$recorded"/base
	[ "$status" -eq 0 ]
	[ "$(rows '$13 == "IMPROVEMENT"')" -gt 15 ]
}

@test "one locked instruction on the slab path: every slab-served allocation by exactly 1" {
	run ./compare.sh --save "$v" "$recorded"/locked-base "$recorded"/locked-slab
	echo "$output"
	[ "$status" -eq 1 ]
	# kmalloc and kvmalloc of 8, 1K and 8K, the cache's of 16K, too: mode and minimum.
	[ "$(rows '$2 ~ /^(kv?malloc (8|1K|8K)|kmem_cache (8|1K|8K|16K)) pair$/ && $3 == "alloc"')" -eq 20 ]
	[ "$(rows '$2 ~ /^(kv?malloc (8|1K|8K)|kmem_cache (8|1K|8K|16K)) pair$/ && $3 == "alloc" && $7 == 1 && $13 == "REGRESSION"')" -eq 20 ]
}

@test "and nothing else: no free, no pages; vmalloc by the three objects that it takes itself" {
	run ./compare.sh --save "$v" "$recorded"/locked-base "$recorded"/locked-slab
	[ "$(rows '$3 == "free" && $2 !~ /^vmalloc/ && $7 != 0')" -eq 0 ]
	[ "$(rows '$3 == "free" && $13 != "EQUIVALENT"')" -eq 0 ]
	[ "$(rows '$2 ~ /^kv?malloc 16K pair$/ && $3 == "alloc"')" -eq 4 ]
	[ "$(rows '$2 ~ /^kv?malloc 16K pair$/ && $7 != 0')" -eq 0 ]
	[ "$(rows '$2 ~ /^vmalloc/ && $3 == "alloc" && $4 == "min" && $7 == 3')" -eq 4 ]
}

# stretches FOLDER...: the boots of results/reference/stretches.txt.gz, each as SIDE/pair-K under its name there.
stretches() {
	cd "$BATS_TEST_TMPDIR" || return 1
	gzip -dc "$BATS_TEST_DIRNAME/../../results/reference/stretches.txt.gz" | awk '
		/^kallocbench / { first = $0; next }
		/^meta recorded=/ {
			dir = substr($2, 10)
			system("mkdir -p " dir)
			close(file)
			file = dir "/result-01.txt"
			print first >file
		}
		{ print >file }'
	[ "$(find clean slower -name result-01.txt | wc -l)" -eq 52 ]
}

# boots FROM NAME K...: pair-1, pair-2... of NAME are the boots K of FROM.
boots() {
	local from=$1 name=$2 k n=0
	shift 2
	rm -rf "$name"
	for k in "$@"; do
		n=$((n + 1))
		mkdir -p "$name/pair-$n"
		cp "$from/pair-$k/result-01.txt" "$name/pair-$n/"
	done
}

@test "real speed: 64 nops on the slab path are found with 12 pairs, by the ratio to delay" {
	stretches
	for pairs in "$(seq 1 12)" "$(seq 7 18)" "$(seq 13 24)" "$(seq 1 26)"; do
		# shellcheck disable=SC2086 # words
		boots clean a $pairs
		# shellcheck disable=SC2086
		boots slower b $pairs
		run "$BATS_TEST_DIRNAME/../compare.sh" --save "$v" a b
		echo "$output"
		[ "$status" -eq 1 ]
		[ "$(rows '$2 ~ /^kmalloc/ && $4 == "p10" && $8 > 10 && $8 < 40 && $13 == "REGRESSION"')" -eq 1 ]
		[ "$(rows '$2 ~ /^delay/ && $13 == "UNGATED"')" -eq 1 ]
	done
}

@test "real speed: neither half of one kernel's boots is called against the other" {
	stretches
	for side in clean slower; do
		# In turns, as pairs are booted: the load of the machine rose meanwhile.
		boots $side a 1 4 5 8 9 12 13 16 17 20 21 24 25
		boots $side b 2 3 6 7 10 11 14 15 18 19 22 23 26
		run "$BATS_TEST_DIRNAME/../compare.sh" --all --save "$v" a b
		echo "$output"
		[ "$(rows '$13 ~ /REGRESSION|IMPROVEMENT/ || $15 ~ /false alarm/')" -eq 0 ]
		[ "$(rows '$2 ~ /^kmalloc/ && $13 ~ /INCONCLUSIVE|EQUIVALENT/')" -eq 1 ]
	done
}
