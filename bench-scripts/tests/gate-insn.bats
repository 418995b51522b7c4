#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# The instruction lane's gate on made-up sides: what must fail, what must not,
# and what must be called undecided.

load compare.bash

setup() {
	cd "$BATS_TEST_TMPDIR" || return 1
	compare=$BATS_TEST_DIRNAME/../compare.sh
	usual=$'kmalloc 64\nalloc 117:990 4500-4530:10\nfree 78:1000'
}

# unjudged WORDS: a against b cannot be judged, and this is said.
unjudged() {
	run "$compare" a b
	echo "$output"
	[ "$status" -eq 3 ]
	[[ "$(tr -s '[:space:]' ' ' <<<"$output")" == *"$1"* ]]
}

# same_sides: one kernel, module and command line on both; five phases.
same_sides() {
	local side
	for side in a b; do
		insn_side $side base "$usual"
		phase $side 4 base "$usual"
		phase $side 5 base "${usual/117/119}"
	done
}

# single NAME ALLOC [META]: one boot of a kernel.
single() {
	result "$1.txt" "$(common "$1") command=vm.sh\\\\040--kernel\\\\0406.12-$1${3-}" <<<"${usual/117/$2}"
}

# settles COMMAND: it is named as what would settle a against b.
settles() {
	run "$compare" --format json a.txt b.txt
	[ "$status" -eq 3 ]
	jq -r '.notes[]' <<<"$output" | grep '^to settle it' >settle
	cat settle
	[ "$(cat settle)" = "to settle it: $1" ]
}

@test "equal sides pass" {
	insn_side a base "$usual"
	insn_side b new "$usual"
	run "$compare" --save v a b
	echo "$output"
	[ "$status" -eq 0 ]
	[ "$(row 'kmalloc 64 pair' alloc mode 13)" = EQUIVALENT ]
	[[ "$output" == *"PASS: none of 2 figures is worse,"* ]]
}

@test "one instruction more on one path fails, and only there" {
	insn_side a base "$usual"
	insn_side b new "${usual/117/118}"
	run "$compare" --save v a b
	echo "$output"
	[ "$status" -eq 1 ]
	[ "$(row 'kmalloc 64 pair' alloc mode 13)" = REGRESSION ]
	[ "$(row 'kmalloc 64 pair' alloc mode 7)" = 1 ]
	[ "$(row 'kmalloc 64 pair' free mode 13)" = EQUIVALENT ]
}

@test "one instruction less is an improvement and passes" {
	insn_side a base "$usual"
	insn_side b new "${usual/117/116}"
	run "$compare" --save v a b
	[ "$status" -eq 0 ]
	[ "$(row 'kmalloc 64 pair' alloc mode 13)" = IMPROVEMENT ]
}

@test "twice what moves between the phases of one side is its tolerance" {
	insn_side a base "$usual"
	phase a 2 base "${usual/117/119}"
	insn_side b new "${usual/117/121}"
	run "$compare" --save v a b
	echo "$output"
	[ "$status" -eq 0 ]
	[ "$(row 'kmalloc 64 pair' alloc mode 9)" = 4 ]
	insn_side c new "${usual/117/122}"
	run "$compare" --save v a c
	[ "$status" -eq 1 ]
	[ "$(row 'kmalloc 64 pair' alloc mode 13)" = REGRESSION ]
}

# drawn SIDE NAME MODE...: five phases of one cell, a round for each mode.
drawn() {
	local side=$1 name=$2 k round cell=''
	shift 2
	for round in "$@"; do
		cell+="vmalloc 4096 round=$((k++))"$'\n'"alloc $round:1000"$'\n'
	done
	insn_side "$side" "$name" "$cell"
	phase "$side" 4 "$name" "$cell"
	phase "$side" 5 "$name" "$cell"
}

