#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Compare two kernels by their results and judge every cell.
set -eu

scripts=$(cd -- "$(dirname -- "$0")" && pwd -P)
# shellcheck source=bench-scripts/lib/host.sh
. "$scripts/lib/host.sh"
# shellcheck source=bench-scripts/gate/sides.sh
. "$scripts/gate/sides.sh"
# shellcheck source=bench-scripts/gate/verdict.sh
. "$scripts/gate/verdict.sh"

usage() {
	cat <<'USAGE'
usage: compare.sh [option...] BASE NEW
       compare.sh [option...] --verdict FILE

BASE and NEW are result files, or folders of several boots as vm.sh and ci.sh
leave them. Folders named phase-* hold the phases of the instruction lane;
boot-1, boot-2... are equal boots there, and pairs of boots in the time lane.
One boot a side in the time lane says nothing of what another boot would say:
it is judged by its rounds with --boot-noise only.

  --suite SUITE    what its lines "tolerance BOUND FILTER" allow single cells,
                   such as "tolerance 5% alloc=vmalloc", in place of --threshold
                   and --delta
  --aa DIR         BASE booted once more: the A/A arm (time lane)
  --threshold N    instruction lane: a rise up to N instructions, or N%, passes
  --delta PCT      time lane: smallest change of interest, default 2
  --foretell N     time lane: judge nothing; say which change N pairs like these
                   find
  --boot-noise PCT
                   time lane, one boot a side, 30 rounds or more: what two boots
                   of one kernel differ by on that machine; without it nothing
                   is called
  --blind          instruction lane: judge even where kernel, module and
                   command line are identical
  --strict         refuse another QEMU too: for results of another time or place
  --across-compilers
                   instruction lane: also where two compilers built the modules;
                   what they change of the cells control, the module's own, is
                   not judged
  --lines          instruction lane, results with vectors (vm.sh --vector): fail
                   on lines and bytes of memory, too, not on locked
                   instructions, TLB flushes and the like alone
  --all            text: also the rows without a change
  --filter FILTER  print only the figures for which it holds, such as
                   'change>5% && op=free' or 'alloc~^k && !(size<4K)': columns
                   cell alloc size pattern flags context words op figure base
                   new diff change tolerance low high p verdict need remark;
                   signs = != < <= > >= ~ !~ && || ! ( ). What is saved and the
                   exit code are those of all figures
  --format F       one of these, the first unless you say so: text markdown json
                   ktap junit benchmark-action bmf openmetrics lava
  --save DIR       leave the verdict table and every format in DIR as well
  --verdict FILE   print this verdict table, made before
  --failed FILE    each line is a boot that failed: nothing passes then
  --command TEXT   the command the report names as the one that reproduces it

On a terminal verdicts are coloured, unless NO_COLOR is set.
Exit: 0 no regression, 1 regression, 2 wrong use, bad file, or not comparable,
3 could not be judged.
USAGE
}

formats='text markdown json ktap junit benchmark-action bmf openmetrics lava kcidb'
aa='' threshold='' delta=2 delta_given='' noise='' foretell='' failed='' blind='' strict='' across='' lines='' all='' format='' save='' verdict='' command='' filter='' suite='' tmp='' base='' new=''

# lane_of PATH: by its first result.
lane_of() {
	results_in "$1" >"$tmp/results"
	lane_of_file "$(head -n 1 "$tmp/results" | cut -f 2)"
}

# check_lane: an option of the other lane would change nothing, and nobody would notice.
check_lane() {
	case $lane in
	insn) none_of "the time lane" --aa --delta --foretell ;;
	*) none_of "the instruction lane" --threshold --blind --across-compilers --lines ;;
	esac
}

# tables NAMES: of every file in the map.
tables() {
	local names="$1" file
	set --
	while IFS='	' read -r file _; do
		set -- "$@" "$file"
	done <"$tmp/map"
	awk -f "$scripts/results.awk" -v table="$names" "$@"
}

# read_sides BASE NEW: $tmp/map and $tmp/tables, or an end with exit code 2.
read_sides() {
	lane=$(lane_of "$1") || exit
	check_lane
	[ -z "$suite" ] || check_tolerances "$lane" "$suite"
	plan_part tolerance ${suite:+"$suite"} >"$tmp/tolerances"
	: >"$tmp/map" && : >"$tmp/twins" && : >"$tmp/bad"
	add_side base "$1"
	add_side new "$2"
	[ -z "$aa" ] || add_side aa "$aa"
	: >"$tmp/vectors"
	if [ "$lane" = insn ]; then
		add_vectors base "$1"
		add_vectors new "$2"
	fi
	for side in base new; do
		grep -q "	$side	" "$tmp/map" || cannot "$side has no result of a good boot"
	done
	tables meta,param,clock,end,cells,ops,hists,counter >"$tmp/tables" || exit 2
}

# print_foretold: a sentence for each kind of figure.
print_foretold() {
	check_delta >/dev/null
	rows
	gate time -f "$scripts/gate/delay.awk" -v delta="$delta" -v foretell="$foretell" | sed -n 's/^note	//p' >"$tmp/foretold"
	[ -s "$tmp/foretold" ] || cannot "no figure is in both of $base and $new: nothing can be foretold"
	cat "$tmp/foretold"
}

