#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# One page that a person reads in a minute: HTML, Markdown and plain text.
set -eu

scripts=$(cd -- "$(dirname -- "$0")" && pwd -P)
# shellcheck source=bench-scripts/host.sh
. "$scripts/host.sh"
# shellcheck source=bench-scripts/gate/sides.sh
. "$scripts/gate/sides.sh"

usage() {
	cat <<'USAGE'
usage: report.sh [option...] RESULT... [--base RESULT...]

RESULT is a result file, or a folder of several boots as compare.sh takes it;
boots that were not good are left out, and equal boots count once.
Several results of one kernel and lane are merged; of another lane they make
another chapter; of another configuration (init_on_alloc and so on) they show
what each switch costs.

  -o, --out FILE    the HTML report (default: report.html beside the first
                    result); Markdown and text go beside it as .md and .txt
  --base RESULT...  results of the kernel to compare with, up to the end or
                    to the next option
  --verdict FILE    compare.sh --json, where a comparison was made already
  --explain FILE    explain.json of explain.sh: functions and flame graphs
  --hgrm DIR        every histogram in HdrHistogram's percentile format; of
                    several configurations, a folder set-N for each
  --hgrm-match TEXT only those whose file name (alloc-size-op) contains TEXT
Prints the path of the report and its answer.
Exit: 0 good, 2 wrong use or a bad file, 3 it could not be written.
USAGE
}

out='' verdict='' explain='' hgrm='' match='' tmp=''

cleanup() {
	[ -z "$tmp" ] || rm -rf -- "$tmp"
}

# take SIDE PATH: a result file, or of a folder what compare.sh would take.
take() {
	local side="$1" path="$2" file twin
	if [ ! -d "$path" ]; then
		take_file "$side" "$path"
		return 0
	fi
	good_results "$path"
	bad_boots "$side" "$path" >>"$tmp/bad"
	while IFS='	' read -r _ file; do
		realpath -- "$file" >>"$tmp/inputs"
	done <"$tmp/results"
	while IFS='	' read -r file twin; do
		if [ -n "$twin" ]; then
			printf '%s\t%s\t%s\n' "$side" "$file" "$twin" >>"$tmp/twins"
		else
			take_file "$side" "$file"
		fi
	done <"$tmp/good"
}

# take_file SIDE FILE: number it below $tmp/SIDE-in.
take_file() {
	local side="$1" path="$2" n
	[ -r "$path" ] || die "cannot read $path"
	path=$(plain_name "$path")
	mkdir -p -- "$tmp/$side-in"
	n=$(($(cat "$tmp/$side-count" 2>/dev/null || echo 0) + 1))
	echo "$n" >"$tmp/$side-count"
	realpath -- "$path" >>"$tmp/inputs"
	ln -s "$(realpath -- "$path")" "$tmp/$side-in/$n"
	awk -f "$scripts/results.awk" -v table=meta,param,clock,fact,cells,ops,hists,tail,end "$path" >"$tmp/$side-in/$n.tsv" || exit 2
}