@test "the usual cost is the median over rounds, and rounds show how far it moves" {
	drawn a base 2300 2500 2400 2350 2450
	drawn b new 2500 2450 2300 2450 2500
	run "$compare" --save v a b
	echo "$output"
	[ "$status" -eq 0 ]
	[ "$(row 'vmalloc 4K pair' alloc mode 5)" = 2400 ]
	[ "$(row 'vmalloc 4K pair' alloc mode 6)" = 2450 ]
	# The tenth below and above says nothing.
	[ "$(row 'vmalloc 4K pair' alloc mode 9)" = 200 ]
	drawn b new 2601 2650 2610 2601 2601
	run "$compare" a b
	[ "$status" -eq 1 ]
	[[ "$output" != *"on one round a boot"* ]]
	insn_side c base $'vmalloc 64\nalloc 2300:1000'
	phase c 2 base $'vmalloc 64\nalloc 2310:1000'
	insn_side d new $'vmalloc 64\nalloc 2600:1000'
	run "$compare" c d
	[ "$status" -eq 1 ]
	[[ "$(tr -s '[:space:]' ' ' <<<"$output")" == *"2 figures that move by themselves were called on one round a boot: rounds=5"* ]]
}

@test "a side that lies wholly above the other has no excuse in moving itself" {
	insn_side a base "$usual"
	insn_side b new "$usual"
	phase b 1 new "${usual/117/300}"
	cp b/phase-1/boot-1/result-01.txt b/phase-1/boot-2/
	phase b 2 new "${usual/117/500}"
	phase b 3 new "${usual/117/900}"
	run "$compare" --save v a b
	echo "$output"
	[ "$status" -eq 1 ]
	[ "$(row 'kmalloc 64 pair' alloc mode 13)" = REGRESSION ]
	[ "$(row 'kmalloc 64 pair' alloc min 13)" = REGRESSION ]
	run "$compare" --save v b a
	[ "$status" -eq 0 ]
	[ "$(row 'kmalloc 64 pair' alloc min 13)" = IMPROVEMENT ]
	# One phase among the other's: still no boot moves a call that far.
	phase b 3 new "$usual"
	run "$compare" --save v a b
	[ "$status" -eq 1 ]
	# Up to a quarter it may be the boot.
	phase b 1 new "${usual/117/127}"
	cp b/phase-1/boot-1/result-01.txt b/phase-1/boot-2/
	phase b 2 new "${usual/117/127}"
	run "$compare" --save v a b
	[ "$status" -eq 0 ]
	[ "$(row 'kmalloc 64 pair' alloc mode 9)" = 20 ]
}

@test "calls that fail on one side only never pass" {
	insn_side a base "$usual"
	insn_side b new $'kmalloc 64 fail=3\nalloc 117:990 4500-4530:10\nfree 78:1000'
	run "$compare" a b
	echo "$output"
	[ "$status" -eq 3 ]
	[[ "$output" == *"9 allocations failed in new, 0 in base"* ]]
	run "$compare" b a
	[ "$status" -eq 0 ]
}

@test "a rising minimum fails although the mode stands" {
	insn_side a base $'kmalloc 64\nalloc 100:20 117:980'
	insn_side b new $'kmalloc 64\nalloc 110:20 117:980'
	run "$compare" --save v a b
	[ "$status" -eq 1 ]
	[ "$(row 'kmalloc 64 pair' alloc mode 13)" = EQUIVALENT ]
	[ "$(row 'kmalloc 64 pair' alloc min 13)" = REGRESSION ]
}

@test "means and high percentiles are never gated" {
	insn_side a base $'kmalloc 64\nalloc 117:980 5000-5031:20'
	insn_side b new $'kmalloc 64\nalloc 117:900 5000-5031:100'
	run "$compare" a b
	[ "$status" -eq 0 ]
}

@test "--threshold loosens, by instructions and by percent" {
	insn_side a base "$usual"
	insn_side b new "${usual/117/120}"
	run "$compare" --threshold 3 a b
	[ "$status" -eq 0 ]
	run "$compare" --threshold 2 a b
	[ "$status" -eq 1 ]
	run "$compare" --threshold 2.6% a b
	[ "$status" -eq 0 ]
	run "$compare" --threshold 2.5% a b
	[ "$status" -eq 1 ]
	run "$compare" --threshold 1e9 a b
	[ "$status" -eq 2 ]
}

@test "neighbouring wide buckets are not told apart, further ones are" {
	insn_side a base $'vmalloc 4096\nalloc 8192-8255:1000'
	insn_side b new $'vmalloc 4096\nalloc 8256-8319:1000'
	run "$compare" --save v --threshold 0 a b
	[ "$(row 'vmalloc 4K pair' alloc mode 13)" = EQUIVALENT ]
	insn_side c new $'vmalloc 4096\nalloc 8320-8383:1000'
	run "$compare" --save v a c
	[ "$status" -eq 1 ]
	[ "$(row 'vmalloc 4K pair' alloc mode 13)" = REGRESSION ]
}

