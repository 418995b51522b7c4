#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# shellcheck disable=SC2030,SC2031 # each test runs its own commands
# Questions to the cells of a verdict table: --filter, which chooses what is shown, and the tolerances of a suite, which
# decide what passes. Answers are worked out by hand.

load compare.bash

setup() {
	cd "$BATS_TEST_TMPDIR" || return 1
	scripts=$BATS_TEST_DIRNAME/..
	compare=$scripts/compare.sh
	{
		printf 'kallocbench-verdict 1\nrun\tlane\tinsn\nrun\tunit\tinsn\nrun\tbase\tB\nrun\tnew\tN\nrun\toverall\tFAIL\nrun\texit\t1\nrun\tsentence\tFAIL: planted.\nrun\tcommand\tnone\n'
		a_row 'kmalloc 64 pair' free mode 77 89 12 15.5844 REGRESSION -
		a_row 'kmalloc 4K churn GFP_KERNEL|__GFP_ACCOUNT depth=1000' free mode 100 105 5 5.0000 REGRESSION -
		a_row 'vmalloc 64K pair GFP_ATOMIC softirq' alloc mode 900 945 45 5.0001 REGRESSION -
		a_row 'kmem_cache 64 batch' alloc min - - - 0 INCONCLUSIVE 'no samples in new'
		a_row 'kvmalloc 1K pair' alloc mode 200 100 -100 -50.0000 IMPROVEMENT -
		a_row 'kmalloc 2K pair' alloc min 50 50 0 0 EQUIVALENT -
		printf 'rare\tkmalloc 64 pair\tfree\tnew\t3\t100\t500\nrare\tvmalloc 64K pair\talloc\tnew\t3\t100\t500\nend\t6\n'
	} >table.tsv
}

# a_row LABEL OP FIGURE BASE NEW DIFF PERCENT VERDICT REMARK
a_row() {
	printf 'row\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t2\t-\t-\t-\t%s\t-\t%s\n' "$@"
}

# holds FILTER NUMBER...: for these rows of the table, and no other.
holds() {
	local filter=$1
	shift
	"$compare" --verdict table.tsv --format json --filter "$filter" >got.json || [ $? -eq 1 ]
	/usr/bin/python3 -c 'import json; [print(r["cell"]) for r in json.load(open("got.json"))["rows"]]' >got
	for n; do grep '^row' table.tsv | sed -n "${n}p" | cut -f 2; done >want
	diff want got || { echo "of $filter"; false; }
}

@test "each column, each sign" {
	holds 'change>5' 1 3
	holds 'change>=5%' 1 2 3
	holds 'change<-49.9' 5
	holds 'change=5%' 2
	holds 'change!=5' 1 3 5 6
	holds 'size<=1K' 1 4 5
	holds 'size=4096' 2
	holds 'size>2048' 2 3
	holds 'op=free' 1 2
	holds 'op!=free' 3 4 5 6
	holds 'figure==min' 4 6
	holds 'alloc~^k.*alloc$' 1 2 5 6
	holds 'alloc!~^k' 3
	holds 'pattern=pair' 1 3 5 6
	holds 'context=softirq' 3
	holds 'context=process' 1 2 4 5 6
	holds 'flags=GFP_KERNEL' 1 4 5 6
	holds 'flags="GFP_KERNEL|__GFP_ACCOUNT"' 2
	holds 'words~depth=1000' 2
	holds "cell='kmalloc 64 pair'" 1
	holds 'verdict=REGRESSION' 1 2 3
	holds 'base>100' 3 5
	holds 'diff<0' 5
	holds 'new<=89' 1 6
	holds 'tolerance>1' 1 2 3 4 5 6
	holds 'remark~samples' 4
}

@test "what is missing is neither more nor less nor anything else than a number" {
	holds 'base>0 || base<=0 || base!=1' 1 2 3 5 6
	holds '!(change>0)' 4 5 6
	holds 'p=0'
	holds 'need!=0'
}

