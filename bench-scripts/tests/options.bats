#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# shellcheck disable=SC2016 # the script is shell text
# One convention for the options of every script: options.sh by itself, then each script's own words.

setup() {
	scripts=$(cd "$BATS_TEST_DIRNAME/.." && pwd)
	t=$BATS_TEST_TMPDIR
	mkdir -p "$t/scripts/lib"
	cp "$scripts"/lib/{lib,options}.sh "$t/scripts/lib/"
	cat >"$t/scripts/x.sh" <<-'END'
		#!/bin/sh
		set -eu
		scripts=$(cd -- "$(dirname -- "$0")" && pwd -P)
		. "$scripts/lib/lib.sh"
		usage() { echo usage; }
		set_option() { echo "set $1 [$2]"; }
		run() { for word; do echo "word [$word]"; done; }
		with_options run '--kernel= -o|--out= --live --base=... -n' "$@"
	END
}

x() {
	run sh "$t/scripts/x.sh" "$@"
	echo "$output"
}

# says LINE...: good, and these lines.
says() {
	[ "$status" -eq 0 ]
	[ "$output" = "$(printf '%s\n' "$@")" ]
}

# refuses TEXT
refuses() {
	[ "$status" -eq 2 ]
	[[ "$output" == *"$1"* ]]
	[[ "$output" == *"x.sh -h shows how it is used"* ]]
}

@test "options stand anywhere, a value behind a blank or a =, and words keep their order and their characters" {
	x one --kernel 6.1 'two words' --live '' -o D
	says 'set --kernel [6.1]' 'set --live []' 'set --out [D]' 'word [one]' 'word [two words]' 'word []'
	x --kernel=6.1 --out='a=b c' --kernel= -o=D
	says 'set --kernel [6.1]' 'set --out [a=b c]' 'set --kernel []' 'set --out [D]'
	x $'new\nline' '*' -n - '$x'
	says 'set -n []' $'word [new\nline]' 'word [*]' 'word [-]' 'word [$x]'
}

@test "behind -- all is taken as it is" {
	x a -- --kernel -x -- b
	says 'word [a]' 'word [--kernel]' 'word [-x]' 'word [--]' 'word [b]'
	x -n --
	says 'set -n []'
}

@test "an option that takes several words takes them up to the next option" {
	x a --base b c --live d --base e -- f
	says 'set --base [b]' 'set --base [c]' 'set --live []' 'set --base [e]' 'word [a]' 'word [d]' 'word [f]'
	x --base=b c
	says 'set --base [b]' 'word [c]'
	for words in 'a --base' 'a --base --live' '--base -- a' '--base --base b'; do
		# shellcheck disable=SC2086 # words
		x $words
		refuses '--base needs a value'
	done
}

@test "a number, a size, one of some words" {
	sed -i "s/'--kernel= /'--jobs=N --mem=SIZE --lane=insn|time|best SUITE --kernel= /" "$t/scripts/x.sh"
	x --jobs 8 --mem 64K --mem=1g --mem 5 --lane best
	says 'set --jobs [8]' 'set --mem [64K]' 'set --mem [1g]' 'set --mem [5]' 'set --lane [best]'
	for words in --jobs=x --jobs= --jobs=-1 --jobs=1234567890; do
		x "$words"
		refuses "--jobs: a number, not '${words#*=}'"
	done
	for words in --mem=K --mem= --mem=4KB --mem=1X; do
		x "$words"
		refuses "--mem: a size such as 64K or 2G, not '${words#*=}'"
	done
	for words in '--lane=in' '--lane=' '--lane=insn|time' '--lane=*'; do
		x "$words"
		refuses "--lane is insn, time or best, not '${words#*=}'"
	done
	x --print-options
	says --jobs=N --mem=SIZE '--lane=insn|time|best' SUITE --kernel= '-o|--out=' --live --base=... -n
}

@test "a value that is missing, an option that is not known, a value that nobody takes" {
	x --kernel
	refuses '--kernel needs a value'
	x a --kernel --live
	refuses "--kernel needs a value, and '--live' is an option; if it is the value, write --kernel=--live"
	x --kernel -- a
	refuses "--kernel needs a value, and '--'"
	x --kernel -o=3
	refuses "--kernel needs a value, and '-o=3'"
	x a --kernel -plugin
	says 'set --kernel [-plugin]' 'word [a]'
	x -x a
	refuses 'unknown option -x'
	x --kern 6
	refuses 'unknown option --kern'
	x --live=1
	refuses "--live takes no value: '--live=1'"
	x a --kernel x -h --nonsense
	says 'set --kernel [x]' usage
}

