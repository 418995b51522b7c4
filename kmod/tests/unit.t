#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# The unit tests of the pure files, one TAP stream for all programs.
set -eu

# A span of a dead stack frame reads well most of the time, were it not for this.
ASAN_OPTIONS=detect_stack_use_after_return=1
export ASAN_OPTIONS

here=$(cd "$(dirname "$0")" && pwd)
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

# Joins TAP streams: numbers run on, the plan comes last, and a program that
# died or said less than it planned is a failure of its own.
join() {
	awk '
	function verdict(good, text) {
		printf "%sok %d - %s\n", good ? "" : "not ", ++n, text
		bad += !good
	}
	$1 == "program" { name = $2; want = -1; seen = 0; next }
	$1 == "exit" {
		verdict(want == seen && $2 == 0,
			name " runs all of its " want " tests (status " $2 ")")
		next
	}
	/^1\.\./ { want = substr($0, 4) + 0; next }
	/^(not )?ok / {
		good = $1 == "ok"
		sub(/^(not )?ok [0-9]* *-? */, "")
		verdict(good, name ": " $0)
		seen++
		next
	}
	{ print "# " $0 }
	END { print "1.." n + 0; exit bad > 0 || !n }'
}

run_all() {
	local program status
	for program in "$1"/asan/*_test; do
		echo "program $(basename "$program")"
		status=0
		"$program" >"$tmp/out" 2>&1 || status=$?
		cat "$tmp/out"
		echo "exit $status"
	done
}

main() {
	local dir
	if ! make -s -C "$here" all >"$tmp/build" 2>&1; then
		sed 's/^/# /' "$tmp/build"
		echo "not ok 1 - the unit tests build"
		echo "1..1"
		exit 1
	fi
	dir=$(make -s -C "$here" where)
	run_all "$dir" | join
}

main "$@"
