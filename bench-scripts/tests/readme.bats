#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# shellcheck disable=SC2016 # backquotes of Markdown
# README.md says what is there: its tables are those of the sources, its
# examples run and print what they print there, its paths and options exist.

setup() {
	cd "$BATS_TEST_DIRNAME/../.." || return 1
	t=$BATS_TEST_TMPDIR
	reference=results/reference
}

# table MARK: the rows of a table of README.md, without its head.
table() {
	awk -v mark="<!-- table: $1 -->" '
		$0 == mark { inside = 1; next }
		inside && !/^\|/ { exit }
		inside && ++n > 2 { print }' README.md
}

# same_table NAME
same_table() {
	bench-scripts/tests/readme-tables.sh "$1" >"$t/source"
	table "$1" >"$t/readme"
	[ -s "$t/source" ]
	diff "$t/source" "$t/readme"
}

# blocks LANGUAGE: each fenced block of that language as a file $t/block-N.
blocks() {
	awk -v head="\`\`\`$1" -v dir="$t" '
		$0 == head { file = sprintf("%s/block-%02d", dir, ++n); printf "" >file; next }
		/^```/ { if (file) close(file); file = "" }
		file { print >file }' README.md
}

# shell_lines: the indented code, continued lines in one.
shell_lines() {
	awk '
		/^    / {
			sub(/^ +/, "")
			if (sub(/\\$/, "")) { line = line $0; next }
			print line $0
			line = ""
		}' README.md
}

@test "the parameter table is that of help" {
	same_table keys
	table keys | sed 's/^| `\([a-z_]*\)`.*/\1/' >"$t/names"
	sed -n 's/^KEY([A-Z_]*, "\([a-z_]*\)".*/\1/p' kmod/keys.def | diff - "$t/names"
	# The golden file is a test's; this is the module's own, from a guest.
	diff <(sed -n '/^keys:/,/^$/p' kmod/tests/golden/help.txt) <(sed -n '/^keys:/,/^$/p' "$reference/readme.txt")
}

@test "allocators, flags, patterns and contexts are those of the module" {
	same_table allocs
	same_table flags
	same_table patterns
	same_table contexts
}

@test "the files and their modes are those of main.c" {
	bench-scripts/tests/readme-tables.sh files >"$t/source"
	sed -n 's/^\(| `[a-z]*` | 0[0-7]* |\).*/\1/p' README.md | sort | diff <(sort "$t/source") -
}

@test "the errnos are the contract's, and those the module gives" {
	sed -n 's/^| `\(E[A-Z0-9]*\)` | .*/\1/p' README.md >"$t/readme"
	printf '%s\n' EINVAL E2BIG EBUSY ENOMEM EFAULT ECANCELED EIO | diff - "$t/readme"
	cat kmod/*.c | tr -s '\n\t ' ' ' | grep -o 'refuse([^;"]*-E[A-Z0-9]*' | grep -o 'E[A-Z0-9]*$' | sort -u >"$t/given"
	sort "$t/readme" | diff "$t/given" -
}

# number TEXT MACRO FACTOR: the number in that text of README.md is the module's, in other units.
number() {
	local text macro
	text=$(tr '\n' ' ' <README.md | tr -s ' ' | grep -o -E -e "$1" | head -n 1 | grep -o '[0-9][0-9,]*' | tr -d ,)
	macro=$(cat kmod/*.[ch] | sed -n "s/^#define $2[[:space:]]*//p")
	[ "$((text * $3))" -eq "$((macro))" ]
}

@test "limits in the text are the module's" {
	number 'at most [0-9,]+ bytes' WORD_LINE_MAX 1
	number 'at most [0-9,]+ of them' PLAN_CELLS_MAX 1
	number 'more than [0-9,]+ cells' PLAN_CELLS_MAX 1
	number 'bursts of at most [0-9]+ ms' BURST_US_PROCESS 1000
	number 'no further call after [0-9]+ us' BURST_US_ATOMIC 1
}

@test "what a guest is said to print, it printed" {
	blocks console
	n=0
	for block in "$t"/block-*; do
		[ "$(head -c 2 "$block")" = '# ' ] || continue
		n=$((n + 1))
		# In one piece: awk looks for the block as it stands.
		awk -v block="$(cat "$block")" '{ text = text $0 "\n" } END { exit !index(text, block "\n") }' "$reference/readme.txt" || {
			cat "$block"
			return 1
		}
	done
	[ "$n" -ge 4 ]
	sed -n '/^EXAMPLES$/q; /<<.EXAMPLES/,$p' "$reference/readme.sh" | sed 1d | sed 's/^/# /' >"$t/commands"
	grep -x -F -f "$t/commands" "$reference/readme.txt" | diff "$t/commands" -
}

@test "what a command is said to print, it prints" {
	blocks console
	n=0
	for block in "$t"/block-*; do
		[ "$(head -c 2 "$block")" = '$ ' ] || continue
		n=$((n + 1))
		sed -n '1s/^. //p' "$block" >"$t/command"
		sh "$t/command" >"$t/printed"
		sed 1d "$block" | diff - "$t/printed"
	done
	[ "$n" -ge 3 ]
}

@test "the answer and the picture are those of the reference" {
	bench-scripts/report.sh -o "$t/report.html" "$reference"/default-6.12/boot-1/result-*.txt >"$t/report"
	sed -n '/cheaper than/,$p' "$t/report" >"$t/answer"
	[ -s "$t/answer" ]
	sed -n 's/^    //p' README.md >"$t/indented"
	awk -v answer="$(cat "$t/answer")" '{ text = text $0 "\n" } END { exit !index(text, answer "\n") }' "$t/indented"
	bench-scripts/plot.sh --format svg --sizes 4096 -o "$t" "$reference"/default-6.12/boot-1/result-*.txt
	for picture in latency ratio distribution-4096 bars-4096; do
		# Another gnuplot draws the same in other words, and in another order.
		diff <(grep -o '>[^<>]*</text' "$t/$picture.svg" | sort) <(grep -o '>[^<>]*</text' "$reference/$picture.svg" | sort)
	done
}

@test "every path in it exists" {
	{
		grep -o '](\.\{0,1\}[a-zA-Z][^)#:]*)' README.md | sed 's/^](//; s/)$//'
		grep -o -E '(^|[^a-zA-Z/])(bench-scripts|kmod|results)/[a-zA-Z0-9_./*-]+' README.md | sed -E 's/^[^a-z]//; s/[.]$//'
	} | sort -u >"$t/paths"
	[ "$(wc -l <"$t/paths")" -ge 20 ]
	while read -r path; do
		case $path in
		# What somebody measured, or builds.
		results/a | results/b | kmod/kallocbench.ko) continue ;;
		esac
		# shellcheck disable=SC2086 # a pattern
		ls -d $path >/dev/null
	done <"$t/paths"
}

@test "every option in it is one that the script knows" {
	shell_lines >"$t/lines"
	n=0
	# Names without blanks.
	# shellcheck disable=SC2013
	for script in $(grep -o 'bench-scripts/[a-z/-]*\.sh' "$t/lines" | sort -u); do
		"$script" -h >"$t/usage"
		grep -F "$script" "$t/lines" | sed "s|.*$script||; s| -- .*||" | grep -o -E -e '(^| )--?[a-z][a-z-]*' | sort -u >"$t/options" || continue
		while read -r option; do
			grep -q -E -e "(^|[[:space:],|[])$option([][:space:],|]|\$)" "$t/usage" || {
				echo "$script has no $option"
				return 1
			}
			n=$((n + 1))
		done <"$t/options"
	done
	[ "$n" -ge 15 ]
}

@test "every option and script named in the text exists" {
	cat bench-scripts/*.sh >"$t/all"
	for option in $(grep -o '`--[a-z-]*[ `]' README.md | tr -d '` ' | sort -u); do
		grep -q -e "$option" "$t/all"
	done
	# shellcheck disable=SC2013
	for target in $(grep -o -E '(`|^    |^)make [a-z-]+' README.md | sed 's/.*make //' | sort -u); do
		grep -q "^$target\b.*:\|[ :]$target .*:" Makefile || grep -q "^\([a-z-]* \)*$target\( [a-z-]*\)*:" Makefile
	done
}

@test "every script and every file of the module is in the tree" {
	sed -n '/^## The tree/,/^## /p' README.md >"$t/tree"
	for file in kmod/*.[ch] kmod/*.def; do
		name=${file##*/}
		grep -q -w -F -e "${name%.[ch]}" "$t/tree" || {
			echo "$file is not in the tree"
			return 1
		}
	done
	for file in bench-scripts/*.sh; do
		grep -q -F -e " ${file##*/}" "$t/tree"
	done
	sed -n '/^kmod/,/^bench/p' "$t/tree" | sed -n 's/^  \([a-z_. ]*\)   .*/\1/p' | tr ' ' '\n' | grep -x '[a-z_]*' >"$t/names"
	[ "$(wc -l <"$t/names")" -ge 20 ]
	while read -r name; do
		[ -z "$name" ] || [ -f "kmod/$name.c" ] || [ -f "kmod/$name.h" ]
	done <"$t/names"
}