@test "equal boots that differ are an error, never a failure" {
	insn_side a base "$usual"
	insn_side b new "${usual/117/125}"
	result b/phase-1/boot-2/result-01.txt "$(common new)" <<<"${usual/117/126}"
	run "$compare" a b
	echo "$output"
	[ "$status" -eq 3 ]
	[[ "$output" == *nondeterministic*boot-1*boot-2* ]]
}

@test "a boot that was not good is an error" {
	insn_side a base "$usual"
	insn_side b new "$usual"
	echo "hung after 900 s" >b/phase-2/boot-1/verdict
	run "$compare" a b
	[ "$status" -eq 3 ]
	[[ "$(tr -s '[:space:]' ' ' <<<"$output")" == *"b/phase-2/boot-1 was not good: hung after 900 s"* ]]
	# A boot that failed leaves no result, and no trace but its verdict.
	rm b/phase-2/boot-1/result*
	run "$compare" a b
	[ "$status" -eq 3 ]
	[[ "$(tr -s '[:space:]' ' ' <<<"$output")" == *"b/phase-2/boot-1 was not good: hung after 900 s"* ]]
}

@test "identical image, module and command line: no regression can be called, unless --blind" {
	insn_side a base "$usual"
	insn_side b base "${usual/117/118}"
	run "$compare" --save v a b
	[ "$status" -eq 3 ]
	run "$compare" --blind a b
	[ "$status" -eq 1 ]
}

@test "too few phases leave a rise undecided; equality is equality" {
	result a.txt "$(common base)" <<<"$usual"
	result b.txt "$(common new)" <<<"${usual/117/118}"
	run "$compare" a.txt b.txt
	[ "$status" -eq 3 ]
	[[ "$output" == *"could not be judged: "* ]]
	run "$compare" --threshold 1 a.txt b.txt
	[ "$status" -eq 0 ]
	run "$compare" a.txt a.txt
	[ "$status" -eq 0 ]
}

@test "a new rare path is told with count and cost, not gated" {
	insn_side a base $'kmalloc 64\nalloc 117:1000'
	insn_side b new $'kmalloc 64\nalloc 117:990 20000-20100:10'
	run "$compare" --save v a b
	[ "$status" -eq 0 ]
	[ "$(grep ^rare v/verdict.tsv)" = $'rare\tkmalloc 64 pair\talloc\tnew\t30\t3000\t20100' ]
	[[ "$output" == *"new path (not gated): kmalloc 64 pair alloc: 30 of 3000"* ]]
	run "$compare" b a
	[[ "$output" == *"vanished path"* ]]
}

@test "a new path is told however many calls take it, and wherever its phases lie" {
	insn_side a base $'kmalloc 64\nalloc 117:1000'
	insn_side b new $'kmalloc 64\nalloc 117:600 5000-5030:400'
	run "$compare" --save v a b
	[ "$status" -eq 0 ]
	[ "$(grep ^rare v/verdict.tsv)" = $'rare\tkmalloc 64 pair\talloc\tnew\t1200\t3000\t5030' ]
	phase b 2 new $'kmalloc 64\nalloc 117:600 5100-5130:400'
	run "$compare" --save v a b
	[ "$(grep ^rare v/verdict.tsv)" = $'rare\tkmalloc 64 pair\talloc\tnew\t1200\t3000\t5063' ]
}

@test "a path that only some phases took is not called new" {
	insn_side a base $'kmalloc 64\nalloc 117:1000'
	insn_side b new $'kmalloc 64\nalloc 117:1000'
	phase b 2 new $'kmalloc 64\nalloc 117:990 20000-20100:10'
	run "$compare" a b
	[ "$status" -eq 0 ]
	[[ "$output" != *" path (not gated)"* ]]
}

