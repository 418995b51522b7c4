#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# answer.awk and points.awk: the sentence must be right. Made-up results with a
# known crossover, with none, with two, with ties, noise and missing cells.

setup() {
	cd "$BATS_TEST_DIRNAME/.." || return 1
	result=$BATS_TEST_TMPDIR/result.txt
}

points() {
	awk -f results.awk -v table=meta,clock,cells,ops,hists "$@" |
		awk -f lib/kind.awk -f lib/points.awk -v table=about,points,hists
}

# answer: of points on stdin.
answer() {
	awk -f draw/units.awk -f draw/heads.awk -f draw/costs.awk | awk -f draw/units.awk -f draw/heads.awk -f draw/tables.awk -f draw/answer.awk -f tests/data/sentences.awk
}

# terminal RESULT...: what report.sh prints.
terminal() {
	./report.sh -o "$BATS_TEST_TMPDIR/terminal.html" "$@"
}

sentence() {
	points "$result" | answer | sed -n "s/^$1	//p"
}

# sample ARGUMENT...: a made-up result with no spread unless asked for.
sample() {
	tests/sample --noise 0 "$@" >"$result"
}

@test "no crossover: kmalloc cheaper throughout" {
	sample
	[ "$(sentence crossover)" = "kmalloc is cheaper than vmalloc at every size measured, 8 B to 4 MiB." ]
	[ "$(sentence cheapest)" = "$(sentence crossover)" ]
	[ "$(sentence avoid)" = "Avoid vmalloc: it costs 22 times as much as kmalloc at 4 KiB (4,197 against 192 instructions), 1.5 to 23 times over all sizes." ]
	[ "$(sentence use)" = "Use kmalloc." ]
}

@test "no crossover: vmalloc cheaper throughout" {
	sample --model kmalloc=5000,1,0,0,0
	[ "$(sentence crossover)" = "vmalloc is cheaper than kmalloc at every size measured, 8 B to 4 MiB." ]
}

@test "the cheapest of several, the one to avoid, and what to do" {
	sample --sizes 40960 --allocs kmalloc,kvmalloc,kmem_cache --model kmem_cache=90,0,0,0,0
	[ "$(sentence cheapest)" = "kmem_cache is the cheapest at the one size measured, 40 KiB." ]
	[ "$(sentence avoid)" = "Avoid kvmalloc: it costs 21 times as much as kmem_cache at 40 KiB (2,981 against 144 instructions)." ]
	[ "$(sentence use)" = "Use kmem_cache where many objects have one size, else kmalloc." ]
	# One that is the cheapest throughout wins, whoever costs the same in between; what clears its memory is no rival.
	sample --allocs kmalloc,kzalloc,kvmalloc,vmalloc
	[ "$(sentence cheapest)" = "kmalloc is the cheapest at every size measured, 8 B to 4 MiB." ]
	[ "$(sentence use)" = "Use kmalloc; kvmalloc where that may fail for want of contiguous memory." ]
	[ "$(sentence apart)" = "Not compared here, because it clears the memory or serves another purpose: kzalloc." ]
	sample --sizes 64 --allocs kzalloc,vzalloc
	[ "$(sentence use)" = "Use vzalloc where it need not be physically contiguous, else kzalloc." ]
	sample --sizes 64,128 --allocs kmalloc,kmem_cache,alloc_pages
	[ "$(sentence cheapest)" = "kmalloc, kmem_cache and alloc_pages are the cheapest (the same within 2.5 %) at every size measured, 64 B to 128 B." ]
	[ -z "$(sentence avoid)" ]
}

@test "one crossover" {
	sample --model kmalloc=100,0.1,0,0,0 --model vmalloc=2500,0.01,0,0,0
	[ "$(sentence crossover)" = "kmalloc is cheaper up to 16 KiB, and vmalloc is cheaper from 32 KiB on (measured from 8 B to 4 MiB)." ]
	[ "$(sentence avoid)" = "Avoid vmalloc up to 16 KiB: it costs up to 25 times as much as kmalloc at 8 B (4,000 against 161 instructions). Avoid kmalloc from 32 KiB on: it costs up to 9.4 times as much as vmalloc at 4 MiB (671,248 against 71,109 instructions)." ]
	[ "$(sentence use)" = "Use kmalloc up to 16 KiB; vmalloc from 32 KiB on, where it need not be physically contiguous." ]
}

