#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Prints and draws what explain.sh counted and measured, into a folder.
#
#	report.sh [--full] [--cells FILE | --verdict FILE] [--vmlinux FILE] [--base-vmlinux FILE] --out OUT SIDE | BASE NEW
#
# A side is a folder with dump and perhaps vector, of the plugin, and tables (results.awk -v table=meta,clock,cells,ops,hist). Leaves in OUT
# explain.txt, explain.tsv (described in join.awk and compare.awk), folded/ and flame/, and prints the text.
# Exit: 0 good, 2 wrong use, 3 what does not add up.
set -eu

scripts=$(cd -- "$(dirname -- "$0")/.." && pwd -P)
# shellcheck source=bench-scripts/lib/host.sh
. "$scripts/lib/host.sh"

# Names are sorted by their bytes, everywhere.
export LC_ALL=C

explain=$scripts/explain out='' full='' cells='' verdict='' vmlinux='' base_vmlinux='' tmp=''

set_option() {
	case $1 in
	--out) out=$2 ;;
	--full) full=1 ;;
	--cells) cells=$2 ;;
	--verdict) verdict=$2 ;;
	--vmlinux) vmlinux=$2 ;;
	--base-vmlinux) base_vmlinux=$2 ;;
	esac
}

usage() {
	sed -n '3,/^set/{s/^#[ 	]\{0,1\}//p;}' "$0"
}

# places SIDE VMLINUX: sets source to what addr2line says of the addresses of the side.
places() {
	source=''
	[ -n "$2" ] || return 0
	source=$tmp/places
	sed -n 's/^insn addr=\([0-9a-f]*\) .*/\1/p' "$1/dump" | sort -u >"$tmp/addresses"
	addr2line -a -f -e "$2" <"$tmp/addresses" >"$source" || cannot "addr2line cannot read $2"
}

# join SIDE VMLINUX [WORD...]: the tables of a side; folded stacks go to OUT/folded.
join() {
	local side="$1" source vector=''
	[ ! -f "$side/vector" ] || vector=$side/vector
	places "$1" "$2"
	shift 2
	awk -f "$scripts/draw/units.awk" -f "$explain/figure.awk" -f "$explain/measured.awk" -f "$explain/join.awk" \
		-v folded="$out/folded" -v cells="$cells" -v places="$source" "$@" \
		FS='\t' phase=tables "$side/tables" FS='[ =]' phase=names "$side/dump" "${vector:+phase=vectors}" "$vector" \
		phase=counts "$side/dump"
}

# compare BASE NEW: stacks are those of new, which comes last.
compare() {
	join "$1" "$base_vmlinux" -v two=1 >"$tmp/base"
	join "$2" "$vmlinux" -v two=1 >"$tmp/new"
	awk -f "$explain/figure.awk" -f "$explain/compare.awk" -v renames="$explain/renames.tsv" -v alike="$verdict" \
		side=base "$tmp/base" side=new "$tmp/new"
}

# run SIDE | BASE NEW
run() {
	[ -n "$out" ] || wrong "--out is missing"
	trap 'rm -rf -- "$tmp"' EXIT
	trap 'exit 130' INT TERM HUP
	tmp=$(mktemp -d)
	# Of what does not add up nothing is left, nor of an earlier time.
	mkdir -p -- "$out/flame" "$out/folded"
	rm -f -- "$out"/explain.*
	[ -z "$verdict" ] || {
		cells=$tmp/called
		awk -f "$scripts/export/label.awk" -f "$explain/called.awk" "$verdict" >"$cells"
	}
	case $# in
	1) join "$1" "$vmlinux" >"$tmp/explain.tsv" ;;
	2) compare "$1" "$2" >"$tmp/explain.tsv" ;;
	*) wrong "one side, or two" ;;
	esac
	cp -- "$tmp/explain.tsv" "$out/"
	python3 -B "$explain/flame.py" "$out"
	awk -f "$scripts/draw/heads.awk" -f "$explain/figure.awk" -f "$explain/table.awk" -f "$scripts/lib/sums.awk" \
		-f "$explain/text.awk" -f "$explain/touches.awk" -v full="$full" "$out/explain.tsv" >"$out/explain.txt"
	cat -- "$out/explain.txt"
}

main() {
	with_options run '--out= --full --cells= --verdict= --vmlinux= --base-vmlinux=' "$@"
}

main "$@"
