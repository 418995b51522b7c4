#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# The benchmark as a kselftest: KTAP on stdout, 4 when it cannot run here.
set -eu

scripts=$(cd -- "$(dirname -- "$0")" && pwd -P)
# shellcheck source=bench-scripts/lib/host.sh
. "$scripts/lib/host.sh"

usage() {
	cat <<'USAGE'
usage: kselftest.sh [--module KO] [SUITE]

Runs a plan (default quick) on the running kernel and prints KTAP: a test per
parameter line (measured, and a valid result), and one for the kernel's health
(no warning or oops during the run, the module gone after it).

Exit: 0 all ok, 1 a test failed, 2 wrong use, 4 skipped: not root, no debugfs,
no module for this kernel, a kernel that loads only signed ones, or somebody
else is using it.
USAGE
}

module='' suite=quick tmp='' tests=0 failed=0

# skip REASON: the whole test, as the KTAP specification has it.
skip() {
	printf 'KTAP version 1\n1..0 # SKIP %s\n' "$*"
	exit 4
}

# report STATUS NAME [FILE]: one test; of FILE, why it failed.
report() {
	tests=$((tests + 1))
	if [ "$1" = 0 ]; then
		printf 'ok %s %s\n' "$tests" "$2"
		return
	fi
	failed=$((failed + 1))
	printf 'not ok %s %s\n' "$tests" "$2"
	[ ! -s "${3-}" ] || sed 's/^/# /' "$3"
}

check_here() {
	[ "$(id -u)" = 0 ] || skip "needs root"
	grep -q 'debugfs$' /proc/filesystems || skip "the kernel has no debugfs"
	! grep -q '^kallocbench ' /proc/modules || skip "kallocbench is loaded already: somebody may be using it"
	if [ -z "$module" ]; then
		module=$("$scripts/setup/module.sh" "/lib/modules/$(uname -r)/build" 2>"$tmp/why") ||
			skip "no module for this kernel: $(tail -n 1 "$tmp/why")"
	fi
	[ -r "$module" ] || skip "no module $module"
	may_load
}

# may_load: a kernel that loads no module of ours, by its policy, is no failure of the module; any other reason is, and
# shows when the plan is run.
may_load() {
	local code=0
	"$scripts/setup/load.sh" "$module" >/dev/null 2>"$tmp/why" || code=$?
	case $code in
	0) rmmod kallocbench ;;
	4) skip "$(tail -n 1 "$tmp/why")" ;;
	esac
}

# complaints: how often the kernel has warned or died, as far as it keeps count: bits 7 and 9 of its taint, and the
# counters newer kernels have.
complaints() {
	local taint file
	taint=$(cat /proc/sys/kernel/tainted)
	printf '%s' "$((taint & 640))"
	for file in /sys/kernel/warn_count /sys/kernel/oops_count; do
		[ ! -r "$file" ] || printf ' %s' "$(cat "$file")"
	done
}

run_plan() {
	local before code=0 n=0 line file
	before=$(complaints)
	"$scripts/collect.sh" --module "$module" --out "$tmp/out" "$suite" >"$tmp/log" 2>&1 || code=$?
	plan_part lines "$suite" >"$tmp/lines"
	printf 'KTAP version 1\n1..%s\n' "$(($(wc -l <"$tmp/lines") + 2))"
	report "$code" "the plan runs to its end" "$tmp/log"
	while IFS= read -r line; do
		n=$((n + 1))
		file=$tmp/out/$(printf 'result-%02d.txt' "$n")
		code=0
		awk -f "$scripts/results.awk" -v table=end "$file" >"$tmp/end" 2>"$tmp/why" || code=1
		grep -q 'done$' "$tmp/end" || code=1
		report "$code" "$(printf '%s' "$line" | tr '#' ' ')" "$tmp/why"
	done <"$tmp/lines"
	{
		echo "complaints before: $before, after: $(complaints)"
		grep '^kallocbench ' /proc/modules || :
	} >"$tmp/health"
	code=0
	[ "$(complaints)" = "$before" ] && [ "$(wc -l <"$tmp/health")" = 1 ] || code=1
	report "$code" "the kernel is well and the module gone" "$tmp/health"
}

set_option() {
	module=$2
}

# run [SUITE]
run() {
	[ $# -le 1 ] || wrong "one suite, not '$*'"
	suite=${1:-$suite}
	check_lines 0 "$suite"
	tmp=$(mktemp -d)
	trap 'rm -rf -- "$tmp"' EXIT
	trap 'exit 130' INT TERM HUP
	check_here
	run_plan
	[ "$failed" = 0 ]
}

main() {
	with_options run '--module=FILE SUITE' "$@"
}

main "$@"