@test "two crossovers" {
	sample --model kmalloc=100,0,8192,20000,0 --model vmalloc=2500,0.5,0,0,0
	[ "$(sentence crossover)" = "kmalloc is cheaper up to 8 KiB, vmalloc is cheaper from 16 KiB to 32 KiB, and kmalloc is cheaper from 64 KiB on (measured from 8 B to 4 MiB)." ]
}

@test "a tie in the middle is named, and a tie throughout" {
	sample --sizes 4096,8192,16384,32768,65536 \
		--model kmalloc=1000,1,0,0,0 --model vmalloc=17400,0,0,0,0
	[ "$(sentence crossover)" = "kmalloc is cheaper up to 8 KiB, they cost the same (within 2.5 %) at 16 KiB, and vmalloc is cheaper from 32 KiB on (measured from 4 KiB to 64 KiB)." ]
	sample --model kmalloc=1000,1,0,0,0 --model vmalloc=1001,1,0,0,0
	[ "$(sentence crossover)" = "kmalloc and vmalloc cost the same (within 2.5 %) at every size measured, 8 B to 4 MiB." ]
}

@test "noise in the time lane makes no crossover" {
	tests/sample --lane time --noise 0.3 --seed 5 --model kmalloc=1000,1,0,0,0 \
		--model vmalloc=1000,1,0,0,0 >"$result"
	[ "$(sentence crossover)" = "kmalloc and vmalloc cost the same (within 7 %) at every size measured, 8 B to 4 MiB." ]
}

@test "times under emulation carry a caution, instructions do not" {
	tests/sample --lane time | sed 's/accel=none/accel=tcg/' >"$result"
	[ "$(sentence caution)" = "Times under emulation (accel=tcg) say nothing about hardware." ]
	sample
	[ -z "$(sentence caution)" ]
}

@test "winners that alternate are called no clear order" {
	sample --sizes 8,16,32,64,128,256 --model vmalloc=120,0,0,0,0
	sed -i '/alloc=vmalloc size=\(16\|64\|256\)/,/^cell\|^end/ {
		s/op=alloc n=1000 sum=120000 min=120 p50=120 p90=120 p99=120 p999=- max=120/op=alloc n=1000 sum=60000 min=60 p50=60 p90=60 p99=60 p999=- max=60/
		s/120-120/60-60/ }
		/alloc=vmalloc size=\(8\|32\|128\) /,/^cell\|^end/ {
		s/op=alloc n=1000 sum=120000 min=120 p50=120 p90=120 p99=120 p999=- max=120/op=alloc n=1000 sum=150000 min=150 p50=150 p90=150 p99=150 p999=- max=150/
		s/120-120/150-150/ }
		s/wall=[0-9]*/wall=999999/' "$result"
	[ "$(sentence crossover)" = "No clear order from 8 B to 256 B: the cheapest changes 5 times." ]
}

@test "one size that stands out gives the ties after it to nobody else" {
	sample --sizes 8,16,32,64,128 --allocs kmalloc,kvmalloc,vmalloc --model kmalloc=100,0,0,0,0 --model kvmalloc=110,0,0,0,0
	# At 64 B both cost the same.
	sed -i '/alloc=kvmalloc size=64 /,/^cell/ s/110-110/100-100/
		/alloc=kvmalloc size=64 /,/^cell/ s/op=alloc n=1000 .*/op=alloc n=1000 sum=100000 min=100 p50=100 p90=100 p99=100 p999=- max=100 under=0/
		/alloc=kmalloc size=32 /,/^cell/ s/100-100/300-300/
		/alloc=kmalloc size=32 /,/^cell/ s/op=alloc n=1000 .*/op=alloc n=1000 sum=300000 min=300 p50=300 p90=300 p99=300 p999=- max=300 under=0/
		s/wall=[0-9]*/wall=99999999/' "$result"
	[ "$(sentence cheapest)" = "kmalloc is the cheapest at every size measured, 8 B to 128 B, but at 32 B, where kvmalloc is." ]
	[ "$(sentence use)" = "Use kmalloc up to 16 B; kvmalloc at 32 B, where it need not be physically contiguous; kmalloc from 64 B on." ]
}

