#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# plot.sh - pictures of results, for people.
set -eu

scripts=$(cd -- "$(dirname -- "$0")" && pwd -P)
# shellcheck source=bench-scripts/lib/host.sh
. "$scripts/lib/host.sh"
# shellcheck source=bench-scripts/gate/sides.sh
. "$scripts/gate/sides.sh"
# shellcheck source=bench-scripts/draw/draw.sh
. "$scripts/draw/draw.sh"

usage() {
	cat <<'EOF_USAGE'
usage: plot.sh [option...] RESULT...
       plot.sh [option...] --verdict FILE

RESULT is a result file, or a folder of boots: its good ones, equal boots once.

  --verdict FILE   base beside new, from the verdict.tsv of ci.sh or of
                   compare.sh --save
  -o, --out DIR    where the pictures go (default: beside the first result, or
                   in the folder)
  --format LIST    svg, png or svg,png (default: svg,png)
  --sizes LIST     sizes of the distributions (default: 64,4K,64K,1M where
                   measured), or of the rows of change
  --allocs LIST    what to draw (default: kmalloc,kzalloc,kvmalloc,vmalloc where
                   measured; of a verdict everything)

Draws latency, ratio, distribution-SIZE and bars-SIZE; of a verdict change.
RESULTs of one kernel and lane are merged. An SVG follows the reader's light or
dark mode and tells its values when pointed at.
Exit: 0 good, 2 wrong use or a bad file, 3 nothing to draw.
EOF_USAGE
}

cleanup() {
	rm -rf -- "$tmp"
}

# read_costs RESULT...: a status left of a pipe would be lost: it goes through files.
read_costs() {
	local file
	for file; do
		candidates new "$file"
	done
	read_results meta,clock,cells,ops,hists
	awk -f "$scripts/lib/kind.awk" -f "$scripts/lib/points.awk" -v table=about,points,hists "$tmp/tables" >"$tmp/points" || exit 2
	awk -f "$scripts/draw/units.awk" -f "$scripts/draw/heads.awk" -f "$scripts/draw/costs.awk" "$tmp/points" >"$tmp/costs"
}

# prepare WHY: what is to be drawn, from the tables in costs; WHY it is nothing.
prepare() {
	local at="$scripts/draw"
	awk -f "$at/units.awk" -f "$at/heads.awk" -f "$at/tables.awk" -f "$at/answer.awk" -f "$at/pictures.awk" -f "$at/changes.awk" -f "$at/plot.awk" \
		-v pictures="$tmp/pictures" -v sizes_wanted="$sizes" -v allocs_wanted="$allocs" "$tmp/costs"
	[ -s "$tmp/pictures" ] || cannot "nothing to draw: $1"
}

draw_all() {
	local format name
	for format in $(printf '%s' "$formats" | tr ',' ' '); do
		draw_pictures "$tmp/pictures" "$out" "$tmp/drawn" "$format"
	done
	while IFS= read -r name; do
		for format in $(printf '%s' "$formats" | tr ',' ' '); do
			printf '%s\n' "$out/$name.$format"
		done
	done <"$tmp/drawn/names"
}

set_option() {
	case $1 in
	--out) out=$2 ;;
	--verdict) verdict=$2 ;;
	--format) formats=$2 ;;
	--sizes)
		sizes=$(printf '%s\n' "$2" | numfmt -d , --field=- --from=iec 2>/dev/null) ||
			wrong "--sizes is a list such as 64,4K, not '$2'"
		;;
	--allocs) allocs=$2 ;;
	esac
}

# run RESULT...
run() {
	local file why='no cell is timed call by call with 20 samples or more'
	[ $# -gt 0 ] || [ -n "$verdict" ] || wrong "no result given"
	[ $# -eq 0 ] || [ -z "$verdict" ] || wrong "--verdict is drawn alone, without '$1'"
	need gnuplot awk
	tmp=$(mktemp -d)
	trap cleanup EXIT
	trap 'exit 130' INT TERM HUP
	for file in candidates twins bad; do
		: >"$tmp/$file"
	done
	if [ -n "$verdict" ]; then
		[ -r "$verdict" ] || die "cannot read $verdict"
		whole_verdict "$verdict" || die "$verdict is not a whole verdict table, as compare.sh --save leaves one"
		read_verdict "$(plain_name "$verdict")" >"$tmp/costs"
		why='the verdict has no cell whose cost changed'
	else
		read_costs "$@"
	fi
	out=${out:-$(folder_of "${verdict:-$1}")}
	prepare "$why"
	mkdir -p -- "$out"
	draw_all
}

main() {
	out='' formats=svg,png sizes='' allocs='' verdict=''
	with_options run '-o|--out=DIR --verdict=FILE --format=svg|png|svg,png|png,svg --sizes=SIZES --allocs=ALLOCS RESULT' "$@"
}

main "$@"
