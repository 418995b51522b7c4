#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# From nothing to an answer: set-up, measurement, pictures, report.
set -eu

scripts=$(cd -- "$(dirname -- "$0")" && pwd -P)
# shellcheck source=bench-scripts/host.sh
. "$scripts/host.sh"

usage() {
	cat <<'USAGE'
usage: bench.sh [vm.sh option...] [-- PARAMETERS|SUITE...]

Installs what is missing, boots a kernel in QEMU in the best lane this machine has, runs
the default suite, draws the pictures, writes the report, and prints the answer.
Options are those of vm.sh, such as --kernel 6.1, --lane insn, --out DIR.
Exit: 0 good, 2 wrong use, 3 it could not be measured.
USAGE
}

# given_out ARG...: the folder of --out, where vm.sh was given one; else vm.sh makes one and says which.
given_out() {
	while [ $# -gt 1 ] && [ "$1" != -- ]; do
		[ "$1" != --out ] || printf '%s' "$2"
		shift
	done
}

main() {
	local out
	said=''
	trap '[ -z "$said" ] || rm -f -- "$said"' EXIT
	trap 'exit 130' INT TERM HUP
	case ${1-} in
	-h | --help)
		usage
		exit 0
		;;
	esac
	"$scripts/deps.sh" run
	case " $* " in
	*' -- '*) ;;
	*) set -- "$@" -- default ;;
	esac
	out=$(given_out "$@")
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
