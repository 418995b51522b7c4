#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# One page that a person reads in a minute: HTML, Markdown and plain text.
set -eu

scripts=$(cd -- "$(dirname -- "$0")" && pwd -P)
# shellcheck source=bench-scripts/lib/host.sh
. "$scripts/lib/host.sh"
# shellcheck source=bench-scripts/gate/sides.sh
. "$scripts/gate/sides.sh"
# shellcheck source=bench-scripts/gate/verdict.sh
. "$scripts/gate/verdict.sh"
# shellcheck source=bench-scripts/draw/draw.sh
. "$scripts/draw/draw.sh"
# shellcheck source=bench-scripts/report/write.sh
. "$scripts/report/write.sh"

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
  --verdict FILE    the verdict.tsv of compare.sh --save, where a comparison was
                    made already
  --across-compilers
                    with --base, instruction lane: also where two compilers
                    built the modules, as in compare.sh
  --explain FILE    explain.tsv of explain.sh: functions and flame graphs
  --hgrm DIR        every histogram in HdrHistogram's percentile format; of
                    several configurations, a folder set-N for each
  --hgrm-match TEXT
                    only those whose file name (alloc-size-op) contains TEXT
Prints the path of the report and its answer.
Exit: 0 good, 2 wrong use or a bad file, 3 it could not be written.
USAGE
}

out='' verdict='' explain='' hgrm='' match='' tmp=''
# What compare.sh judges by where nothing else is asked for.
# shellcheck disable=SC2034 # read by gate/verdict.sh
aa='' threshold='' delta=2 noise='' failed='' blind='' strict='' across='' command='' lane=''

cleanup() {
	[ -z "$tmp" ] || rm -rf -- "$tmp"
}

# take_result base|new PATH
take_result() {
	printf '%s\n' "$2" >>"$tmp/$1-paths"
	candidates "$1" "$2"
}

# name_phases SIDE: of several paths each folder of results is a phase: boot-2 would be taken for the equal of boot-1.
name_phases() {
	[ "$(grep -c '' "$tmp/$1-paths")" -gt 1 ] || return 0
	awk -F '\t' -v OFS='\t' -v side="$1" '
		$1 == side {
			folder = $3
			sub(/[^\/]*$/, "", folder)
			if (!(folder in number))
				number[folder] = ++phases
			$2 = "phase-" number[folder]
			$4 = "-"
		}
		{ print }' "$tmp/candidates" >"$tmp/named"
	mv -- "$tmp/named" "$tmp/candidates"
}

# make_costs: the tables of each set, and what each call of it costs.
make_costs() {
	local set
	awk -f "$scripts/lib/kind.awk" -f "$scripts/report/sets.awk" -v work="$tmp" "$tmp/map" "$tmp/tables" "$tmp/tables" >"$tmp/sets" || exit 2
	sed 1d "$tmp/sets" | cut -f 2 >"$tmp/set-names"
	while IFS= read -r set; do
		awk -f "$scripts/lib/kind.awk" -f "$scripts/lib/points.awk" -v table=about,points,hists "$tmp/$set.tables" >"$tmp/points" || exit 2
		awk -f "$scripts/draw/units.awk" -f "$scripts/draw/heads.awk" -f "$scripts/draw/costs.awk" "$tmp/points" >"$tmp/$set.costs"
		# The samples are in it now.
		awk -F '\t' '$1 != "hists" && $1 != "ops"' "$tmp/$set.tables" >"$tmp/$set.rest"
	done <"$tmp/set-names"
}

# take_vectors: of the first path of either side that has any: for the verdict, and as $tmp/touch-SIDE for the table of what
# a call touches.
take_vectors() {
	local side path
	for side in base new; do
		: >"$tmp/touch-$side"
		[ -e "$tmp/$side-paths" ] || continue
		while IFS= read -r path; do
			add_vectors "$side" "$path"
			! grep -q "	$side\$" "$tmp/vectors" || break
		done <"$tmp/$side-paths"
		vector_table "$side" >"$tmp/vector-table" || exit 2
		sed 's/^/vector	/' "$tmp/vector-table" >"$tmp/touch-$side"
	done
}

