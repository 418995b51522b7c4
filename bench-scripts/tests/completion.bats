#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# Completion in bash: what is offered for words that are typed so far, by bash's own rules of where a word ends.

setup() {
	scripts=$(cd "$BATS_TEST_DIRNAME/.." && pwd)
	t=$BATS_TEST_TMPDIR
	export KALLOCBENCH_CACHE=$t/cache
	mkdir -p "$t/cache/kernels/6.12.9+deb12-cloud-amd64" "$t/here/folder"
	touch "$t/here/file.txt"
	cd "$t/here" || return 1
	"$scripts/tools/completion.sh" >"$t/completion"
	# shellcheck source=/dev/null
	. "$t/completion"
}

# compopt is for a shell that completes.
compopt() {
	echo "compopt $*" >>"$t/compopt"
}

# offers WORDS...: the last is the one that is being typed; = and -- as bash cuts them.
offers() {
	COMP_WORDS=("$@")
	COMP_CWORD=$(($# - 1))
	_kallocbench
	printf '%s\n' "${COMPREPLY[@]}" | grep . | sort -u >"$t/offered" || :
}

# has WORD...: all of them are offered.
has() {
	local word
	for word; do
		grep -qx -e "$word" "$t/offered" || { echo "no $word among:"; cat "$t/offered"; return 1; }
	done
}

# only WORD...: these are, and no other.
only() {
	printf "%s\n" "$@" | grep . | sort -u | diff - "$t/offered"
}

@test "every script: all of its options, and no other" {
	n=0
	for name in $(cd "$scripts" && ls -- *.sh ci-files/*.sh setup/*.sh tools/*.sh tests/*.sh); do
		head -n 1 "$scripts/$name" | grep -q '^#!' || continue
		n=$((n + 1))
		offers "$scripts/$name" -
		# shellcheck disable=SC2046 # words
		only --help $("$scripts/$name" --print-options | grep '^-' | sed 's/=.*//' | tr '|' '\n' | grep -v -x -e --guest -e --one)
		complete -p "${name##*/}" | grep -q '^complete -F _kallocbench '
	done
	[ "$n" -ge 24 ]
}

@test "kernels: those in the cache with their series, those we build, newest, and images" {
	for words in 'vm.sh --kernel' 'ci.sh --base' 'ci.sh --new' 'explain.sh --kernel' 'setup/kernel.sh get'; do
		# shellcheck disable=SC2086 # words
		offers "$scripts"/$words ''
		has 6.12 6.12.9+deb12-cloud-amd64 min debug newest file.txt
	done
	offers "$scripts/vm.sh" --kernel = 6.12.
	only 6.12.9+deb12-cloud-amd64
}

@test "suites, as value and as word, with or without --" {
	suites=$(cd "$scripts/suites" && echo *)
	for words in 'vm.sh' 'ci.sh --suite' 'vm.sh --lane insn --' 'collect.sh --live'; do
		# shellcheck disable=SC2086 # words
		offers "$scripts"/$words ''
		# shellcheck disable=SC2086 # words
		has $suites
	done
	offers "$scripts/vm.sh" qu
	only quick
}

@test "formats, lanes and other words, behind a blank and behind a =" {
	offers "$scripts/compare.sh" --format ''
	only text markdown json ktap junit benchmark-action bmf openmetrics lava kcidb
	offers "$scripts/compare.sh" --format = j
	only json junit
	offers "$scripts/vm.sh" --lane =
	only insn time best
	offers "$scripts/plot.sh" --format s
	only svg svg,png
	offers "$scripts/bisect.sh" --arch ''
	only amd64 arm64
	offers "$scripts/vm.sh" --entry P
	only PVH
	offers "$scripts/plot.sh" --allocs kmem_cache_a
	only kmem_cache_align
	offers "$scripts/setup/deps.sh" a
	only arm64
	offers "$scripts/setup/kernel.sh" bus
	only busybox
}

@test "folders and files" {
	offers "$scripts/ci.sh" --out ''
	only folder
	offers "$scripts/ci.sh" -o ''
	only folder
	offers "$scripts/report.sh" --base f
	only folder file.txt
	offers "$scripts/compare.sh" fil
	only file.txt
	# Behind -- nothing is an option.
	offers "$scripts/vm.sh" -- --l
	only
}

@test "a script of that name which is another's is left alone" {
	printf '#!/bin/sh\n' >check.sh
	chmod +x check.sh
	offers ./check.sh -
	only
	grep -qx 'compopt -o default' "$t/compopt"
}

@test "--installed: kallocbench COMMAND, as its script" {
	mkdir -p "$t/home/.cache/kallocbench/kernels/6.1.9-cloud-amd64"
	"$scripts/tools/completion.sh" --installed "$scripts" vm ci kernel >"$t/installed"
	# shellcheck source=/dev/null
	. "$t/installed"
	[ "$(complete -p kallocbench)" = 'complete -F _kallocbench_installed kallocbench' ]
	installed() {
		COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
		_kallocbench_installed
		printf '%s\n' "${COMPREPLY[@]}" | grep . | sort -u >"$t/offered" || :
	}
	installed kallocbench ''
	only --help ci kernel vm
	installed kallocbench vm --lane =
	only insn time best
	installed kallocbench ci --tr
	only --tree
	installed kallocbench kernel bus
	only busybox
	unset KALLOCBENCH_CACHE XDG_CACHE_HOME
	HOME=$t/home installed kallocbench vm --kernel 6.1.
	only 6.1.9-cloud-amd64
	installed kallocbench nonsense ''
	only
	run "$scripts/tools/completion.sh" --installed /x vm nonsense
	[ "$status" -eq 2 ]
	[[ "$output" == *"no command 'nonsense'"* ]]
	run "$scripts/tools/completion.sh" vm
	[ "$status" -eq 2 ]
}
