# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
# Which result file belongs to which side and boot, sourced by compare.sh, report.sh and plot.sh, which set $tmp, and for
# add_side $lane:
# $tmp/map has a line FILE TAB SIDE TAB UNIT per result, $tmp/twins and $tmp/bad what adds nothing to it.
# shellcheck disable=SC2154 # tmp and lane: see above

# results_in PATH: the result files of a file or folder, each under its unit: UNIT TAB FILE. What report.sh left there is
# none.
results_in() {
	local path="$1" file unit
	[ "$path" = "$(printf '%s' "$path" | tr -d '\n\t')" ] || die "a tab or newline in a path cannot be read here: '$path'"
	if [ -f "$path" ]; then
		printf '.\t%s\n' "$path"
		return
	fi
	[ -d "$path" ] || die "no file or folder $path"
	# The boot of the vectors is no phase: it may have fewer CPUs and a shorter plan.
	find -H "$path" -path "$path/vector" -prune -o -type f -name 'result*.txt' -print | sort >"$tmp/found"
	[ -s "$tmp/found" ] ||
		find -H "$path" -type f -name '*.txt' '(' ! -name report.txt -o -exec grep -qx 'kallocbench [0-9]*' {} ';' ')' -print |
		sort >"$tmp/found"
	[ -s "$tmp/found" ] || cannot "no result in $path"
	while IFS= read -r file; do
		# The unit is the folder of the file below the path.
		unit=${file#"$path"}
		unit=${unit#/}
		case $unit in
		*/*) printf '%s\t%s\n' "${unit%/*}" "$file" ;;
		*) printf '.\t%s\n' "$file" ;;
		esac
	done <"$tmp/found"
}

# plain_name FILE: awk takes a name with '=' for an assignment, and one with '-' for an option.
plain_name() {
	case $1 in
	/* | ./*) printf '%s' "$1" ;;
	*) printf './%s' "$1" ;;
	esac
}

# lane_of_file FILE: as the result says it.
lane_of_file() {
	awk -f "$scripts/results.awk" -v table=meta "$(plain_name "$1")" >"$tmp/meta" || exit 2
	awk -F '\t' '$2 == "lane" { print $3; exit }' "$tmp/meta"
}

# bad_boots SIDE PATH: boots that failed or left no result, which nothing else here would notice.
bad_boots() {
	local file
	[ -d "$2" ] || return 0
	find "$2" -type f -name verdict | sort >"$tmp/verdicts"
	while IFS= read -r file; do
		if ! grep -qx good "$file" || ! ls "${file%/*}"/result*.txt >/dev/null 2>&1; then
			printf '%s\t%s\n' "$1" "$file"
		fi
	done <"$tmp/verdicts"
}

# boot_good FILE: no verdict beside it, or a good one.
boot_good() {
	local verdict=''
	[ -f "${1%/*}/verdict" ] || return 0
	IFS= read -r verdict <"${1%/*}/verdict" || :
	[ "$verdict" = good ]
}

# candidates SIDE PATH: the results of its good boots, for read_results: lines SIDE TAB UNIT TAB FILE TAB TWIN of
# $tmp/candidates. TWIN is what the file may be the equal of, or "-"; it counts where that is good and among them.
candidates() {
	local side="$1" unit file twin n=0
	[ -r "$2" ] || die "cannot read $2"
	(results_in "$2") >"$tmp/results" || exit 2
	while IFS='	' read -r unit file; do
		boot_good "$file" || continue
		n=$((n + 1))
		find_twin "$file" && boot_good "$twin" && cut -f 2 "$tmp/results" | grep -qxF -e "$twin" || twin=-
		printf '%s\t%s\t%s\t%s\n' "$side" "$unit" "$(own_name "$file" "$tmp/candidates")" "$twin" >>"$tmp/candidates"
	done <"$tmp/results"
	[ "$n" -gt 0 ] || die "no result of a good boot in $2"
	bad_boots "$side" "$2" >>"$tmp/bad"
}

# own_name FILE LIST: one that awk takes for a file. A result held against itself needs a second name: all goes by names.
own_name() {
	local file
	file=$(plain_name "$1")
	while grep -Fq -e "$file	" "$2"; do
		file=${file%/*}/./${file##*/}
	done
	printf '%s' "$file"
}

# read_results TABLES: every candidate once, into $tmp/tables, $tmp/map and $tmp/twins. Only in the instruction lane equal
# boots repeat each other; there they are not even read.
read_results() {
	local side unit file twin
	read_these "$1" '$4 == "-"' >"$tmp/tables" || exit 2
	awk -F '\t' '$1 == "meta" && $3 == "lane" { print $2 "\t" $4 }' "$tmp/tables" >"$tmp/lanes"
	: >"$tmp/map" && : >"$tmp/more"
	while IFS='	' read -r side unit file twin; do
		if [ "$twin" != - ] && grep -qxF -e "$(plain_name "$twin")	insn" "$tmp/lanes"; then
			printf '%s\t%s\t%s\n' "$side" "$file" "$twin" >>"$tmp/twins"
			continue
		fi
		printf '%s\t%s\t%s\n' "$file" "$side" "$unit" >>"$tmp/map"
		[ "$twin" = - ] || printf '%s\t%s\t%s\t%s\n' "$side" "$unit" "$file" "$twin" >>"$tmp/more"
	done <"$tmp/candidates"
	if [ -s "$tmp/more" ]; then
		mv -- "$tmp/more" "$tmp/candidates"
		read_these "$1" 1 >>"$tmp/tables" || exit 2
	fi
}

# read_these TABLES CONDITION: those of $tmp/candidates, as awk says it.
read_these() {
	local names="$1" file
	awk -F '\t' "$2 { print \$3 }" "$tmp/candidates" >"$tmp/these"
	set --
	while IFS= read -r file; do
		set -- "$@" "$file"
	done <"$tmp/these"
	awk -f "$scripts/results.awk" -v table="$names" "$@"
}

# folder_of PATH: where what is made from a result, or from a folder of them, goes.
folder_of() {
	if [ -d "$1" ]; then
		(cd -- "$1" && pwd)
	else
		dirname -- "$1"
	fi
}

# add_side SIDE PATH: rows of the map. In the instruction lane boot-2 and up of a phase are its twins: they must
# repeat boot-1 and add nothing else.
add_side() {
	local side="$1" unit file twin
	results_in "$2" >"$tmp/results"
	while IFS='	' read -r unit file; do
		file=$(own_name "$file" "$tmp/map")
		boot_good "$file" || continue
		if [ "$lane" = insn ] && find_twin "$file"; then
			printf '%s\t%s\t%s\n' "$side" "$file" "$twin" >>"$tmp/twins"
		else
			printf '%s\t%s\t%s\n' "$file" "$side" "$unit" >>"$tmp/map"
		fi
	done <"$tmp/results"
	bad_boots "$side" "$2" >>"$tmp/bad"
}

# add_vectors SIDE PATH: its results with vectors: in a folder vector of its own, or among its others.
add_vectors() {
	local side="$1" path="$2" unit file
	[ ! -d "$path/vector" ] || path=$path/vector
	results_in "$path" >"$tmp/results"
	while IFS='	' read -r unit file; do
		file=$(own_name "$file" "$tmp/vectors")
		! boot_good "$file" || ! grep -q '^vector ' "$file" || printf '%s\t%s\n' "$file" "$side" >>"$tmp/vectors"
	done <"$tmp/results"
}

# find_twin FILE: sets $twin to the same file of boot-1 beside a boot-K; fails for boot-1 and for other folders.
find_twin() {
	local dir="${1%/*}"
	case ${dir##*/} in
	boot-1 | boot-*[!0-9]*) return 1 ;;
	boot-*) ;;
	*) return 1 ;;
	esac
	twin=${dir%/*}/boot-1/${1##*/}
}

