#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# The counter of tests is itself tested: what it lets pass, passes for good.

load process.bash

setup() {
	scripts=$(cd "$BATS_TEST_DIRNAME/.." && pwd)
	t=$BATS_TEST_TMPDIR
}

# judged CODE WANTED: the verdict on the TAP on stdin, "passed failed skipped".
judged() {
	run awk -v code="$1" -f "$scripts/tests/tap.awk"
	[ "${lines[0]}" = "$2" ] || { echo "got ${lines[0]}, want $2"; false; }
}

@test "tap.awk counts" {
	printf '1..4\nok 1 a\nnot ok 2 b\n# why\nok 3 c # SKIP no\nok\n' | judged 1 "2 1 1"
	printf '1..4\nok 1 a\nnot ok 2 b\n# why\nok 3 c # SKIP no\nok\n' >"$t/tap"
	run awk -v code=1 -f "$scripts/tests/tap.awk" "$t/tap"
	[ "${lines[1]}" = "not ok 2 b" ]
	[ "${lines[2]}" = "# why" ]
	printf 'ok 1\nok 2\n1..2\n' | judged 0 "2 0 0"
	printf '1..0 # SKIP nothing here\n' | judged 0 "0 0 1"
}

@test "tap.awk: a program that died, or broke its plan, failed" {
	printf '1..2\nok 1\n' | judged 0 "1 1 0"
	printf '1..1\nok 1\nok 2\n' | judged 0 "2 1 0"
	printf 'ok 1\n' | judged 0 "1 1 0"
	printf '' | judged 0 "0 1 0"
	printf 'Segmentation fault\n' | judged 139 "0 1 0"
	printf '1..1\nok 1\n' | judged 3 "1 1 0"
	printf '1..1\nnot ok 1\n' | judged 1 "0 1 0"
	printf '1..2\nok 1\nBail out! no\n' | judged 1 "1 2 0"
	printf '1..1\nok 1\n1..1\n' | judged 0 "1 1 0"
}

# tree: a small project with a copy of the runner.
tree() {
	mkdir -p "$t/p/bench-scripts/tests" "$t/p/kmod/tests"
	cp -r "$scripts/lib" "$scripts/lines" "$t/p/bench-scripts/"
	cp "$scripts/tests/check.sh" "$scripts/tests/tap.awk" "$t/p/bench-scripts/tests/"
	printf '#!/bin/sh\necho 1..1\necho ok 1\n' >"$t/p/kmod/tests/good.t"
	chmod +x "$t/p/kmod/tests/good.t"
}

@test "check.sh: the last line counts, and failures are shown whole" {
	tree
	run "$t/p/bench-scripts/tests/check.sh"
	[ "$status" = 0 ]
	[ "${lines[-1]}" = "1 passed, 0 failed, 0 skipped" ]
	printf '#!/bin/sh\necho 1..2\necho ok 1\necho not ok 2 this\necho "# because"\nexit 1\n' >"$t/p/bench-scripts/tests/bad.t"
	chmod +x "$t/p/bench-scripts/tests/bad.t"
	run "$t/p/bench-scripts/tests/check.sh"
	[ "$status" = 1 ]
	[ "${lines[-1]}" = "2 passed, 1 failed, 0 skipped" ]
	[[ "$output" == *"not ok 2 this"*"# because"* ]]
	run "$t/p/bench-scripts/tests/check.sh" good
	[ "$status" = 0 ]
	[ "${lines[-1]}" = "1 passed, 0 failed, 0 skipped" ]
	run "$t/p/bench-scripts/tests/check.sh" no-such-test
	[ "$status" = 2 ]
}

@test "check.sh: a program that hangs, cannot be run or kills its parent's hopes has failed" {
	tree
	printf '#!/bin/sh\necho 1..1\necho ok 1\nsleep 100\n' >"$t/p/kmod/tests/hang.t"
	printf '#!/no/such/interpreter\n' >"$t/p/kmod/tests/broken.t"
	chmod +x "$t/p/kmod/tests/hang.t" "$t/p/kmod/tests/broken.t"
	CHECK_TIMEOUT=2 run "$t/p/bench-scripts/tests/check.sh"
	[ "$status" = 1 ]
	[ "${lines[-1]}" = "2 passed, 2 failed, 0 skipped" ]
}

@test "check.sh: stopped, it leaves no test running" {
	tree
	printf '#!/bin/sh\necho $$ >"%s"\nexec sleep 1000\n' "$t/pid" >"$t/p/kmod/tests/hang.t"
	chmod +x "$t/p/kmod/tests/hang.t"
	"$t/p/bench-scripts/tests/check.sh" hang 3>&- &
	local pid=$!
	appears "$t/pid" "$pid"
	kill -TERM "$pid"
	gone "$(cat "$t/pid")"
}

@test "CPUs: those a container may use, and no more" {
	# shellcheck source=bench-scripts/lib/host.sh
	. "$scripts/lib/host.sh"
	while read -r max want; do
		echo "${max/:/ }" >"$t/cpu.max"
		[ "$(within_quota 4 "$t/cpu.max")" = "$want" ]
	done <<-'END'
		max:100000 4
		50000:100000 1
		150000:100000 2
		400000:100000 4
		900000:100000 4
	END
	[ "$(within_quota 4 "$t/none")" = 4 ]
	[ "$(cpus)" -ge 1 ]
}

@test "every script says how to use it" {
	local script
	for script in "$scripts"/*.sh "$scripts"/tests/check.sh; do
		[ -x "$script" ] || continue
		run "$script" -h
		[ "$status" = 0 ] || { echo "$script -h: status $status"; false; }
		[[ "$output" == *sage:* ]] || { echo "$script -h: no usage"; false; }
	done
}

@test "no script runs text as code, nor writes to a name others can guess" {
	run grep -nE '(^|[^a-z_-])eval ' "$scripts"/*.sh "$scripts"/*/*.sh "$scripts"/guest/init
	[ "$status" = 1 ]
	run grep --exclude='*guest*.sh' -nE '>+ *"?/tmp/' "$scripts"/*.sh "$scripts"/*/*.sh
	[ "$status" = 1 ]
}
