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

@test "vector: every op has one, results stay the same, and 4M are cleared in seconds" {
	cd "$BATS_TEST_DIRNAME/.."
	t=$BATS_TEST_TMPDIR
	set -- --append init_on_alloc=0 -- "allocs=kmalloc,kzalloc sizes=64,4M samples=20 warmup=4 budget_ms=60000" "allocs=kfree_rcu sizes=64 samples=50"
	timeout 300 ./vm.sh --vector --out "$t/counted" "$@"
	timeout 300 ./vm.sh --out "$t/plain" "$@"
	for n in 01 02; do
		sed '/^meta /d; /^vector /d' "$t/counted/boot-1/result-$n.txt" >"$t/counted-$n"
		sed '/^meta /d' "$t/plain/boot-1/result-$n.txt" | diff - "$t/counted-$n"
		[ "$(grep -c '^vector ' "$t/counted/boot-1/result-$n.txt")" -eq "$(grep -c '^op .* n=[1-9]' "$t/counted-$n")" ]
	done
	# alloc size op metric: the median
	awk -f results.awk -v table=vector "$t"/counted/boot-1/result-*.txt | cut -f 3,4,10,12,15 >"$t/medians"
	cat "$t/medians"
	grep -q -x -P 'kmalloc\t64\talloc\tlocked\t0' "$t/medians"
	awk '$1 == "kzalloc" && $2 == 4194304 && $3 == "alloc" { x[$4] = $5 }
		END { exit !(x["bytes"] >= 4194304 && x["lines"] >= 65536 && x["written"] >= 65536 && x["stores"] < 65536) }' "$t/medians"
	awk '$1 == "kfree_rcu" && $3 == "free" && $4 == "locked" { n++; ok += $5 >= 1 } END { exit !(n == 1 && ok == 1) }' "$t/medians"
}