# Those that a person runs; explain/report.sh is explain.sh's.
all_scripts() {
	(cd "$scripts" && ls -- *.sh setup/*.sh tools/*.sh tests/*.sh ci-files/*.sh install/*.sh) | while read -r name; do
		! grep -q '^#!' "$scripts/$name" || echo "$name"
	done
}

# specs SCRIPT: the options it knows, a name a line.
specs() {
	"$scripts/$1" --print-options | grep '^-' | sed 's/=.*//' | tr '|' '\n'
}

@test "every script takes its options by the one loop" {
	all_scripts >"$t/scripts.list"
	[ "$(wc -l <"$t/scripts.list")" -ge 24 ]
	while read -r name; do
		grep -q 'with_options' "$scripts/$name"
		"$scripts/$name" --print-options >"$t/spec"
		[ -s "$t/spec" ]
		run grep -v -x -E -e '(-[a-z]\|)?(-[a-z]|--[a-z-]+)(=[A-Za-z0-9|,-]+(\.\.\.)?)?' -e '[A-Za-z][a-zA-Z0-9|-]*' "$t/spec"
		[ "$status" -eq 1 ]
		run grep -e '^--out' "$t/spec"
		[ "$status" -eq 1 ]
	done <"$t/scripts.list"
}

@test "every script: its usage has 80 columns, no tab, all its options and no other, and ends with its exit codes" {
	for name in $(all_scripts); do
		"$scripts/$name" -h >"$t/usage"
		head -n 1 "$t/usage" | grep -q "^usage: ${name##*/} "
		awk -v name="$name" 'length > 80 || /\t/ { print name ": " $0; bad = 1 } END { exit bad }' "$t/usage"
		awk '/^Exit: / { n++; text = "" } n { text = text " " $0 } END { exit !(n == 1 && text ~ /0 [a-z]/ && text ~ /2 wrong use|128 wrong use/ && text ~ /\.$/) }' "$t/usage" ||
			{ echo "$name -h does not end with its exit codes"; false; }
		# bench.sh says that its options are vm.sh's.
		[ "$name" != bench.sh ] || continue
		specs "$name" >"$t/specs"
		while read -r option; do
			# How check.sh and memory.sh start themselves.
			[ "$option" != --one ] || continue
			grep -q -E -e "(^|[^a-z-])$option([^a-z-]|\$)" "$t/usage" || { echo "$name -h does not tell of $option"; false; }
		done <"$t/specs"
		grep -o -E -e '^ +(-[a-z], )?--[a-z-]+' "$t/usage" | grep -o -e '--[a-z-]*' | while read -r option; do
			grep -qx -e "$option" "$t/specs" || [ "$option" = -- ] || { echo "$name does not know $option"; exit 1; }
		done
	done
}

@test "every script: -h anywhere, an unknown option, a missing value, a word that is none of its words" {
	for name in $(all_scripts); do
		wrong=2
		[ "$name" != bisect.sh ] || wrong=128
		run "$scripts/$name" word -h
		[ "$status" -eq 0 ]
		[[ "$output" == *usage:* ]]
		for words in '-x word' 'word --nonsense' '--nonsense=3' 'word -x -- word'; do
			# shellcheck disable=SC2086 # words
			run "$scripts/$name" $words
			echo "$name $words: $status $output"
			[ "$status" -eq "$wrong" ]
			[[ "$output" == *"unknown option -"* ]]
		done
		"$scripts/$name" --print-options | grep '^-.*=' >"$t/values" || :
		while IFS='=' read -r option kind; do
			run "$scripts/$name" word "${option##*|}"
			echo "$name $option: $output"
			[ "$status" -eq "$wrong" ]
			[[ "$output" == *"${option##*|} needs a value"* ]]
			case $kind in
			N) want='a number' ;;
			SIZE) want='a size such as' ;;
			*\|*) want=' is ' ;;
			*) continue ;;
			esac
			run "$scripts/$name" "${option##*|}=no such"
			echo "$name $option: $output"
			[ "$status" -eq "$wrong" ]
			[[ "$output" == *"${option##*|}"*"$want"*"not 'no such'"* ]]
		done <"$t/values"
	done
}