@test "and binds more than or, not more than and, parentheses more than all" {
	holds 'op=free || alloc=vmalloc && change>6' 1 2
	holds '(op=free || alloc=vmalloc) && change>6' 1
	holds '!op=free && size=64' 4
	holds '!(op=free && size=64)' 2 3 4 5 6
	holds '!!op=free' 1 2
	holds 'op=free&&size=64||op=alloc&&size=1K' 1 5
	holds ' ( ( op = free ) ) ' 1 2
	holds 'size=64 && op=free || size=4K && op=free || size=64K' 1 2 3
}

# refuses TEXT FILTER
refuses() {
	run "$compare" --verdict table.tsv --filter "$2"
	echo "$output"
	[ "$status" -eq 2 ]
	[[ "${lines[0]}" == "compare.sh: --filter: "*"$1"* ]]
	[ "${#lines[@]}" -eq 2 ]
}

@test "what is wrong is named, with what would be right" {
	refuses "no column 'chance', but cell alloc size pattern flags context words op figure base new diff change" 'op=free && chance>5%'
	refuses "no column 'depth'" 'depth=1000'
	refuses "'many' is not a number, as change is" 'change>many'
	refuses "'4Q' is not a number, as size is" 'size=4Q'
	refuses "'op>free': op is a word, and has = != ~ and !~ only" 'op>free'
	refuses "no verdict 'FAILED', but REGRESSION INCONCLUSIVE IMPROVEMENT EQUIVALENT UNGATED" 'verdict=FAILED'
	refuses "nothing behind op, where" 'op'
	refuses "'op' behind size, where" 'size op=free'
	refuses 'no value behind op=' 'op='
	refuses 'no value behind op=' "op='free"
	refuses "a ( without its )" '(op=free'
	refuses "')' stands where && or || is due" 'op=free)'
	refuses "'|kvmalloc' stands where && or || is due" 'alloc=kmalloc|kvmalloc'
	refuses "a column is due at the end" 'op=free &&'
}

@test "what is shown is filtered, and neither what is saved nor the exit code" {
	run "$compare" --verdict table.tsv --save v --filter 'verdict=IMPROVEMENT'
	echo "$output"
	[ "$status" -eq 1 ]
	[[ "$output" == *"kvmalloc 1K"* && "$output" == *"5 figures not shown (--filter)"* && "$output" == *"FAIL: planted."* ]]
	[[ "$output" != *REGRESSION* && "$output" != *"new path"* ]]
	cmp table.tsv v/verdict.tsv
	grep -q REGRESSION v/verdict.md
	run "$compare" --verdict table.tsv --filter 'size=64 && op=free' --format text
	[ "$(grep -c 'new path' <<<"$output")" -eq 1 ]
	# An empty table was not judged; one of which nothing is shown was.
	for format in ktap junit; do
		run "$compare" --verdict table.tsv --format "$format" --filter 'size=8'
		[ "$status" -eq 1 ]
		[[ "$output" != *"could be judged"* ]]
	done
	run "$compare" --verdict table.tsv --format markdown --filter 'size=8'
	[[ "$output" == *"6 figures not shown (--filter)."* ]]
}

@test "ci.sh refuses a filter before it boots" {
	run "$scripts/ci.sh" --base 6.12 --new 6.12 --filter 'chance>1'
	echo "$output"
	[ "$status" -eq 2 ]
	[[ "${lines[0]}" == "ci.sh: --filter: no column 'chance', but "* ]]
}

# dearer: every figure by 10 of 100.
dearer() {
	insn_side a base $'kmalloc 64\nalloc 100:1000\nfree 100:1000\nvmalloc 4096 pattern=churn\nalloc 100:1000'
	insn_side b new $'kmalloc 64\nalloc 110:1000\nfree 110:1000\nvmalloc 4096 pattern=churn\nalloc 110:1000'
}

# judged STATUS VERDICTS [LINE...]: by a suite of these lines; verdicts of the modes in the order of dearer.
judged() {
	local status_wanted=$1 verdicts=$2
	shift 2
	printf '%s\n' 'append quiet' allocs=kmalloc "$@" >suite
	run "$compare" --suite ./suite --save v a b
	echo "$output"
	[ "$status" -eq "$status_wanted" ]
	[ "$(row 'kmalloc 64 pair' alloc mode 13) $(row 'kmalloc 64 pair' free mode 13) $(row 'vmalloc 4K churn' alloc mode 13)" = "$verdicts" ]
}

