#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Makes what lies in results/reference: real kernels, compared, with the commands.
set -eu

scripts=$(cd -- "$(dirname -- "$0")/.." && pwd -P)
# shellcheck source=bench-scripts/lib/host.sh
. "$scripts/lib/host.sh"

usage() {
	cat <<'USAGE'
usage: reference.sh [NAME...]  measure and store NAME, or all that are missing;
                               what lies in .cache/reference is not measured
                               again
       reference.sh --list

Leaves results/reference/NAME.txt, the table, and NAME.tsv, the verdict table;
of 6.12 against 7.3 NAME.svg, the picture; of explain-NAME the report; of
touches/KERNEL the result of vm.sh --vector with touches.plan. The sides of
6.1-against-6.12 are kept as results too, for ci.sh --reference. One to two
minutes each in the instruction lane, four in the time lane, on two idle CPUs.
Exit: 0 good, 2 wrong use, 3 it could not be measured.
USAGE
}

# Name, then the words of ci.sh, of explain.sh where the name says so; run in the top folder, so the commands in the
# tables are those a reader can give. Debian's 6.12 and 7.3 have two compilers.
table() {
	cat <<'TABLE'
6.12-against-7.3 --base 6.12 --new 7.3 --across-compilers
6.12-against-7.3-arm64 --base 6.12:arm64 --new 7.3:arm64 --across-compilers
touches/6.1 --kernel 6.1
touches/6.12 --kernel 6.12
touches/7.3 --kernel 7.3
explain-6.12-against-7.3 --base 6.12 --new 7.3 results/reference/hot-and-churn.plan
explain-6.12-against-7.3-arm64 --base 6.12:arm64 --new 7.3:arm64 results/reference/hot-and-churn.plan
6.1-against-6.12 --base 6.1 --new 6.12
init_on_alloc --base 6.12 --new 6.12 --base-append init_on_alloc=0 --new-append init_on_alloc=1
slub_debug --base 6.12 --new 6.12 --new-append slub_debug=FZP
memcg --base 6.12 --new 6.12 --base-append cgroup.memory=nokmem --suite results/reference/accounted.plan --script results/reference/in-memcg.sh
6.1-against-6.12-time --base 6.1 --new 6.12 --lane time --accel tcg --settle 1
TABLE
}

# undated FILE: without what is only of that day and that machine.
undated() {
	sed '/^meta \(date\|command\|host_cpu\)=/d' "$1"
}

# keep_side FROM TO: one result of each phase.
keep_side() {
	local file to
	rm -rf -- "$2"
	find "$1" -path '*/boot-1/result-*.txt' | while IFS= read -r file; do
		to=$2/${file#"$1"/}
		mkdir -p "$(dirname -- "$to")"
		undated "$file" >"$to"
	done
}

# explain NAME WORDS: the report of explain.sh.
explain() {
	local name="$1" words="$2" out="$cache/reference/$1" code=0
	if [ ! -f "$out/explain.txt" ]; then
		rm -rf -- "$out"
		# shellcheck disable=SC2086 # words of the table above
		with_us bench-scripts/explain.sh --out "$out" $words >/dev/null || code=$?
		[ "$code" = 0 ] || cannot "$name: explain.sh ended with $code"
	fi
	cp -- "$out/explain.txt" "$reference/$name.txt"
}

# touches NAME WORDS: what a call touches on that kernel.
touches() {
	local name="$1" words="$2" out="$cache/reference/$1" code=0
	if [ ! -f "$out/boot-1/result-01.txt" ]; then
		# shellcheck disable=SC2086 # words of the table above
		with_us bench-scripts/vm.sh --vector $words --out "$out" results/reference/touches.plan || code=$?
		[ "$code" = 0 ] || cannot "$name: vm.sh ended with $code"
	fi
	mkdir -p "$reference/touches"
	undated "$out/boot-1/result-01.txt" >"$reference/$name.txt"
}

# compare NAME WORDS: the verdict of ci.sh.
compare() {
	local name="$1" words="$2" out="$cache/reference/$1" code=0
	if [ ! -f "$out/verdict/verdict.tsv" ]; then
		rm -rf -- "$out"
		# shellcheck disable=SC2086 # words of the table above
		with_us bench-scripts/ci.sh $words --no-explain --out "$out" || code=$?
		[ -f "$out/verdict/verdict.tsv" ] || cannot "$name: ci.sh ended with $code"
	fi
	# Where it was measured is nobody's business: the command ends before --out.
	sed 's/ --out [^ 	]*$//' "$out/verdict/verdict.tsv" | grep -v '^run	date	' >"$reference/$name.tsv"
	"$scripts/compare.sh" --verdict "$reference/$name.tsv" >"$reference/$name.txt" || :
	case $name in 6.12-against-7.3*)
		"$scripts/plot.sh" --format svg --allocs kmalloc,vmalloc -o "$out" --verdict "$reference/$name.tsv" >/dev/null
		mv -- "$out/change.svg" "$reference/$name.svg"
		;;
	esac
	[ "$name" != 6.1-against-6.12 ] || {
		keep_side "$out/base" "$reference/6.1"
		keep_side "$out/new" "$reference/6.12"
	}
}

set_option() {
	table
	exit 0
}

# run [NAME...]
run() {
	local name words
	for name in "$@"; do
		table | grep -q -e "^$name " || die "no comparison '$name': see --list"
	done
	cd -- "$top"
	reference=$top/results/reference
	# Not through a pipe: what a subshell waits for would outlive us.
	while read -r name words; do
		case " $* " in
		"  ") [ ! -f "$reference/$name.txt" ] || continue ;;
		*" $name "*) ;;
		*) continue ;;
		esac
		case $name in
		explain-*) explain "$name" "$words" </dev/null ;;
		touches/*) touches "$name" "$words" </dev/null ;;
		*) compare "$name" "$words" </dev/null ;;
		esac
	done <<TABLE
$(table)
TABLE
}

main() {
	with_options run '--list NAME' "$@"
}

main "$@"
