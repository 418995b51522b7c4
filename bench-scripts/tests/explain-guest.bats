#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# explain.sh on a booted stock kernel.

@test "every instruction of kmalloc and vmalloc is accounted for, and no count changes" {
	cd "$BATS_TEST_DIRNAME/.."
	out=$BATS_TEST_TMPDIR/out
	run ./explain.sh --check --append init_on_alloc=0 --out "$out" -- "allocs=kmalloc,vmalloc sizes=64,16K samples=200" \
		"allocs=kmalloc sizes=64 touch=line timing=op samples=50"
	echo "$output"
	[ "$status" -eq 0 ]
	[[ "$output" == *"counts with and without the plugin are equal"* ]]
	# An op is printed only when n, sum, min and max agree with the result.
	[ "$(grep -c '^==' "$out/explain.txt")" -eq "$(cat "$out"/kernel/boot-1/result-*.txt | grep -c '^op .* n=[1-9]')" ]
	grep -A4 '^== kmalloc 64 pair: free' "$out/explain.txt" | grep -q '^100 % of samples (200): '
	grep -q '  kfree$' "$out/explain.txt"
	[ "$(find "$out/flame" -name '*.svg' | wc -l)" -eq "$(grep -c '^==' "$out/explain.txt")" ]
}