@test "every anchor has its heading" {
	sed -n 's/^##* //p' README.md | tr 'A-Z ' 'a-z-' | tr -d '`' >"$t/anchors"
	for anchor in $(grep -o '(#[a-z-]*)' README.md | tr -d '(#)'); do
		grep -q -x -e "$anchor" "$t/anchors"
	done
	grep -q -x safety "$t/anchors"
}

@test "the reference results are whole, and of what their README says" {
	for series in 6.1 6.12; do
		set -- "$reference/default-$series"/boot-1/result-*.txt
		[ "$#" -eq "$(grep -c '^allocs=' bench-scripts/suites/default)" ]
		awk -f bench-scripts/results.awk -v table=end "$@" | awk -F '\t' 'NR > 1 && $3 != "done" { exit 1 }'
		for key in kernel_version qemu module_cc module_sha256 command; do
			awk -f bench-scripts/results.awk -v table=meta "$@" |
				awk -F '\t' -v key="$key" '$2 == key { print $3 }' | sort -u >"$t/value"
			[ "$(wc -l <"$t/value")" -eq 1 ]
			sed -n 's/.*Debian \([0-9][^ ]*\) (.*/\1/p; t; p' "$t/value" | sed 's/\\040/ /g' | tr -d "'" | sed 's/ *$//' >"$t/word"
			grep -q -F -e "$(cat "$t/word")" "$reference/README.md" || {
				echo "default-$series: $key is $(cat "$t/word")"
				return 1
			}
		done
	done
}