# judge_sides: the verdict of compare.sh, or in $tmp/refusal why there is none.
judge_sides() {
	local code=0
	lane=$(awk -F '\t' 'FNR == NR { if ($2 == "base" && base == "") base = $1; next }
		$1 == "meta" && $2 == base && $3 == "lane" { print $4 }' "$tmp/map" "$tmp/tables")
	[ -z "$across" ] || [ "$lane" = insn ] || die "--across-compilers is for the instruction lane"
	command="bench-scripts/compare.sh ${across:+--across-compilers }$(quoted "$(head -n 1 "$tmp/base-paths")" "$(head -n 1 "$tmp/new-paths")")"
	(judge_map) 2>"$tmp/refusal" || code=$?
	[ -s "$tmp/refusal" ] || [ "$code" != 0 ] || return 0
	note "the kernels are not compared (exit $code): $(sed "s/^$me: //" "$tmp/refusal")"
	sed "s/^$me: /said	refusal	/" "$tmp/refusal" | head -n 1 >>"$tmp/said"
	rm -f -- "$tmp/verdict"
}

# make_verdict: of the user, or of our own; in the groups that people read.
make_verdict() {
	if [ -n "$verdict" ]; then
		whole_verdict "$verdict" || die "$verdict is not a whole verdict table, as compare.sh --save leaves one"
		cp -- "$verdict" "$tmp/verdict"
	else
		judge_sides
	fi
	[ ! -s "$tmp/verdict" ] || read_verdict "$tmp/verdict" >"$tmp/groups"
}

set_option() {
	case $1 in
	--base) take_result base "$2" ;;
	--out) out=$2 ;;
	--verdict) verdict=$2 ;;
	--across-compilers) across=1 ;;
	--explain) explain=$2 ;;
	--hgrm) hgrm=$2 ;;
	--hgrm-match) match=$2 ;;
	esac
}

# say_faults: what is wrong with boots that are not part of the report, for the report.
say_faults() {
	local fault
	{
		check_twins
		check_bad_boots
	} | cut -f 2 | sed 's/^new: //' >"$tmp/faults"
	while IFS= read -r fault; do
		note "$fault"
		printf 'said\tfault\t%s\n' "$fault" >>"$tmp/said"
	done <"$tmp/faults"
}

# keep_inputs: the report takes the place of nothing it is made from. It has its .md and .txt beside the page.
keep_inputs() {
	local file
	realpath -m -- "$out" "$stem.md" "$stem.txt" >"$tmp/written"
	cut -f 3 "$tmp/candidates" >"$tmp/inputs"
	for file in "$verdict" "$explain"; do
		[ -z "$file" ] || printf '%s\n' "$file" >>"$tmp/inputs"
	done
	while IFS= read -r file; do
		realpath -- "$file"
	done <"$tmp/inputs" >"$tmp/real"
	file=$(grep -xF -f "$tmp/real" "$tmp/written" | head -n 1)
	[ -z "$file" ] ||
		die "the report would take the place of $file, which it is made from: name another file with -o"
}

# take_flames: each flame graph as a picture of its own, whose styles stay inside.
take_flames() {
	local file name
	mkdir -p -- "$tmp/svg"
	for file in "$(dirname -- "$explain")"/flame/*.svg; do
		[ -f "$file" ] || continue
		name=${file##*/}
		printf '<div class="scroll"><img alt="Flame graph" style="width:100%%;min-width:44rem" src="data:image/svg+xml;base64,%s"></div>\n' "$(base64 <"$file" | tr -d '\n')" >"$tmp/svg/flame-$name"
	done
}

# make_lines: the report as lines, its pictures as files.
make_lines() {
	local set at="$scripts/draw" here="$scripts/report"
	set --
	while IFS= read -r set; do
		set -- "$@" "set=$set" "$tmp/$set.rest" "$tmp/$set.costs"
	done <"$tmp/set-names"
	set -- "$@" set=touch-base "$tmp/touch-base" set=touch-new "$tmp/touch-new"
	if [ -n "$explain" ]; then
		set -- "$@" set=explain "$(plain_name "$explain")"
		take_flames
	fi
	awk -f "$at/units.awk" -f "$at/heads.awk" -f "$at/tables.awk" -f "$at/answer.awk" -f "$at/pictures.awk" -f "$at/sweeps.awk" -f "$at/changes.awk" \
		-f "$at/switches.awk" -f "$scripts/gate/stats.awk" -f "$scripts/lib/sums.awk" -f "$scripts/lib/draws.awk" \
		-f "$here/read.awk" -f "$here/document.awk" -f "$here/chapter.awk" -f "$here/comparison.awk" \
		-f "$here/folklore.awk" -f "$here/explained.awk" -f "$here/touches.awk" -f "$here/counters.awk" \
		-f "$here/report.awk" -v pictures="$tmp/pictures" \
		"$tmp/sets" "$tmp/said" "$tmp/groups" "$@" >"$tmp/lines" || exit
	draw_pictures "$tmp/pictures" "$tmp/svg" "$tmp/drawn" svg
}

