#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Counts against nanoseconds: how well do the instructions of a call foretell the time it takes, and where do they not?
set -eu

scripts=$(cd -- "$(dirname -- "$0")/.." && pwd -P)
# shellcheck source=bench-scripts/lib/host.sh
. "$scripts/lib/host.sh"
# shellcheck source=bench-scripts/gate/sides.sh
. "$scripts/gate/sides.sh"

usage() {
	cat <<'USAGE'
usage: truth.sh COUNTS TIME

COUNTS is a result of the instruction lane, TIME one of the same plan on a real
CPU, of the same release of the kernel: files, or folders of several boots. With
the suite truth:

    vm.sh --kernel 6.12 --vector --out counts truth
    collect.sh --out time truth               # on a machine that runs 6.12
    truth.sh counts time

On a machine without such a kernel, User Mode Linux in its place:
    vm.sh --kernel min --vector --out counts truth
    vm.sh --lane time --accel uml --boots 5 --out time truth

Prints the rank correlation of instructions with time over all cells, and of
instructions and C for each locked one (where COUNTS has vectors); then the
cells that are furthest from where their instructions put them.
Exit: 0 good, 2 wrong use, a bad file, or nothing to be held against each other.
USAGE
}

# side NAME PATH: its results, and what lane they have to be of.
side() {
	results_in "$2" >"$tmp/results" || exit
	while IFS='	' read -r _ file; do
		boot_good "$file" || continue
		plain_name "$file" && echo
	done <"$tmp/results" >"$tmp/$1"
	[ -s "$tmp/$1" ] || die "no result of a good boot in $2"
}

# run COUNTS TIME
run() {
	local file
	[ $# = 2 ] || wrong "COUNTS and TIME, two results"
	tmp=$(mktemp -d)
	trap 'rm -rf -- "$tmp"' EXIT
	trap 'exit 130' INT TERM HUP
	(side counts "$1") || exit
	(side time "$2") || exit
	set --
	while IFS= read -r file; do
		set -- "$@" "$file"
	done <<FILES
$(cat "$tmp/counts" "$tmp/time")
FILES
	awk -f "$scripts/results.awk" -v table=meta,clock,cells,ops,vector "$@" >"$tmp/tables" || exit 2
	awk -f "$scripts/gate/stats.awk" -f "$scripts/draw/units.awk" -f "$scripts/lib/named.awk" -f "$scripts/tools/truth.awk" -v me="$me" "$tmp/tables"
}

main() {
	with_options run RESULT "$@"
}

main "$@"