@test "a suite's tolerance: what it covers passes, what it does not fails, in the instruction lane" {
	dearer
	judged 1 'REGRESSION REGRESSION REGRESSION'
	judged 0 'EQUIVALENT EQUIVALENT EQUIVALENT' 'tolerance 10% alloc~.'
	judged 1 'REGRESSION REGRESSION REGRESSION' 'tolerance 9% alloc~.'
	judged 0 'EQUIVALENT EQUIVALENT EQUIVALENT' 'tolerance 10 alloc~.'
	judged 1 'REGRESSION REGRESSION REGRESSION' 'tolerance 9.9 alloc~.'
	judged 1 'REGRESSION REGRESSION EQUIVALENT' 'tolerance 10% alloc=vmalloc && size=4K && pattern=churn'
	judged 1 'EQUIVALENT REGRESSION REGRESSION' 'tolerance 10% op=alloc && pattern=pair'
	# The last line that holds.
	judged 1 'REGRESSION REGRESSION EQUIVALENT' 'tolerance 10% alloc~.' 'tolerance 1% alloc=kmalloc'
	judged 0 'EQUIVALENT EQUIVALENT EQUIVALENT' 'tolerance 1% alloc~.' 'tolerance 10% alloc~.'
	[[ "$output" == *"note: the suite says: tolerance 10% alloc~."* ]]
	[ "$(row 'kmalloc 64 pair' free mode 9)" = 10 ]
	# In place of --threshold, up and down.
	printf '%s\n' 'tolerance 1% alloc=kmalloc' >suite
	run "$compare" --threshold 10% --suite ./suite --save v a b
	[ "$status" -eq 1 ]
	[ "$(row 'vmalloc 4K churn' - mode 13)" = EQUIVALENT ]
	[ "$(row 'kmalloc 64 pair' free mode 13)" = REGRESSION ]
}

@test "a suite's tolerance in the time lane: with as many pairs, 10 % is called or not" {
	time_side a base 100 101 99 100 102 98 100 101
	time_side b new 110 111 109 110 112 108 110 111
	time_side aa base 100 101 99 100 102 98 100 101
	for line in 'tolerance 5% alloc=kmalloc:1:REGRESSION' 'tolerance 15% alloc=kmalloc:0:EQUIVALENT' 'tolerance 15% alloc=vmalloc:1:REGRESSION'; do
		echo "${line%%:*}" >suite
		code=0
		"$compare" --suite ./suite --aa aa --save v a b || code=$?
		[ "$code:$(row - alloc p50 13)" = "${line#*:}" ]
	done
	[ "$(row - alloc p50 9)" = 2.0000 ]
}

@test "a suite's tolerance that is wrong is refused with its line, by ci.sh before it boots" {
	dearer
	for case in 'tolerance much alloc=kmalloc|is neither a number of instructions' 'tolerance 5% allok=kmalloc|no column '"'allok'" \
		'tolerance 5% change>1|no column '"'change', but cell alloc size pattern flags context words op figure" 'tolerance 5%|a column is due'; do
		printf '%s\n' allocs=kmalloc "${case%%|*}" >suite
		for command in "$compare a b" "$scripts/ci.sh --base 6.12 --new 6.12"; do
			# shellcheck disable=SC2086 # words
			run $command --suite ./suite
			echo "$output"
			[ "$status" -eq 2 ]
			[[ "$output" == *"./suite: tolerance "*"${case#*|}"* ]]
		done
	done
	printf '%s\n' allocs=kmalloc 'tolerance 5 alloc=kmalloc' >suite
	run "$scripts/ci.sh" --lane time --base 6.12 --new 6.12 --suite ./suite
	[ "$status" -eq 2 ]
	[[ "$output" == *"the time lane has shares only: 5%, not 5"* ]]
	# No line of a plan.
	run "$scripts/vm.sh" -n --kernel 6.12 -- ./suite
	[ "$status" -eq 0 ]
}