# results_beside FILE: how many, itself among them.
results_beside() {
	find "${1%/*}" -maxdepth 1 -name 'result*.txt' | wc -l
}

# same_result FILE FILE: date and place of the boot are meta lines; what a plugin counted beside is no result of the boot.
same_result() {
	sed '/^meta /d; /^vector /d' "$1" >"$tmp/left"
	sed '/^meta /d; /^vector /d' "$2" >"$tmp/right"
	cmp -s "$tmp/left" "$tmp/right"
}

# check_same: for sides of the same image, module and command line, which show no change of a kernel. Leaves in
# $tmp/same: equal, where every result of one side is one of the other; unequal, where results differ that were measured
# under the same settings; other, where the settings differ.
check_same() {
	local base new state=equal
	awk -f "$scripts/gate/map.awk" -f "$scripts/gate/same.awk" "$tmp/map" "$tmp/tables" >"$tmp/pairs"
	while IFS='	' read -r base new; do
		if [ "$base" = - ] || [ "$new" = - ]; then
			[ "$state" = unequal ] || state=other
		elif ! same_result "$base" "$new"; then
			state=unequal
			# Two boots in time are never equal.
			[ "$lane" = time ] || printf 'error\tnondeterministic: the same image, module and settings on both sides, but %s differs from %s\n' "$new" "$base"
		fi
	done <"$tmp/pairs"
	echo "$state" >"$tmp/same"
	printf 'run\tsame\t%s\n' "$state"
}

# check_twins: equal boots must be equal.
check_twins() {
	local side file twin
	while IFS='	' read -r side file twin; do
		if [ ! -f "$twin" ] || [ "$(results_beside "$file")" != "$(results_beside "$twin")" ]; then
			printf 'error\t%s: %s and %s are equal boots, but not of as many results\n' "$side" "${twin%/*}" "${file%/*}"
			continue
		fi
		same_result "$twin" "$file" ||
			printf 'error\tnondeterministic: %s and %s are equal boots, but their results differ\n' "$twin" "$file"
	done <"$tmp/twins"
}

# check_twinless: a side of the instruction lane without them was taken on trust.
check_twinless() {
	local side
	[ "$lane" = insn ] || return 0
	for side in base new; do
		grep -q "^$side	" "$tmp/twins" ||
			printf 'note\t%s: no phase was booted twice, so whether boots repeat was not checked\n' "$side"
	done
}

check_bad_boots() {
	local side file
	[ -s "$tmp/bad" ] || return 0
	while IFS='	' read -r side file; do
		printf 'error\t%s: the boot in %s was not good: %s\n' "$side" "$(dirname -- "$file")" \
			"$(grep -vx good "$file" | head -n 1 | tr '\t' ' ' | grep . || echo 'it left no result')"
	done <"$tmp/bad"
}

# phases: how many of either side, as "5 + 5".
phases() {
	awk -F '\t' '!(($2, $3) in seen) { seen[$2, $3] = 1; n[$2]++ } END { print n["base"] + 0 " + " n["new"] + 0 }' "$tmp/map"
}
