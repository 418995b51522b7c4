#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# The verdict as people read it, and what two compilers of the module do to it.

load compare.bash

setup() {
	cd "$BATS_TEST_TMPDIR" || return 1
	compare=$BATS_TEST_DIRNAME/../compare.sh
	usual=$'kmalloc 64\nalloc 117:990 4500-4530:10\nfree 78:1000'
}

@test "the table is at most 72 columns, largest change first" {
	insn_side a base $'kmalloc 64\nalloc 100:1000\nvmalloc 4194304\nalloc 580000-583000:1000\nkvmalloc 1048576\nalloc 500:1000'
	insn_side b new $'kmalloc 64\nalloc 110:1000\nvmalloc 4194304\nalloc 980000-983000:1000\nkvmalloc 1048576\nalloc 510:1000'
	run "$compare" a b
	echo "$output"
	[ "$status" -eq 1 ]
	[ "$(grep -v ^Reproduce <<<"$output" | awk 'length > 72' | wc -l)" -eq 0 ]
	[[ "$output" == *"REGRESSION: 3 figures worse"* ]]
	[ "$(awk '$1 == "pair" { printf "%s ", $2 }' <<<"$output")" = "vmalloc kmalloc kvmalloc " ]
	[[ "${lines[-1]}" == "Reproduce: "*compare.sh* ]]
}

# cells ALLOCATOR PATTERN ALLOC FREE SIZE...: a cell for each size, of these two costs.
cells() {
	local size
	for size in "${@:5}"; do
		printf '%s %s pattern=%s\nalloc %s:1000\nfree %s:1000\n' "$1" "$size" "$2" "$3" "$4"
	done
}

# both_sides: pair's frees dearer by 12, churn's by far cheaper, with one size in pair that costs as before.
both_sides() {
	insn_side a base "$(cells kmalloc pair 116 77 8 64 && cells kmalloc pair 117 78 1024 4096 && cells kmalloc churn 258 211 64 4096)
$(cells vmalloc pair 2500 1464 4096)"
	insn_side b new "$(cells kmalloc pair 114 89 8 && cells kmalloc pair 114 77 64 && cells kmalloc pair 115 90 1024 4096)
$(cells kmalloc churn 114 89 64 4096 && cells vmalloc pair 2500 1464 4096)"
}

@test "one change at several sizes is one line that says pattern and sizes, worse before better" {
	both_sides
	run "$compare" --save v a b
	echo "$output"
	[ "$status" -eq 1 ]
	sed -n '/^REGRESSION/,/minima/p' <<<"$output" | tr -s ' ' >got
	diff got - <<-'END'
		REGRESSION: 3 figures worse
		pair kmalloc 8,1K-4K free 77-78 89-90 +12 +15.6% 0
		IMPROVEMENT: 8 figures better
		churn kmalloc 64-4K free 211 89 -122 -57.8% 0
		churn kmalloc 64-4K alloc 258 114 -144 -55.8% 0
		pair kmalloc 8-4K alloc 116-117 114-115 -2 -1.7% 0
		14 minima have the verdict of their median (--all)
	END
	[[ "$(tr -s '[:space:]' ' ' <<<"$output")" == *"FAIL: 3 figures of 14 worse (pair 3), 8 better (pair 4, churn 4), 0 could"* ]]
	grep -qxF '| REGRESSION | pair | kmalloc 8,1K-4K | free mode | 77-78 | 89-90 | +12, +15.58% | - |' v/verdict.md
	# A machine has a row for each figure, by a name of its own.
	[ "$(grep -c '^not ok .* kmalloc [0-9]*K* pair free m' v/verdict.ktap.txt)" -eq 6 ]
	# Each row alone, as it was judged.
	run "$compare" --all a b
	[ "$(grep -c '^pair   kmalloc\|^churn\|^pair   vmalloc' <<<"$output")" -eq 28 ]
}

@test "what all cells of a pattern have in common is said once, and what differs with its cell" {
	both_sides
	"$compare" --save v a b || [ $? -eq 1 ]
	sed 's/ churn	/ churn depth=1000	/; s/kmalloc 64 pair	/kmalloc 64 pair GFP_ATOMIC	/' v/verdict.tsv >words.tsv
	run "$compare" --verdict words.tsv
	echo "$output"
	[[ "$output" == *$'\nchurn: depth=1000\n'* ]]
	grep -q '^churn  kmalloc 64-4K  *free ' <<<"$output"
	grep -q '^pair   kmalloc 64 GFP_ATOMIC$' <<<"$output"
	[ "$(grep -v ^Reproduce <<<"$output" | awk 'length > 72' | wc -l)" -eq 0 ]
}