@test "missing cells are named with their reason" {
	sample --sizes 4096,4194304,8388608
	[ "$(sentence crossover)" = "kmalloc is cheaper than vmalloc at every size measured, 4 KiB to 4 MiB." ]
	[ "$(sentence missing)" = "Not compared: kmalloc at 8 MiB (skipped: size is above the maximum 4194304)." ]
}

@test "too few samples for a median is a gap, not a number" {
	sample --sizes 4096,8192 --samples 19
	[ "$(sentence crossover)" = "kmalloc and vmalloc were measured at no common size." ]
	[ -z "$(sentence avoid)$(sentence use)" ]
}

@test "one allocator alone, one size alone, nothing at all" {
	sample --allocs vmalloc
	[ -z "$(sentence crossover)" ]
	sample --sizes 4096
	[ "$(sentence crossover)" = "kmalloc is cheaper than vmalloc at the one size measured, 4 KiB." ]
	printf 'kallocbench 1\nmeta kernel=x\nend cells=0 state=idle\n' >"$result"
	[ "$(sentence cheapest)" = "Nothing was measured." ]
}

@test "kvmalloc, flags, patterns, first touch, tail" {
	sample --allocs kmalloc,kvmalloc,vmalloc --sizes 64,4096 --flags GFP_KERNEL,GFP_ATOMIC --patterns pair,churn
	[ "$(sentence kvmalloc)" = "kvmalloc costs 1.20 times as much as kmalloc." ]
	[ "$(sentence flags)" = "Flags against GFP_KERNEL: the same (within 2.5 %): kmalloc with GFP_ATOMIC, kvmalloc with GFP_ATOMIC, vmalloc with GFP_ATOMIC." ]
	[[ "$(sentence patterns)" == "Patterns against pair: kmalloc with churn costs 1.20 times as much;"* ]]
	[ "$(sentence tail)" = "No long tail: p99 is the median (within 2.5 %) wherever it was measured." ]
	tests/sample --sizes 64,4096 --noise 0.3 >"$result"
	# the largest ratio of p99 to median, by other means
	expected=$(awk '$1 == "op" { for (i = 2; i <= NF; i++) { split($i, w, "="); v[w[1]] = w[2] }
			if (v["p99"] / v["p50"] > best) { best = v["p99"] / v["p50"]; at = sprintf("%.1f times the median", best) } }
		END { print at }' "$result")
	[[ "$(sentence tail)" == "Longest tail: "*", where p99 is $expected ("* ]]
	sample --allocs kmalloc,vmalloc --sizes 64,4096 --flags GFP_ATOMIC
	sed 's/context=process/context=softirq/; s/contexts=process/contexts=softirq/' "$result" >"$result.2"
	sample --allocs kmalloc,vmalloc --sizes 64,4096,8192
	[ "$(points "$result" "$result.2" "$result.2" | answer | grep -c ^contexts)" = 0 ]
	sed 's/softirq/process/g' "$result.2" >"$result.3"
	[ "$(points "$result" "$result.2" "$result.3" | answer | sed -n 's/^contexts	//p')" = \
		"Contexts against process: the same (within 2.5 %): kmalloc with softirq and GFP_ATOMIC, vmalloc with softirq and GFP_ATOMIC." ]
	# a touch that the clock limits says nothing of the call
	sample --allocs kmalloc,vmalloc --sizes 4096 --touch
	sed -i 's/overhead_p50=[0-9]*/overhead_p50=20/' "$result"
	points "$result" | grep -q 'touch.*yes'
	[[ "$(sentence avoid)" == "Avoid vmalloc: it costs 22 times as much as kmalloc at 4 KiB "* ]]
	[[ "$(sentence avoid)" != *clock-limited* ]]
	sample --touch --lane time --model kmalloc=100,0.1,0,0,0 --model vmalloc=2500,0.01,0,0,0
	[[ "$(sentence touch)" == "With the first write to the memory counted in: kmalloc is cheaper up to 16 KiB"* ]]
}

