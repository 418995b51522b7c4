#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# What memory.sh makes of its guests; the guests here are a script.

setup() {
	here=$BATS_TEST_DIRNAME
	tree=$BATS_TEST_TMPDIR/tree
	mkdir -p "$tree/bench-scripts/tests" "$tree/bench-scripts/setup" "$tree/kmod/tests"
	cp "$here/memory.sh" "$tree/bench-scripts/tests/"
	cp -R "$here"/../*.sh "$here/../lines" "$here/../lib" "$tree/bench-scripts/"
	printf 'tool:\n' >"$tree/kmod/tests/Makefile"
	program setup/kernel.sh 'echo kdir=/none'
	program setup/module.sh 'echo /none.ko'
	export KALLOCBENCH_CACHE=$BATS_TEST_TMPDIR/cache SAYS=$BATS_TEST_TMPDIR/says
	mkdir -p "$KALLOCBENCH_CACHE" "$SAYS"
	# The guest of a boot is what SAYS has for the line it begins with: console.log, script.out, verdict.
	# shellcheck disable=SC2016 # that script's variables
	program vm.sh '
		while [ $# -gt 0 ]; do
			case $1 in --out) out=$2 ;; --add) case $2 in *.conf) . "$2" ;; esac ;; esac
			shift
		done
		mkdir -p "$out"
		cp -R "$SAYS/$from" "$out/boot-1"'
}

program() {
	printf '#!/bin/sh\n%s\n' "$2" >"$tree/bench-scripts/$1"
	chmod +x "$tree/bench-scripts/$1"
}

# row NUMBER ANSWER KILLS FAILURES BUGS: as brink writes it to the console, with what a kernel says in between.
row() {
	printf '[ 1.0] something else\r\n'
	printf 'brink-row\t%s\t%s\t9\t0\t0\t1\t2\t3\tstate=ok\t\t%s\t%s\t%s\tKilled\tallocs=kmalloc\r\n' "$@"
}

# says FROM VERDICT TAP: the boot that begins with line FROM; its console on stdin.
says() {
	mkdir -p "$SAYS/$1"
	cat >"$SAYS/$1/console.log"
	echo "$2" >"$SAYS/$1/verdict"
	[ -z "$3" ] || printf "%s\n" "$3" '1..1' >"$SAYS/$1/script.out"
}

memory() {
	run "$tree/bench-scripts/tests/memory.sh" --jobs 1 "$@"
}

@test "memory.sh: three sizes in eight states, and single lines" {
	memory --list
	[ "$status" = 0 ]
	[ "$(printf '%s\n' "${lines[@]}" | grep -c '^[0-9]*M-')" = 24 ]
	[ "$(printf '%s\n' "${lines[@]}" | grep -vc '^[0-9]*M-')" = 9 ]
}

@test "memory.sh: wrong use is named" {
	memory nothing-like-this
	[ "$status" = 2 ]
	[[ $output == *"no guest matches 'nothing-like-this'"* ]]
	memory --sideways
	[ "$status" = 2 ]
	[[ $output == *--sideways* ]]
}

@test "memory.sh: a good guest passes, and its lines are counted" {
	{ row 1 ok 0 0 0 && row 2 ENOMEM 0 0 0 && row 3 EINVAL 0 0 0; } | says 1 good 'ok 1 - all'
	memory 256M-plain
	[ "$status" = 0 ]
	[[ $output == *"3 lines (1 refused, 1 not legal): 0 killed, 0 failures printed, 0 bugs, 0 panics"* ]]
	[[ $output == *"1 guests passed, 0 failed"* ]]
}

@test "memory.sh: what the guest calls not ok fails, with what was killed" {
	{ row 1 ok 2 1 0 && row 2 killed 1 0 3; } | says 1 'script exited 1' 'not ok 1 - nobody is killed'
	memory 256M-plain
	[ "$status" = 1 ]
	[[ $output == *"2 lines (0 refused, 0 not legal): 3 killed, 1 failures printed, 3 bugs, 0 panics"* ]]
	[[ $output == *"not ok 1 - nobody is killed"* ]]
}

@test "memory.sh: a guest that panics is started again behind the line, and fails" {
	{ row 1 ok 0 0 0 && echo 'Out of memory: Killed process 9 (brink)'; } | says 1 'failed: Kernel panic' ''
	row 3 ok 0 0 0 | says 3 good 'ok 1 - all'
	memory 256M-plain
	[ "$status" = 1 ]
	[[ $output == *"3 lines (0 refused, 0 not legal): 1 killed, 0 failures printed, 0 bugs, 1 panics"* ]]
	[[ $output == *"died at line 2"* ]]
}

@test "memory.sh: what the kernel complained of fails a guest whose tests passed" {
	row 1 ok 0 0 0 | says 1 'failed: the kernel complained: WARNING: here' 'ok 1 - all'
	memory 256M-plain
	[ "$status" = 1 ]
	[[ $output == *"the kernel complained"* ]]
}

@test "memory.sh: a guest without a line fails" {
	: | says 1 good 'ok 1 - all'
	memory 256M-plain
	[ "$status" = 1 ]
}
