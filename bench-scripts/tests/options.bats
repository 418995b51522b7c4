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

# Those that take options; a word that each takes.
all_scripts() {
	printf '%s\n' vm ci compare collect bisect kselftest bench report plot explain matrix series tools/reference
}

# specs SCRIPT: the options in its source, a name a line.
specs() {
	[ "$1" != bench ] || set -- vm
	{
		sed -n "/^options='/,/'\$/p; /^vm_options='/,/'\$/p; /with_options [a-z_]* ['\"-]/,/\"\\\$@\"/p" "$scripts/$1.sh"
		[ "$1" != vm ] || sed -n "/^vm_options='/,/'\$/p" "$scripts/lib/host.sh"
	} | grep -o -e '-[-a-z|]*' | tr '|' '\n' | grep -e '^-' | grep -v -x -e '-' -e '--' | sort -u
}

@test "every script: its usage names the options it knows, and no other" {
	for name in $(all_scripts); do
		[ "$name" != bench ] || continue
		"$scripts/$name.sh" -h >"$t/usage"
		specs "$name" >"$t/specs"
		[ -s "$t/specs" ]
		while read -r option; do
			# Said by vm.sh alone, to the script that it has put into the guest.
			[ "$name$option" != collect--guest ] || continue
			grep -q -E -e "(^|[^a-z-])$option([^a-z-]|\$)" "$t/usage" || { echo "$name.sh -h does not tell of $option"; false; }
		done <"$t/specs"
		grep -o -E -e '^ +(-[a-z], )?--[a-z-]+' "$t/usage" | grep -o -e '--[a-z-]*' | while read -r option; do
			grep -qx -e "$option" "$t/specs" || [ "$option" = --FORMAT ] || [ "$option" = -- ] ||
				{ echo "$name.sh does not know $option"; exit 1; }
		done
	done
}

@test "every script: -h anywhere, an unknown option, a missing value, -o where there is --out" {
	for name in $(all_scripts); do
		wrong=2
		[ "$name" != bisect ] || wrong=128
		run "$scripts/$name.sh" word -h
		[ "$status" -eq 0 ]
		[[ "$output" == *usage:* ]]
		for words in '-x word' 'word --nonsense' '--nonsense=3' 'word -x -- word'; do
			# shellcheck disable=SC2086 # words
			run "$scripts/$name.sh" $words
			echo "$name $words: $status $output"
			[ "$status" -eq "$wrong" ]
			[[ "$output" == *"unknown option -"* ]]
		done
		specs "$name" | grep -x -e -o -e --base -e --module -e --limit >"$t/values" || :
		while read -r option; do
			run "$scripts/$name.sh" word "$option"
			echo "$name $option: $output"
			[ "$status" -eq "$wrong" ]
			[[ "$output" == *"$option needs a value"* ]]
		done <"$t/values"
		! specs "$name" | grep -qx -e --out || specs "$name" | grep -qx -e -o
	done
}