@test "one change in several patterns is one line, and in all of them it says so" {
	insn_side a base "$(cells alloc_pages pair 550 283 4096 && cells alloc_pages churn 550 283 4096 && cells alloc_pages batch 550 290 4096)"
	insn_side b new "$(cells alloc_pages pair 628 326 4096 && cells alloc_pages churn 628 326 4096 && cells alloc_pages batch 628 333 4096)"
	run "$compare" --save v a b
	echo "$output"
	sed -n '/^REGRESSION/,/minima/p' <<<"$output" | tr -s ' ' >got
	diff got - <<-'END'
		REGRESSION: 6 figures worse
		pair,churn alloc_pages 4K
		 free 283 326 +43 +15.2% 0
		all alloc_pages 4K alloc 550 628 +78 +14.2% 0
		batch alloc_pages 4K free 290 333 +43 +14.8% 0
		6 minima have the verdict of their median (--all)
	END
	grep -qF '| REGRESSION | all | alloc_pages 4K | alloc mode | 550 | 628 | +78, +14.18% | - |' v/verdict.md
}

@test "the names of the patterns are the module's" {
	"$BATS_TEST_DIRNAME/../tools/readme-tables.sh" patterns | tr -d '`' | awk -F '[| ]+' '{ print $2 }' >module
	[ -s module ]
	sed -n 's/.*label_patterns = " \(.*\) "/\1/p' "$BATS_TEST_DIRNAME/../export/label.awk" | tr ' ' '\n' | diff module -
}

# compiled NAME COMPILER CELLS: one boot of a kernel whose module that compiler built.
compiled() {
	result "$1.txt" "$(common "$1" | sed "s/module_cc=[^ ]*/module_cc=$2/")" -v allocs=null,control,kmalloc,vmalloc <<<"$3"
}

# own CONTROL-ALLOC CONTROL-FREE: the cells that call no allocator.
own() {
	printf 'null 64\nalloc 0:1000\nfree 0:1000\ncontrol 64\nalloc %s:1000\nfree %s:1000\n' "$1" "$2"
}

@test "two compilers: what the module's own code changes by is said, and no change within it is judged" {
	compiled a gcc-12.2 "$(own 40 40)"$'\nkmalloc 64\nalloc 117:1000\nfree 78:1000\nvmalloc 4096\nalloc 2400:1000\nfree 1400:1000'
	compiled b gcc-14.2 "$(own 43 39)"$'\nkmalloc 64\nalloc 120:1000\nfree 78:1000\nvmalloc 4096\nalloc 2404:1000\nfree 1399:1000'
	run "$compare" a.txt b.txt
	[ "$status" -eq 2 ]
	[[ "$output" == *"different compiler of the module: gcc-12.2 in"*"; --across-compilers compares them all the same" ]]
	run "$compare" --across-compilers --threshold 0 --save v a.txt b.txt
	echo "$output"
	[ "$status" -eq 1 ]
	grep -qx "the module's own: null alloc +0 free +0, control alloc +3 free -1" <<<"$output"
	grep -qx $'note\tdifferent compiler of the module: gcc-12.2 in base, gcc-14.2 in new' v/verdict.tsv
	[ "$(row 'kmalloc 64 pair' alloc mode 13)" = UNGATED ]
	[ "$(row 'kmalloc 64 pair' free mode 13)" = UNGATED ]
	[ "$(row 'vmalloc 4K pair' free mode 13)" = UNGATED ]
	[ "$(row 'vmalloc 4K pair' alloc mode 13)" = REGRESSION ]
	[ "$(row 'vmalloc 4K pair' alloc mode 9)" = 3 ]
	[ "$(row 'control 64 pair' alloc mode 13)" = UNGATED ]
	[[ "$output" == *"not judged: the module's own code changed by as much (--all)"* ]]
	[[ "$(tail -n 3 <<<"$output" | tr -s '[:space:]' ' ')" == *"FAIL: 1 figure of 8 worse, 0 better, 0 could not be judged, 7 within what the module's own code changed by."* ]]
}

@test "two compilers that make the same of the module's own code: judged as ever" {
	compiled a gcc-12.2 "$(own 40 40)"$'\nkmalloc 64\nalloc 117:1000'
	compiled b gcc-14.2 "$(own 40 40)"$'\nkmalloc 64\nalloc 118:1000'
	run "$compare" --across-compilers --threshold 0 --save v a.txt b.txt
	echo "$output"
	[ "$status" -eq 1 ]
	[ "$(row 'kmalloc 64 pair' alloc mode 13)" = REGRESSION ]
	# Another kernel may be built with other flags by the same compiler: its module's own code counts as little.
	compiled b gcc-12.2 "$(own 41 40)"$'\nkmalloc 64\nalloc 118:1000'
	run "$compare" --threshold 0 --save v a.txt b.txt
	echo "$output"
	[ "$status" -eq 3 ]
	[ "$(row 'kmalloc 64 pair' alloc mode 13)" = UNGATED ]
	[[ "$(tr -s '[:space:]' ' ' <<<"$output")" == *"ERROR: nothing could be compared, 5 within what the module's own code changed by."* ]]
}

@test "two compilers without the cells that show what they change are refused" {
	result a.txt "$(common base)" <<<"$usual"
	result b.txt "$(common new | sed 's/module_cc=[^ ]*/module_cc=clang-14/')" <<<"$usual"
	run "$compare" --across-compilers a.txt b.txt
	echo "$output"
	[ "$status" -eq 2 ]
	[[ "$output" == *"different compilers, and no cell of the allocator control"* ]]
}
