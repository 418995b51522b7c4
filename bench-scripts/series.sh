#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# A series of kernels: one table, one picture, one sentence, and between which of them a cost changed.
set -eu

scripts=$(cd -- "$(dirname -- "$0")" && pwd -P)
# shellcheck source=bench-scripts/lib/host.sh
. "$scripts/lib/host.sh"
# shellcheck source=bench-scripts/gate/sides.sh
. "$scripts/gate/sides.sh"
# shellcheck source=bench-scripts/draw/draw.sh
. "$scripts/draw/draw.sh"
# shellcheck source=bench-scripts/report/write.sh
. "$scripts/report/write.sh"

usage() {
	cat <<'USAGE'
usage: series.sh [option...] FOLDER...

FOLDER holds a folder for each kernel, as matrix.sh leaves them: results of
vm.sh or ci.sh, of any day. Each kernel is judged against the one before it, as
by compare.sh: a regression or an improvement is a step, nothing else is.

  -o, --out STEM   STEM.html, .txt, .md and .tsv, and STEM.d with the verdicts;
                   default: series in the first FOLDER
  --order FILE     the folders in order, one a line; after a tab, another
                   name for it; default: by version
  --again WORDS    options and plan with which explain.sh repeats the
                   measurement; with it every step names the command that finds
                   its functions
Prints STEM.txt. A kernel without a good boot keeps its column, which says why.
Exit: 0 good, 2 wrong use or a bad file, 3 nothing to show.
USAGE
}

out='' order='' again='' tmp=''

set_option() {
	case $1 in
	--out) out=$2 ;;
	--order) order=$2 ;;
	--again) again=$2 ;;
	esac
}

# folders FOLDER...: those with results right below, by version.
folders() {
	local folder side
	for folder in "$@"; do
		for side in "$folder"/*/; do
			side=${side%/}
			[ -d "$side" ] || continue
			[ -n "$(find -H "$side" -type f '(' -name 'result*.txt' -o -name failed ')' | head -n 1)" ] || continue
			printf '%s\t%s\n' "${side##*/}" "$side"
		done
	done | sort -V -k 1,1
}

# ordered FOLDER...: lines NAME TAB PATH, as --order has them.
ordered() {
	local side name path folder
	if [ -z "$order" ]; then
		folders "$@"
		return
	fi
	while IFS='	' read -r side name; do
		path=''
		for folder in "$@"; do
			[ ! -d "$folder/$side" ] || path=$folder/$side
		done
		printf '%s\t%s\n' "${name:-$side}" "${path:-$1/$side}"
	done <"$order"
}

# fault_of PATH: why a kernel has no column of figures; nothing where it has.
fault_of() {
	local file
	file=$(find "$1" -type f -name failed 2>/dev/null | sort | head -n 1)
	if [ -n "$file" ]; then
		sed -n 2p "$file"
	elif [ -z "$(find -H "$1" -type f -name 'result*.txt' 2>/dev/null | head -n 1)" ]; then
		printf 'it was not measured'
	fi
}

# kernel_of PATH: the kernel of the first result.
kernel_of() {
	local file
	file=$(find -H "$1" -type f -name 'result*.txt' | sort | head -n 1)
	awk -f "$scripts/results.awk" -v table=meta "$(plain_name "$file")" >"$tmp/meta" || exit 2
	awk -F '\t' '$2 == "kernel" { print $3; exit }' "$tmp/meta"
}

# take_columns FOLDER...: $tmp/columns: kernel N NAME RELEASE FAULT PATH.
take_columns() {
	local name path fault release n=0
	ordered "$@" >"$tmp/ordered"
	while IFS='	' read -r name path <&6; do
		n=$((n + 1))
		fault=$(fault_of "$path")
		release=$name
		[ -n "$fault" ] || release=$(kernel_of "$path") || exit
		printf 'kernel\t%s\t%s\t%s\t%s\t%s\n' "$n" "$name" "$release" "${fault:--}" "$path" >>"$tmp/columns"
	done 6<"$tmp/ordered"
}

# judge_pair N M BASE NEW: the verdict of two neighbours goes into the work folder, or why there is none.
judge_pair() {
	local dir="$tmp/verdicts/$1-$2" code=0
	"$scripts/compare.sh" --blind --across-compilers --save "$dir" "$3" "$4" >/dev/null 2>"$tmp/refusal" || code=$?
	if [ ! -f "$dir/verdict.tsv" ] && grep -q control "$tmp/refusal"; then
		"$scripts/compare.sh" --blind --save "$dir" "$3" "$4" >/dev/null 2>"$tmp/refusal" || code=$?
	fi
	if [ -f "$dir/verdict.tsv" ]; then
		printf 'step\t%s\t%s\n' "$1" "$2"
		cat -- "$dir/verdict.tsv"
	else
		printf 'refused\t%s\t%s\t%s\n' "$1" "$2" "$(head -n 1 "$tmp/refusal" | sed 's/^compare.sh: //')"
	fi
}

# judge_all: every kernel that was measured against the one measured before it.
judge_all() {
	local n fault path last='' last_path=''
	mkdir -p -- "$tmp/verdicts"
	while IFS='	' read -r _ n _ _ fault path <&6; do
		[ "$fault" = - ] || continue
		[ -z "$last" ] || judge_pair "$last" "$n" "$last_path" "$path"
		last=$n last_path=$path
	done 6<"$tmp/columns" >"$tmp/judged"
	[ -n "$last" ] || cannot "no kernel was measured: $(cut -f 3,5 "$tmp/columns" | tr '\t\n' ' ,')"
}

# write_all: the lines of the page, its pictures, and what is made of them.
write_all() {
	local at="$scripts/draw"
	awk -f "$at/units.awk" -f "$scripts/export/label.awk" -f "$scripts/report/document.awk" -f "$scripts/matrix/series.awk" \
		-v pictures="$tmp/pictures" -v numbers="$tmp/series.tsv" -v again="$again" -v verdict_folder="$out.d" \
		"$tmp/columns" "$tmp/judged" >"$tmp/lines" || exit 3
	: >>"$tmp/pictures"
	mkdir -p -- "$(dirname -- "$out")" "$tmp/svg"
	[ ! -s "$tmp/pictures" ] || draw_pictures "$tmp/pictures" "$tmp/svg" "$tmp/drawn" svg
	rm -rf -- "$out.d"
	if ! cp -R -- "$tmp/verdicts" "$out.d" || ! cp -- "$tmp/series.tsv" "$out.tsv"; then
		cannot "cannot write to $(dirname -- "$out"): see message above"
	fi
	write_pages "$out.html" "$out"
	cat -- "$out.txt"
}

# run FOLDER...
run() {
	local folder
	[ $# -gt 0 ] || wrong "no folder is named"
	for folder in "$@"; do
		[ -d "$folder" ] || die "no folder $folder"
	done
	[ -z "$order" ] || [ -r "$order" ] || die "--order: cannot read $order"
	need awk gnuplot
	trap drop_tmp EXIT
	trap 'exit 130' INT TERM HUP
	tmp=$(mktemp -d)
	out=${out:-${1%/}/series}
	: >"$tmp/columns"
	take_columns "$@"
	[ -s "$tmp/columns" ] || cannot "no folder with results in $*"
	judge_all
	write_all
}

main() {
	with_options run '-o|--out=FILE --order=FILE --again=WORDS DIR' "$@"
}

main "$@"
