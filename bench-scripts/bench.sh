#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# From nothing to an answer: set-up, measurement, pictures, report.
set -eu

scripts=$(cd -- "$(dirname -- "$0")" && pwd -P)
# shellcheck source=bench-scripts/lib.sh
. "$scripts/lib.sh"

usage() {
	cat <<'USAGE'
usage: bench.sh [vm.sh option...] [-- PARAMETERS|SUITE...]

Installs what is missing, boots a kernel in QEMU in the best lane this machine has, runs
the default suite, draws the pictures, writes the report, and prints the answer.
Options are those of vm.sh, such as --kernel 6.1, --lane insn, --out DIR.
Exit: 0 good, 2 wrong use, 3 it could not be measured.
USAGE
}

main() {
	local out
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
	out=$(with_us "$scripts/vm.sh" --lane best "$@") || exit
	[ -n "$out" ] || cannot "bench.sh gives --out itself"
	set -- "$out"/boot-*/result-*.txt
	"$scripts/plot.sh" -o "$out/pictures" "$@" >/dev/null
	note "pictures are in $out/pictures"
	"$scripts/report.sh" -o "$out/report.html" "$@"
	note "everything is in $out"
}

main "$@"