@test "a line that passes 1 within the tolerance is no crossover" {
	# 991 against 1000, then 1010: the same within 2.5 %
	sample --sizes 64,1024 --model kmalloc=1000,0,0,0,0 --model vmalloc=990,0.02,0,0,0
	[[ "$(sentence crossover)" == "kmalloc and vmalloc cost the same (within 2.5 %) at"* ]]
	[ -z "$(sentence crossings)" ]
	# the tie at 1 KiB, 1000 against 1000, wins nothing: the line goes from 64 to 16384
	sample --sizes 64,1024,16384 --model kmalloc=1000,0,0,0,0 --model vmalloc=400,0.5859375,0,0,0
	[ "$(sentence crossings)" = "$(awk 'BEGIN {
			x = log((400 + int(64 * 0.5859375)) / 1000); y = log((400 + 16384 * 0.5859375) / 1000)
			printf "%.0f", exp(log(64) - log(256) * x / (y - x)) }')" ]
}

@test "a call for many objects is not dearer for that" {
	sample --sizes 64 --allocs kmem_cache,kmem_cache_bulk --model kmem_cache=91,0,0,0,0 --model kmem_cache_bulk=535,0,0,0,0
	sed -i '/^op cell=1 /s/$/ objects=16/' "$result"
	points "$result" | awk -F '\t' '$1 == "points" && $2 == "kmem_cache_bulk" { print $9, $10 }' >"$result.calls"
	grep -qx 'alloc 16' "$result.calls"
	terminal "$result" >"$result.said"
	cost=$(awk '/^ *64 / { print $3 / $2 }' "$result.said")
	awk -v ratio="$cost" 'BEGIN { exit !(ratio > 0.2 && ratio < 0.5) }'
	grep -qx 'kmem_cache_bulk: per object; a call is for 16.' "$result.said"
}

@test "a batch says nothing of a first write" {
	sample --sizes 64,4096
	sed -i 's/timing=op/timing=batch/; s/op=alloc/op=pair/; /op=free/d' "$result"
	points "$result" | answer >"$result.said"
	grep -q ^avoid "$result.said"
	run grep ^touch "$result.said"
	[ "$status" -eq 1 ]
}