@test "a cell that only one side could run never passes" {
	insn_side a base "$usual"
	insn_side b new $'kmalloc 64 state=skipped'
	run "$compare" a b
	echo "$output"
	[ "$status" -eq 3 ]
	[[ "$output" == *"skipped: because"* ]]
	insn_side c base $'kmalloc 64 state=skipped'
	run "$compare" c b
	[ "$status" -eq 3 ]
	[[ "$output" == *"nothing could be compared"* ]]
}

@test "a cell that came to no sample on either side never passes" {
	insn_side a base $'kmalloc 128\nalloc 117:1000\nkmalloc 64 state=short'
	insn_side b new $'kmalloc 128\nalloc 117:1000\nkmalloc 64 state=short'
	run "$compare" a b
	echo "$output"
	[ "$status" -eq 3 ]
	[[ "$output" == *"no sample: because"* ]]
}

@test "every round is a draw" {
	insn_side a base $'kmalloc 64\nalloc 117:600 130:400\nkmalloc 64 round=1\nalloc 117:100 130:900'
	insn_side b new $'kmalloc 64\nalloc 117:300 130:700\nkmalloc 64 round=1\nalloc 117:400 130:600'
	run "$compare" --save v a b
	[ "$status" -eq 0 ]
	[ "$(row 'kmalloc 64 pair' alloc mode 5)" = 117 ]
	[ "$(row 'kmalloc 64 pair' alloc mode 6)" = 130 ]
	[ "$(row 'kmalloc 64 pair' alloc mode 9)" = 13 ]
}

@test "every awk gives the same verdict" {
	insn_side a base "$usual"
	insn_side b new "${usual/117/118}"
	mkdir bin
	for awk in mawk gawk original-awk; do
		ln -sf "$(command -v "$awk")" bin/awk
		for format in text markdown json ktap junit benchmark-action bmf openmetrics lava kcidb; do
			PATH=$PWD/bin:$PATH "$compare" --command x --format "$format" a b >"of.$format.$awk" || [ $? -eq 1 ]
			"$compare" --command x --format "$format" a b >"of.$format" || [ $? -eq 1 ]
			diff "of.$format" "of.$format.$awk"
		done
	done
}

@test "a branch that half of the calls take is told, though no median moves" {
	insn_side a base $'kmalloc 64\nalloc 76:1000'
	insn_side b new $'kmalloc 64\nalloc 76:510 96:490'
	run "$compare" a b
	echo "$output"
	[ "$status" -eq 0 ]
	[[ "$output" == *"new path (not gated): kmalloc 64 pair alloc: 1470 of 3000 samples"* ]]
	run "$compare" b a
	[[ "$output" == *"vanished path (not gated): kmalloc 64 pair alloc: 1470 of 3000"* ]]
}

@test "a path that moved is one path, neither vanished nor new" {
	insn_side a base $'kmalloc 64\nalloc 117:510 127:490'
	insn_side b new $'kmalloc 64\nalloc 117:510 146:490'
	run "$compare" --save v a b
	[ "$(grep ^rare v/verdict.tsv)" = $'rare\tkmalloc 64 pair\talloc\tmoved (+19)\t1470\t3000\t146' ]
	# one that so few calls take that it cannot be the same
	insn_side b new $'kmalloc 64\nalloc 117:930 146:70'
	run "$compare" --save v a b
	[ "$(grep -c ^rare v/verdict.tsv)" = 2 ]
}

@test "evidence that one side lacks never passes" {
	insn_side a base "$usual"
	insn_side b new "$usual"
	# An operation of some phases.
	phase b 2 new $'kmalloc 64\nalloc 117:990 4500-4530:10'
	unjudged "no samples in 1 of 3 phases of new"
	# A cell skipped in a phase of each.
	phase b 2 new 'kmalloc 64 state=skipped'
	phase a 2 base 'kmalloc 64 state=skipped'
	unjudged "base skipped: because"
	# One that failed before it was skipped is none that both sides cannot run.
	insn_side a base $'kmalloc 128\nalloc 117:1000\nkmalloc 64 state=failed\nkmalloc 64 state=skipped round=1'
	insn_side b new $'kmalloc 128\nalloc 117:1000\nkmalloc 64 state=failed\nkmalloc 64 state=skipped round=1'
	run "$compare" a b
	echo "$output"
	[ "$status" -eq 3 ]
	# A good boot that left nothing.
	insn_side a base "$usual"
	insn_side b new "$usual"
	rm b/phase-3/boot-1/result-01.txt
	unjudged "b/phase-3/boot-1 was not good: it left no result"
	# Its budget in new only.
	insn_side b new $'kmalloc 64 state=short\nalloc 117:990 4500-4530:10\nfree 78:1000'
	unjudged "short in new only: because"
}