# make_sets SIDE: the tables of each set below $tmp/SIDE/N.
make_sets() {
	local side="$1" set kind file
	set --
	while [ -f "$tmp/$side-in/$(($# + 1)).tsv" ]; do
		set -- "$@" "$tmp/$side-in/$(($# + 1)).tsv"
	done
	awk -f "$scripts/kind.awk" -f "$scripts/report/sets.awk" "$@" >"$tmp/sets"
	while IFS='	' read -r set kind file; do
		mkdir -p "$tmp/$side/$set"
		echo "$kind" >"$tmp/$side/$set/kind"
		cat -- "$file" >>"$tmp/$side/$set/all.tsv"
		awk -F '\t' '$1 != "hists" && $1 != "ops"' "$file" >>"$tmp/$side/$set/sources.tsv"
	done <"$tmp/sets"
	for set in "$tmp/$side"/*; do
		awk -f "$scripts/kind.awk" -f "$scripts/points.awk" -v table=about,points,hists "$set/all.tsv" >"$set/points.tsv" || exit 2
		rm -- "$set/all.tsv"
		awk -f "$scripts/cost.awk" -f "$scripts/answer.awk" -v what=sentences "$set/points.tsv" >"$set/sentences.tsv"
	done
}

# side_folder SIDE: what compare.sh is given: the one path there was, whose layout it knows, else a folder in which
# each folder of results is a boot. It is called a phase: boot-2 would be taken for the equal of boot-1.
side_folder() {
	local side="$1" n=0 boots=0 file from seen="$tmp/$1-folders"
	if [ "$(grep -c '' "$tmp/$side-paths")" = 1 ]; then
		cat -- "$tmp/$side-paths"
		return 0
	fi
	: >"$seen"
	while n=$((n + 1)) && [ -L "$tmp/$side-in/$n" ]; do
		file=$(readlink -- "$tmp/$side-in/$n")
		from=$(dirname -- "$file")
		grep -qxF -- "$from" "$seen" || printf '%s\n' "$from" >>"$seen"
		boots=$(grep -nxF -- "$from" "$seen" | cut -d : -f 1)
		mkdir -p "$tmp/$side-boots/phase-$boots"
		cp -- "$file" "$tmp/$side-boots/phase-$boots/result-$(printf %03d "$n").txt"
	done
	printf '%s' "$tmp/$side-boots"
}

# judge BASE NEW: the verdict of compare.sh; what it refuses is said in the report.
judge() {
	local code=0
	[ -z "$verdict" ] || return 0
	"$scripts/compare.sh" --json "$1" "$2" >"$tmp/verdict.json" 2>"$tmp/refusal" || code=$?
	if [ -s "$tmp/verdict.json" ]; then
		rm -f "$tmp/refusal"
		return 0
	fi
	note "the kernels are not compared (compare.sh: exit $code): $(cat "$tmp/refusal")"
}

set_option() {
	case $1 in
	--base) take_result base "$2" ;;
	--out) out=$2 ;;
	--verdict) verdict=$2 ;;
	--explain) explain=$2 ;;
	--hgrm) hgrm=$2 ;;
	--hgrm-match) match=$2 ;;
	esac
}

# take_result SIDE PATH
take_result() {
	take "$1" "$2"
	printf '%s\n' "$2" >>"$tmp/$1-paths"
}

# say_faults: what is wrong with boots that are not part of the report, for the report.
say_faults() {
	local fault
	{
		check_twins
		check_bad_boots
	} >"$tmp/found"
	cut -f 2 "$tmp/found" >"$tmp/faults"
	while IFS= read -r fault; do
		note "$fault"
	done <"$tmp/faults"
}

# keep_inputs: the report takes the place of nothing it is made from. It has its .md and .txt beside the page.
keep_inputs() {
	local stem="$out" file
	case ${out##*/} in
	?*.*) stem=${out%.*} ;;
	esac
	realpath -m -- "$out" "$stem.md" "$stem.txt" >"$tmp/written"
	for file in "$verdict" "$explain"; do
		[ -z "$file" ] || realpath -- "$file" >>"$tmp/inputs"
	done
	file=$(grep -xF -f "$tmp/inputs" "$tmp/written" | head -n 1)
	[ -z "$file" ] ||
		die "the report would take the place of $file, which it is made from: name another file with -o"
}

# run RESULT...
run() {
	local first="${1-}" file
	for file in "$@"; do
		take_result new "$file"
	done
	[ -d "$tmp/new-in" ] || wrong "no result given, or the folder has none"
	for file in "$verdict" "$explain"; do
		[ -z "$file" ] || [ -s "$file" ] || die "cannot read $file"
	done
	[ -z "$match" ] || [ -n "$hgrm" ] || wrong "--hgrm-match chooses among the files of --hgrm, which is missing"
	[ -z "$verdict" ] || [ -d "$tmp/base-in" ] || die "--verdict is about a comparison: --base is missing"
	case $out in
	*.md | *.txt) die "--out names the HTML page; Markdown and text go beside it as .md and .txt" ;;
	esac
	out=${out:-$(folder_of "$first")/report.html}
	keep_inputs
	say_faults
	mkdir -p -- "$(dirname -- "$out")" || cannot "no folder for $out"
	make_sets new
	if [ -d "$tmp/base-in" ]; then
		make_sets base
		judge "$(side_folder base)" "$(side_folder new)"
	fi
	set -- --work "$tmp" --out "$out"
	[ -z "$verdict" ] || set -- "$@" --verdict "$verdict"
	[ -z "$explain" ] || set -- "$@" --explain "$explain"
	[ -z "$hgrm" ] || set -- "$@" --hgrm "$hgrm" --hgrm-match "$match"
	python3 "$scripts/report/report.py" "$@" || exit
	printf '%s\n\n' "$out"
	awk -f "$scripts/cost.awk" -f "$scripts/answer.awk" "$tmp/new/1/points.tsv"
}

main() {
	export PYTHONUTF8=1
	need awk python3 realpath
	tmp=$(mktemp -d)
	: >"$tmp/inputs" && : >"$tmp/twins" && : >"$tmp/bad"
	trap cleanup EXIT
	trap 'exit 130' INT TERM HUP
	with_options run '--base=... -o|--out= --verdict= --explain= --hgrm= --hgrm-match=' "$@"
}

main "$@"