# say_answer: of the text report what a terminal has room for: the table of costs, what went wrong, and what to do.
say_answer() {
	awk -F '\t' '
		$1 ~ /^(title|sub)$/ { print }
		$1 == "section" { here = $2 ~ /^(answer|summary)$/ }
		here && $1 ~ /^(table|head|row|note)$/ { print }
		here && $1 == "para" && $2 == "warn" { print }
		here && $1 == "para" && $2 == "answer" { last = last $0 "\n" }
		END { printf "%s", last }' "$tmp/lines" | awk -f "$scripts/report/text.awk"
}

# write_hgrm: of several sets a folder each.
write_hgrm() {
	local set sets files=0 folder
	sets=$(grep -c '^new' "$tmp/set-names")
	while IFS= read -r set; do
		case $set in base*) continue ;; esac
		folder=$hgrm
		[ "$sets" = 1 ] || folder=$hgrm/set-${set#new}
		mkdir -p -- "$folder" || cannot "cannot make $folder"
		files=$((files + $(as_hgrm "$folder" "$tmp/$set.costs")))
	done <"$tmp/set-names"
	note "$files .hgrm files in $hgrm"
}

# as_hgrm FOLDER COSTS...: how many there are; without a folder they are only counted.
as_hgrm() {
	local folder="$1"
	shift
	awk -f "$scripts/draw/units.awk" -f "$scripts/draw/heads.awk" -f "$scripts/draw/tables.awk" -f "$scripts/report/hgrm.awk" -v folder="$folder" -v match_text="$match" "$@"
}

# check_words: what can be known before a result is read.
check_words() {
	local file
	[ -e "$tmp/new-paths" ] || wrong "no result given, or the folder has none"
	for file in "$verdict" "$explain"; do
		[ -z "$file" ] || [ -s "$file" ] || die "cannot read $file"
	done
	[ -z "$explain" ] || head -n 1 -- "$explain" | grep -qx 'about	key	value' || die "$explain is not what explain.sh writes"
	[ -z "$match" ] || [ -n "$hgrm" ] || wrong "--hgrm-match chooses among the files of --hgrm, which is missing"
	[ -z "$verdict" ] || [ -e "$tmp/base-paths" ] || die "--verdict is about a comparison: --base is missing"
	[ -z "$across" ] || [ -e "$tmp/base-paths" ] || die "--across-compilers is about a comparison: --base is missing"
	[ -z "$across" ] || [ -z "$verdict" ] || die "--across-compilers would judge anew, and --verdict was judged already"
	case $out in
	*.md | *.txt) die "--out names the HTML page; Markdown and text go beside it as .md and .txt" ;;
	esac
}

# step N TEXT: how far we are.
step() {
	progress "$1" 5 "$since" "$2"
}

# run RESULT...
run() {
	local file stem since
	since=$(seconds)
	for file in "$@"; do
		take_result new "$file"
	done
	check_words
	out=${out:-$(folder_of "${1-}")/report.html}
	case ${out##*/} in
	?*.*) stem=${out%.*} ;;
	*) stem=$out ;;
	esac
	keep_inputs
	name_phases new
	[ ! -e "$tmp/base-paths" ] || name_phases base
	step 0 "reading results"
	read_results meta,param,clock,fact,cells,ops,hists,tail,counter,end
	say_faults
	mkdir -p -- "$(dirname -- "$out")" || cannot "no folder for $out"
	step 1 "merging results"
	make_costs
	take_vectors
	step 2 "comparing the kernels"
	[ ! -e "$tmp/base-paths" ] || make_verdict
	[ -z "$hgrm" ] || [ "$(as_hgrm '' "$tmp"/new*.costs)" -gt 0 ] ||
		die "--hgrm-match $match: no histogram has that in its file name, alloc-size-op"
	step 3 "drawing"
	make_lines
	step 4 "writing the pages"
	write_pages "$out" "$stem"
	[ -z "$hgrm" ] || write_hgrm
	progress_end
	printf '%s\n\n' "$out"
	say_answer
}

main() {
	need awk gnuplot realpath
	tmp=$(mktemp -d)
	for file in candidates twins bad said groups vectors; do
		: >"$tmp/$file"
	done
	printf 'said\tkey\tvalue\n' >"$tmp/said"
	trap cleanup EXIT
	trap 'exit 130' INT TERM HUP
	with_options run '--base=RESULT... -o|--out=FILE --verdict=FILE --across-compilers --explain=FILE --hgrm=DIR --hgrm-match=TEXT RESULT' "$@"
}

main "$@"