@test "twins: both, with as many results, on either side" {
	insn_side a base "$usual"
	insn_side b new "$usual"
	rm -r b/phase-1/boot-2
	run "$compare" a b
	[ "$status" -eq 0 ]
	[[ "$(tr -s '[:space:]' ' ' <<<"$output")" == *"new: no phase was booted twice"* ]]
	insn_side b new "$usual"
	cp b/phase-1/boot-1/result-01.txt b/phase-1/boot-1/result-02.txt
	unjudged "not of as many results"
	rm -r b/phase-1/boot-1
	unjudged "not of as many results"
}

@test "the same kernel on both sides, equal results: nothing was compared, in every format" {
	same_sides
	run "$compare" --save v a b
	echo "$output"
	[ "$status" -eq 0 ]
	[[ "$output" == *"SAME: nothing was compared: kernel image, module and command line"* ]]
	[[ "$output" == *"2 figures of the same kernel: nothing was compared (--all)"* ]]
	[ "$(row - - - 13 | sort -u)" = UNGATED ]
	[[ "$(row - - - 15 | sort -u)" == "nothing was compared"* ]]
	for file in v/verdict.{md,json,ktap.txt,xml,openmetrics.txt,lava.txt}; do
		grep -E 'PASS|EQUIVALENT' "$file" && return 1
	done
	grep -q 'nothing was compared' v/verdict.md
	[ "$(jq -r .verdict v/verdict.json)" = SAME ]
	grep -q '^ok 1 .* # SKIP nothing was compared' v/verdict.ktap.txt
	grep -q '<skipped message="nothing was compared' v/verdict.xml
	grep -qx 'kallocbench_judged 0' v/verdict.openmetrics.txt
	grep -q 'TEST_CASE_ID=kallocbench-verdict RESULT=skip' v/verdict.lava.txt
	# What new costs is known all the same.
	jq -e 'length == 4 and .[0].value > 70' v/verdict.benchmark-action.json
	run "$compare" a a
	[ "$status" -eq 0 ]
	[[ "$output" == *"SAME: nothing was compared"* ]]
}

@test "the same kernel on both sides, one file changed by 100 instructions: nondeterministic, exit 3" {
	same_sides
	insn_boot b/phase-3/boot-1 base "${usual/117/217}"
	run "$compare" --save v a b
	echo "$output"
	[ "$status" -eq 3 ]
	[[ "$(tr -s '[:space:]' ' ' <<<"$output")" == *"error: nondeterministic: the same image, module and settings on both sides, but ./b/phase-3/boot-1/result-01.txt differs from ./a/"* ]]
	grep -rE 'PASS|EQUIVALENT' v && return 1
	grep -q '^not ok .* the run could be judged' v/verdict.ktap.txt
	grep -q '<error type="unjudged" message="ERROR: nondeterministic' v/verdict.xml
	[ "$(jq -r '.verdict, .exit' v/verdict.json | tr '\n' ' ')" = "ERROR 3 " ]
	# Alone, and in every phase: no tolerance turns a difference of equal boots into none.
	run "$compare" --save v a/phase-1/boot-1/result-01.txt b/phase-3/boot-1/result-01.txt
	echo "$output"
	[ "$status" -eq 3 ]
	grep -q '^not ok 1 kmalloc 64 pair alloc m' v/verdict.ktap.txt
	insn_side b base "${usual/117/217}"
	run "$compare" --save v a b
	[ "$status" -eq 3 ]
	[ "$(row 'kmalloc 64 pair' alloc mode 13)" = INCONCLUSIVE ]
	[ "$(row 'kmalloc 64 pair' free mode 13)" = UNGATED ]
	run "$compare" --blind a b
	[ "$status" -eq 1 ]
}

@test "a path that differs in one sample is nondeterminism, too, though no figure moves" {
	same_sides
	insn_boot b/phase-3/boot-1 base "${usual/4500-4530:10/4500-4530:9 4600-4630:1}"
	run "$compare" a b
	[ "$status" -eq 3 ]
	[[ "$output" == *"nondeterministic: the same image"* ]]
}

