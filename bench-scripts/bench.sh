#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# From nothing to an answer: set-up, measurement, pictures, report.
set -eu

scripts=$(cd -- "$(dirname -- "$0")" && pwd -P)
# shellcheck source=bench-scripts/lib/host.sh
. "$scripts/lib/host.sh"

usage() {
	cat <<'USAGE'
usage: bench.sh [vm.sh option...] [-- PARAMETERS|SUITE...]

Installs what is missing, boots a kernel in QEMU in the best lane this machine
has, runs the default suite, draws the pictures, writes the report, and prints
the answer. Options are those of vm.sh, such as --kernel 6.1, --lane insn,
--out DIR.
Exit: 0 good, 2 wrong use, 3 it could not be measured.
USAGE
}

# set_option NAME VALUE: without --out vm.sh makes a folder and says which.
set_option() {
	[ "$1" != --out ] || out=$2
}

# count_plans PLAN...
count_plans() {
	plans=$#
}

main() {
	local out='' plans=0
	said=''
	trap '[ -z "$said" ] || rm -f -- "$said"' EXIT
	trap 'exit 130' INT TERM HUP
	with_options count_plans "$vm_options" "$@"
	[ "$plans" -gt 0 ] || set -- "$@" default
	"$scripts/vm.sh" --lane best -n "$@"
	"$scripts/setup/deps.sh" run
	said=$(mktemp)
	# In this shell: a command that a subshell waits for would outlive us.
	with_us "$scripts/vm.sh" --lane best "$@" >"$said" || exit
	out=${out:-$(cat -- "$said")}
	set -- "$out"/boot-*/result-*.txt
	# A batch has no picture, but a report.
	if "$scripts/plot.sh" -o "$out/pictures" "$@" >/dev/null; then
		note "pictures are in $out/pictures"
	else
		note "no pictures: see message above"
	fi
	"$scripts/report.sh" -o "$out/report.html" "$@"
	note "everything is in $out"
}

main "$@"
