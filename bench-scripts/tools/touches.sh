#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# What a call touches, kernel by kernel: results with vectors side by side, in the order they are given.
set -eu

scripts=$(cd -- "$(dirname -- "$0")/.." && pwd -P)
# shellcheck source=bench-scripts/lib/host.sh
. "$scripts/lib/host.sh"

usage() {
	cat <<'USAGE'
usage: touches.sh [--metrics NAME,...] RESULT RESULT...

Each RESULT is a file that vm.sh --vector left, of another kernel each. Prints a
line per op that all of them have: of each metric the median of a call (of tlb
the sum of a round), in the order given. The clock's own is in all but insns.

  --metrics NAME,...  default insns,lines,written,locked,bytes;
                      results/README.md has the others

Exit: 0 good, 2 wrong use, or a file that is none.
USAGE
}

metrics=insns,lines,written,locked,bytes

set_option() {
	metrics=$2
}

# run RESULT...
run() {
	[ $# -gt 1 ] || wrong "two results at least"
	awk -f "$scripts/results.awk" -v table=vector "$@" >"$tmp/table" || exit 2
	awk -f "$scripts/draw/units.awk" -f "$scripts/gate/stats.awk" -f "$scripts/lib/sums.awk" -f "$scripts/lib/draws.awk" -f "$scripts/tools/touches.awk" -v metrics="$metrics" "$tmp/table"
}

main() {
	tmp=$(mktemp -d)
	trap 'rm -rf -- "$tmp"' EXIT
	trap 'exit 130' INT TERM HUP
	with_options run '--metrics=NAMES RESULT' "$@"
}

main "$@"