@test "the same kernel under other settings shows no change of it" {
	same_sides
	sed -i 's/^meta /meta mem=768M /' b/phase-*/boot-*/result-01.txt
	run "$compare" --save v a b
	echo "$output"
	[ "$status" -eq 0 ]
	[[ "$output" == *"SAME: nothing was compared"*"no figure differs by more than boots do."* ]]
	insn_side b base "${usual/117/217}"
	phase b 4 base "${usual/117/217}"
	phase b 5 base "${usual/117/217}"
	sed -i 's/^meta /meta mem=768M /' b/phase-*/boot-*/result-01.txt
	run "$compare" --save v a b
	echo "$output"
	[ "$status" -eq 3 ]
	[ "$(row 'kmalloc 64 pair' alloc mode 13)" = INCONCLUSIVE ]
	[[ "$(row 'kmalloc 64 pair' alloc mode 15)" == *"settings of the boot move it" ]]
}

@test "one boot a side: beyond a quarter it is a change" {
	local usual=$'kmalloc 64\nalloc 117:1000\nfree 78:1000'
	single a 117
	single b 14625
	run "$compare" --save v a.txt b.txt
	echo "$output"
	[ "$status" -eq 1 ]
	[ "$(row 'kmalloc 64 pair' alloc mode 13)" = REGRESSION ]
	[ "$(row 'kmalloc 64 pair' alloc mode 9)" = 29.25 ]
	[ "$(row 'kmalloc 64 pair' free mode 13)" = EQUIVALENT ]
	run "$compare" --save v b.txt a.txt
	[ "$status" -eq 0 ]
	[ "$(row 'kmalloc 64 pair' alloc mode 13)" = IMPROVEMENT ]
	single b 147
	run "$compare" a.txt b.txt
	[ "$status" -eq 1 ]
	single b 146
	run "$compare" --save v a.txt b.txt
	[ "$status" -eq 3 ]
	[ "$(row 'kmalloc 64 pair' alloc mode 13)" = INCONCLUSIVE ]
	[ "$(row 'kmalloc 64 pair' alloc mode 9)" = - ]
	# A quarter of the lower side, whichever that is.
	run "$compare" b.txt a.txt
	[ "$status" -eq 3 ]
}

@test "one boot a side: within a quarter the reason, and the command that would settle it" {
	single a 117 '\\040--append\\040init_on_alloc=0\\040--mem\\0402G\\040--\\040quick'
	single b 120 '\\040--append\\040init_on_alloc=0\\040--mem\\0402G\\040--\\040quick'
	run "$compare" --save v a.txt b.txt
	echo "$output"
	[ "$status" -eq 3 ]
	[ "$(row 'kmalloc 64 pair' alloc mode 15)" = "up to 25% may be the boot: needs 3 phases of one side" ]
	[[ "$(tr -s '[:space:]' ' ' <<<"$output")" == *"could not be judged: up to 25% may be the boot: needs 3 phases of one side; ci.sh measures as many"* ]]
	settles 'bench-scripts/ci.sh --base 6.12-a --new 6.12-b --suite quick --append init_on_alloc=0 --mem 2048'
	single a 117 "\\\\040--\\\\040'allocs=kmalloc\\\\040sizes=64'"
	single b 120 "\\\\040--kdir\\\\040/k\\\\040--append\\\\040'a\\\\040b'\\\\040--\\\\040'allocs=kmalloc\\\\040sizes=64'"
	settles "bench-scripts/ci.sh --base 6.12-a --new 6.12-b --new-kdir /k --suite 'allocs=kmalloc sizes=64' --new-append 'a b'"
	# Several lines, or nothing said of them: what the results themselves say.
	single a 117 && single b 120
	settles "printf '%s\\n' 'allocs=kmalloc sizes=64 timing=op touch=none' >plan && bench-scripts/ci.sh --base 6.12-a --new 6.12-b --suite ./plan"
	sed -i 's/ command=[^ ]*//' a.txt b.txt
	settles "printf '%s\\n' 'allocs=kmalloc sizes=64 timing=op touch=none' >plan && bench-scripts/ci.sh --base 6.12-a --new 6.12-b --suite ./plan"
}
