#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# plot.sh - pictures of results, for people.
set -eu

scripts=$(cd -- "$(dirname -- "$0")" && pwd -P)
# shellcheck source=bench-scripts/host.sh
. "$scripts/host.sh"
# shellcheck source=bench-scripts/gate/sides.sh
. "$scripts/gate/sides.sh"

usage() {
	cat <<-EOF_USAGE
		usage: plot.sh [options] RESULT...
		RESULT is a result file, or a folder of boots: its good ones, equal boots once.
		  -o, --out DIR    where the pictures go (default: beside the first result, or in the folder)
		  --format LIST    svg, png or svg,png (default: svg,png)
		  --sizes LIST     sizes of the distributions, in bytes (default: 64,4096,65536,1048576 where measured)
		  --allocs LIST    what to draw (default: kmalloc,kzalloc,kvmalloc,vmalloc where measured)
		Draws latency, ratio and distribution-SIZE. RESULTs of one kernel and lane are merged.
	EOF_USAGE
}

cleanup() {
	rm -rf -- "$tmp"
}

# draw PROGRAM PICTURE [BYTES]
draw() {
	local format file
	for format in $(printf '%s' "$formats" | tr ',' ' '); do
		file=$out/$2.$format
		KAB_DIR=$tmp KAB_OUT=$file KAB_GP=$scripts/gnuplot gnuplot -e "format = '$format'; bytes = '${3:-0}'" \
			"$scripts/gnuplot/$1.gp" || cannot "gnuplot failed on $file: see the message above"
		printf '%s\n' "$file"
	done
}

# word NAME: what about.gp says of it
word() {
	sed -n "s/^$1 = \"\{0,1\}\([^\"]*\)\"\{0,1\}\$/\1/p" "$tmp/about.gp"
}

# A status left of a pipe would be lost: the tables go through files.
prepare() {
	local sizes="$1" allocs="$2"
	shift 2
	awk -f "$scripts/results.awk" -v table=meta,clock,cells,ops,hists "$@" >"$tmp/tables" || exit 2
	awk -f "$scripts/kind.awk" -f "$scripts/points.awk" -v table=about,points,hists "$tmp/tables" >"$tmp/points" || exit 2
	awk -f "$scripts/cost.awk" -f "$scripts/gnuplot/series.awk" -v dir="$tmp" \
		-v sizes_wanted="$sizes" -v allocs_wanted="$allocs" "$tmp/points"
}

# take PATH: a result file, or of a folder what report.sh would take: lines of $tmp/taken.
take() {
	local file twin
	[ -r "$1" ] || die "cannot read $1"
	if [ ! -d "$1" ]; then
		printf '%s\n' "$(plain_name "$1")" >>"$tmp/taken"
		return 0
	fi
	good_results "$1"
	while IFS='	' read -r file twin; do
		[ -n "$twin" ] || printf '%s\n' "$(plain_name "$file")" >>"$tmp/taken"
	done <"$tmp/good"
}

draw_all() {
	local size
	[ "$(word y_max)" != none ] || cannot "nothing to draw: no cell is timed call by call with 20 samples or more"
	draw latency latency
	[ "$(word ratios)" -eq 0 ] || draw ratio ratio
	for size in $(word dists); do
		draw distribution "distribution-$size" "$size"
	done
}

set_option() {
	case $1 in
	--out) out=$2 ;;
	--format) formats=$2 ;;
	--sizes) sizes=$2 ;;
	--allocs) allocs=$2 ;;
	esac
}

# run RESULT...
run() {
	local file
	[ $# -gt 0 ] || wrong "no result given"
	case $formats in svg | png | svg,png | png,svg) ;; *) wrong "--format is svg, png or svg,png, not '$formats'" ;; esac
	case $sizes in *[!0-9,]*) wrong "--sizes is a list of bytes, such as 64,4096, not '$sizes'" ;; esac
	need gnuplot awk
	tmp=$(mktemp -d)
	trap cleanup EXIT
	trap 'exit 130' INT TERM HUP
	out=${out:-$(folder_of "$1")}
	for file; do
		take "$file"
	done
	mkdir -p -- "$out"
	set --
	while IFS= read -r file; do
		set -- "$@" "$file"
	done <"$tmp/taken"
	prepare "$sizes" "$allocs" "$@"
	draw_all
}

main() {
	out='' formats=svg,png sizes='' allocs=''
	with_options run '-o|--out= --format= --sizes= --allocs=' "$@"
}

main "$@"