# coloured FILE: verdicts of a text, where a person reads it on a terminal that can, and wants it (https://no-color.org).
coloured() {
	local e
	e=$(printf '\033')
	if [ "${format:-text}" != text ] || [ ! -t 1 ] || [ -n "${NO_COLOR-}" ] || [ "${TERM-dumb}" = dumb ]; then
		cat -- "$1"
	else
		sed -E "s/\b(REGRESSION|FAIL)\b/${e}[1;31m&${e}[0m/g; s/\b(IMPROVEMENT|PASS|SAME)\b/${e}[1;32m&${e}[0m/g
			s/\b(INCONCLUSIVE|ERROR)\b/${e}[1;33m&${e}[0m/g" "$1"
	fi
}

# print_as FORMAT VERDICT
print_as() {
	awk -f "$scripts/draw/escaped.awk" -f "$scripts/export/label.awk" -f "$scripts/export/verdict.awk" \
		-f "$scripts/export/groups.awk" -f "$scripts/export/$1.awk" -v all="$all" "$2"
}

extension() {
	case $1 in
	text) echo txt ;;
	markdown) echo md ;;
	json) echo json ;;
	junit) echo xml ;;
	benchmark-action | bmf | kcidb) echo "$1.json" ;;
	*) echo "$1.txt" ;;
	esac
}

save_all() {
	local name
	mkdir -p "$save" || cannot "cannot make $save: see message above"
	for name in $formats; do
		print_as "$name" "$tmp/verdict" >"$save/verdict.$(extension "$name")" || cannot "cannot write to $save: see message above"
	done
	# Last, and whole or not at all: who finds it finds the rest.
	if ! cp "$tmp/verdict" "$save/verdict.part" || ! mv -- "$save/verdict.part" "$save/verdict.tsv"; then
		cannot "cannot write to $save: see message above"
	fi
}

set_option() {
	case $1 in
	--aa) aa=$2 ;;
	--threshold) threshold=$2 ;;
	--delta) delta=$2 delta_given=1 ;;
	--boot-noise) noise=$2 ;;
	--foretell) foretell=$2 ;;
	--failed) failed=$2 ;;
	--save) save=$2 ;;
	--verdict) verdict=$2 ;;
	--command) command=$2 ;;
	--filter) filter=$2 ;;
	--suite) suite=$2 ;;
	--blind) blind=1 ;;
	--strict) strict=1 ;;
	--across-compilers) across=1 ;;
	--lines) lines=1 ;;
	--all) all=1 ;;
	--format)
		[ -z "$format" ] || wrong "one format, not '$format' and '$2'"
		format=$2
		;;
	esac
}

check_numbers() {
	check_bounds "$threshold" "$delta"
	[ -z "$noise" ] || is_decimal "$noise" || wrong "--boot-noise: percent, not '$noise'"
	case $foretell in
	*[1-9]* | '') [ -z "$foretell" ] || is_count "$foretell" && return ;;
	esac
	wrong "--foretell: a number of pairs, not '$foretell'"
}

# take_verdict FILE: one made before, into $tmp/verdict.
take_verdict() {
	[ -z "$base" ] || wrong "--verdict takes no BASE and NEW, such as '$base'"
	[ -z "$suite$aa$threshold$delta_given$noise$foretell$failed$blind$strict$across$lines" ] ||
		wrong "--verdict prints what was judged before: no other option than --all, --filter, --save and --format changes it"
	[ -r "$1" ] || die "--verdict: cannot read $1"
	whole_verdict "$1" || die "$1 is not a whole verdict table: its last line must be 'end' and the number of rows"
	cp -- "$1" "$tmp/verdict"
}

# run BASE NEW
run() {
	[ $# -le 2 ] || wrong "BASE and NEW, and '$3' is one too many"
	base=${1-} new=${2-}
	check_numbers
	[ -z "$filter" ] || shown "$filter" >/dev/null
	trap drop_tmp EXIT
	trap 'exit 130' INT TERM HUP
	tmp=$(mktemp -d)
	if [ -n "$verdict" ]; then
		take_verdict "$verdict"
	else
		[ -n "$new" ] || wrong "BASE and NEW are needed"
		read_sides "$base" "$new"
		[ -z "$foretell" ] || { print_foretold && decide 0; }
		judge_map
	fi
	[ -z "$save" ] || save_all
	cp -- "$tmp/verdict" "$tmp/shown"
	[ -z "$filter" ] || shown "$filter" "$tmp/verdict" >"$tmp/shown"
	print_as "${format:-text}" "$tmp/shown" >"$tmp/printed"
	coloured "$tmp/printed"
	decide "$(sed -n 's/^run	exit	//p' "$tmp/verdict")"
}

main() {
	command=$(quoted bench-scripts/compare.sh "$@")
	with_options run "--aa=DIR --threshold=BOUND --delta=PCT --boot-noise=PCT --foretell=N --failed=FILE --save=DIR --filter=FILTER --suite=SUITE
		--verdict=FILE --command=TEXT
		--format=$(printf '%s' "$formats" | tr ' ' '|') --blind --strict --all --across-compilers --lines RESULT" "$@"
}

main "$@"