@test "the same means as close as the boots are, where they differ by more" {
	for boot in 1 2; do
		sample --lane time --sizes 64 --model kmalloc=$((85 + boot * 15)),0,0,0,0 --model vmalloc=$((105 + boot * 15)),0,0,0,0
		mkdir -p "$BATS_TEST_TMPDIR/boot-$boot"
		sed "2i meta boot=$boot" "$result" >"$BATS_TEST_TMPDIR/boot-$boot/result-01.txt"
	done
	[ "$(points "$BATS_TEST_TMPDIR"/boot-*/result-01.txt | answer | sed -n "s/^crossover	//p")" = "kmalloc and vmalloc cost the same (within what the boots differ by) at the one size measured, 64 B." ]
	# 20 % apart at either end, and so are the boots
	for boot in 1 2; do
		sample --lane time --sizes 64,1024 --model kmalloc=$((850 + boot * 150)),0,0,0,0 --model vmalloc=$((700 + boot * 150)),0.29,0,0,0
		sed "2i meta boot=$boot" "$result" >"$BATS_TEST_TMPDIR/boot-$boot/result-01.txt"
	done
	points "$BATS_TEST_TMPDIR"/boot-*/result-01.txt >"$result.points"
	[ "$(answer <"$result.points" | grep -c '^crossings\|^crossover.*cost the same')" = 1 ]
}

@test "changing one number changes the sentence" {
	sample --sizes 4096
	before=$(sentence avoid)
	sed -i 's/120-120:1000/130-130:1000/; s/n=1000 sum=120000 min=120 p50=120 p90=120 p99=120 p999=- max=120/n=1000 sum=130000 min=130 p50=130 p90=130 p99=130 p999=- max=130/; s/wall=[0-9]*/wall=99999999/' "$result"
	after=$(sentence avoid)
	[ "$before" = "Avoid vmalloc: it costs 22 times as much as kmalloc at 4 KiB (4,197 against 192 instructions)." ]
	[ "$after" = "Avoid vmalloc: it costs 21 times as much as kmalloc at 4 KiB (4,197 against 202 instructions)." ]
}

@test "the table for the terminal: 72 columns, clock-limited rows and gaps marked" {
	sample --allocs null,kmalloc,kzalloc,kvmalloc,vmalloc --sizes 64,8388608 --model kmalloc=9,0,0,0,0
	output=$(terminal "$result")
	echo "$output"
	mapfile -t lines <<<"$output"
	[[ "$output" == *" 14* "* ]]
	[[ "$output" == *"* clock-limited"* ]]
	[[ "$output" == *"- no median"* ]]
	for line in "${lines[@]}"; do
		[ "${#line}" -le 72 ]
	done
}

@test "rounds and boots are merged by adding counts" {
	tests/sample --sizes 64 --allocs kmalloc --noise 0.3 --rounds 3 >"$result"
	tests/sample --sizes 64 --allocs kmalloc --noise 0.3 --seed 2 >"$result.2"
	run bash -c "awk -f results.awk -v table=meta,clock,cells,ops,hists '$result' '$result.2' |
		awk -f lib/kind.awk -f lib/points.awk -v table=points,hists"
	# the expected value comes from the bucket lines themselves, by other means
	expected=$(sed -n 's/^hist cell=[0-9]* op=alloc //p' "$result" "$result.2" |
		tr ' ' '\n' | tr ':-' '  ' | sort -n |
		awk '{ n[$2] += $3; v[NR] = $2; c[NR] = $3; total += $3 }
			END { for (i = 1; i <= NR; i++) { seen += c[i]; if (seen >= total / 2) { print total, v[i]; exit } } }')
	[ "$(echo "$output" | awk -F '\t' '$9 == "alloc" && $1 == "points" { print $11, $18; exit }')" = "$expected" ]
	[ "$(echo "$output" | awk -F '\t' '$9 == "alloc" && $1 == "points" { print $25; exit }')" = 2 ]
	[ "$(echo "$output" | awk -F '\t' '$9 == "alloc" && $1 == "hists" { print $11 }' | tr ' :' '\n ' | awk '{ s += $2 } END { print s }')" = 4000 ]
}

@test "files of one boot are one boot, whatever their number" {
	mkdir -p "$BATS_TEST_TMPDIR/boot-1" "$BATS_TEST_TMPDIR/boot-2"
	for file in boot-1/result-01 boot-1/result-02 boot-2/result-01; do
		tests/sample --sizes 64 --allocs kmalloc --noise 0.3 --seed "${#file}${file##*-0}" >"$BATS_TEST_TMPDIR/$file.txt"
		sed -i "1a meta boot=${file%/*}" "$BATS_TEST_TMPDIR/$file.txt"
	done
	run points "$BATS_TEST_TMPDIR"/boot-1/result-0?.txt
	[ "$(echo "$output" | awk -F '\t' '$9 == "alloc" && $1 == "points" { print $11, $25, $26 == $27; exit }')" = "2000 1 1" ]
	run points "$BATS_TEST_TMPDIR"/boot-?/result-0?.txt
	[ "$(echo "$output" | awk -F '\t' '$9 == "alloc" && $1 == "points" { print $11, $25; exit }')" = "3000 2" ]
}

@test "what the kernel is configured with that spoils the numbers is said with them, each once" {
	sample
	sed -i '1a warning text=slab\\040debugging\\040takes\\040the\\040fast\\040paths\\040away\nwarning text=two' "$result"
	[ "$(sentence warning)" = "Warning: slab debugging takes the fast paths away; two." ]
	sed 's/^end .*/&/; s/text=two/text=three/' "$result" >"$result.2"
	[ "$(points "$result" "$result.2" | grep -c '^about	warning	')" = 3 ]
	output=$(terminal "$result" | tr '\n' ' ')
	[[ "$output" == *"Warning: slab debugging takes the fast paths away; two. kmalloc is cheaper"* ]]
	sed -i '/^warning /d' "$result"
	[ -z "$(sentence warning)" ]
	sed -i '1a warning words=slab' "$result"
	run points "$result"
	[[ "$output" == *"$result:2: warning: text= is missing"* ]]
}

# charged 0|1: whether what was asked to be accounted was charged.
charged() {
	sed "s/^cell .*__GFP_ACCOUNT .*/& charged=$1/" "$result"
}

@test "whom __GFP_ACCOUNT charged is said; one that charged nobody is not merged with one that did" {
	sample --sizes 64 --flags 'GFP_KERNEL,GFP_KERNEL|__GFP_ACCOUNT'
	charged 0 >"$result.root"
	charged 1 >"$result.child"
	sample --sizes 64
	cp "$result" "$result.plain"
	cp "$result.root" "$result"
	[[ "$(sentence flags)" == *"kmalloc with GFP_KERNEL|__GFP_ACCOUNT (charged to nobody)"* ]]
	cp "$result.child" "$result"
	[[ "$(sentence flags)" == *"kmalloc with GFP_KERNEL|__GFP_ACCOUNT (charged to a memory cgroup)"* ]]
	run bash -c "awk -f results.awk -v table=meta,clock,cells,ops,hists '$result.plain' '$result.root' '$result.child' | awk -f lib/kind.awk -f lib/points.awk"
	[ "$status" -eq 2 ]
	[[ "$output" == *"not of one kind: charged is 0 in $result.root, 1 in $result.child"* ]]
	# What does not say it has nothing accounted, and goes with either.
	[ "$(points "$result.plain" "$result.child" | grep '^about	charged	')" = "about	charged	1" ]
	awk '/__GFP_ACCOUNT .*charged=1/ && !n++ { sub("charged=1", "charged=0") } 1' "$result.child" >"$result"
	[ "$(points "$result" | grep -c '^about	charged	')" = 1 ]
	sed -i 's/charged=1/charged=2/' "$result"
	run points "$result"
	[[ "$output" == *"charged=2 is neither 0 nor 1"* ]]
}

@test "results of two lanes or kernels are not mixed" {
	sample --sizes 64
	tests/sample --sizes 64 --lane time >"$result.2"
	run bash -c "awk -f results.awk -v table=meta,clock,cells,ops,hists '$result' '$result.2' | awk -f lib/kind.awk -f lib/points.awk"
	[ "$status" -eq 2 ]
	[[ "$output" == *"lane is insn in $result, time in $result.2"* ]]
}

@test "a table of points.awk that does not exist is wrong use" {
	sample --sizes 64
	run bash -c "awk -f results.awk -v table=meta,clock,cells,ops,hists '$result' | awk -f lib/kind.awk -f lib/points.awk -v table=about,nonsense"
	[ "$status" -eq 2 ]
	[ "$output" = "points.awk: no table is called 'nonsense'; tables: about points hists" ]
}

@test "a size is written alike by the terminal, the verdicts and the report" {
	sizes='1 8 96 1000 1024 1025 1536 65536 1048576 1572864 1073741824 1099511627776 1125899906842624'
	# shellcheck disable=SC2016 # a program
	program='BEGIN { n = split(sizes, size, " "); for (i = 1; i <= n; i++) print short_size(size[i]) }'
	echo "$program" >"$BATS_TEST_TMPDIR/sizes.awk"
	[ "$(awk -v sizes="$sizes" -f draw/units.awk -f "$BATS_TEST_TMPDIR/sizes.awk" </dev/null | tr '\n' ' ')" = \
		"1 8 96 1000 1K 1025 1536 64K 1M 1536K 1G 1T 1024T " ]
	# nobody has another one
	run grep -rlE 'function (short_size|long_size|cell_label|times|same_cost|grouped)\(' --include='*.awk' .
	[ "$output" = ./draw/units.awk ]
}

@test "the rule of the same is one: no sentence says more of two costs than the table" {
	# two boots in time, kmalloc 200 and 220, vmalloc 220 in both
	for boot in 1 2; do
		sample --lane time --sizes 4096 --model kmalloc=$((180 + boot * 20)),0,0,0,0 --model vmalloc=220,0,0,0,0
		mkdir -p "$BATS_TEST_TMPDIR/boot-$boot"
		sed "2i meta boot=$boot" "$result" >"$BATS_TEST_TMPDIR/boot-$boot/result-01.txt"
	done
	points "$BATS_TEST_TMPDIR"/boot-*/result-01.txt | answer >"$result.said"
	cat "$result.said"
	grep -qxF 'crossover	kmalloc and vmalloc cost the same (within what the boots differ by) at the one size measured, 4 KiB.' "$result.said"
	run grep '^avoid' "$result.said"
	[ "$status" -eq 1 ]
	grep -qxF 'use	Use kmalloc.' "$result.said"
	terminal "$BATS_TEST_TMPDIR"/boot-*/result-01.txt >"$result.table"
	grep -qx ' *4K  *320[ ±0-9]*  *352[ ±0-9]*  *~' "$result.table"
	grep -qxF 'ratio: vmalloc/kmalloc; ~: the same.' "$result.table"
	# kmalloc 20 + 12, with GFP_ATOMIC 21 + 13: two instructions
	sample --sizes 64 --allocs kmalloc --flags GFP_KERNEL,GFP_ATOMIC --model kmalloc=20,0,0,0,0
	sed -i '/^op cell=1 /s/=20/=21/g; /^hist cell=1 /s/20-20/21-21/; /^op cell=1 op=free/s/=12/=13/g; /^hist cell=1 op=free/s/12-12/13-13/
		s/sum=21000/sum=21000/; /^op cell=1 op=free/s/sum=13000/sum=13000/' "$result"
	[ "$(sentence flags)" = "Flags against GFP_KERNEL: the same (within 2 instructions): kmalloc with GFP_ATOMIC." ]
	points "$result" | awk -f draw/units.awk -f draw/heads.awk -f draw/costs.awk |
		awk -F '\t' '$1 == "costs" && $2 == "slice" { for (i = 2; i <= NF; i++) col[$i] = i } $1 == "costs" && $2 ~ /ATOMIC/ && $5 == "cost" {
			print $col["cost"], $col["usual"], $col["times"] }' >"$result.said"
	[ "$(cat "$result.said")" = "34 32 ~" ]
}

@test "one allocator alone: what it costs" {
	sample --sizes 4096,65536 --allocs kmalloc --model kmalloc=100,0,0,0,0
	[ "$(sentence alone)" = "kmalloc costs 160 instructions at 4 KiB, 160 instructions at 64 KiB." ]
	run points "$result"
	[[ "$(answer <<<"$output")" != *"Nothing was measured"* ]]
}

@test "a size that only a reference has is no row of the table" {
	sample --sizes 4096 --allocs kmalloc
	tests/sample --noise 0 --sizes 64 --allocs null >"$result.2"
	terminal "$result" "$result.2" >"$result.said"
	grep -q '^ *4K ' "$result.said"
	run grep '^ *64 ' "$result.said"
	[ "$status" -eq 1 ]
}

@test "names of allocators are not cut in the table" {
	sample --sizes 64 --allocs kmalloc,kmem_cache_ctor,kmem_cache_bulk
	terminal "$result" >"$result.said"
	grep -qx 'size  kmalloc  kmem_cache_ctor  kmem_cache_bulk' "$result.said"
	awk 'length($0) > 72 { exit 1 }' "$result.said"
}

@test "all awks give the same answer" {
	tests/sample --allocs kmalloc,kvmalloc,vmalloc --touch --noise 0.2 >"$result"
	expected=$(sentence '.*')
	for awk in mawk gawk 'busybox awk' original-awk; do
		$awk -f results.awk -v table=meta,clock,cells,ops,hists "$result" |
			$awk -f lib/kind.awk -f lib/points.awk -v table=about,points,hists >"$result.points"
		$awk -f draw/units.awk -f draw/heads.awk -f draw/costs.awk "$result.points" >"$result.costs"
		[ "$($awk -f draw/units.awk -f draw/heads.awk -f draw/tables.awk -f draw/answer.awk -f tests/data/sentences.awk "$result.costs" |
			sed 's/^[a-z]*	//')" = "$expected" ]
	done
}
