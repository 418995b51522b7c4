# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
# What every script of this folder shares. Source it after setting $scripts:
#
#	scripts=$(cd -- "$(dirname -- "$0")" && pwd -P)
#	. "$scripts/lib/lib.sh"
#
# Runs under dash and busybox sh; the guest carries it, and nothing that only the
# host needs: that is host.sh.

# A comma in a number, or another order of names, would be another result.
export LC_ALL=C

me=${0##*/}
# shellcheck disable=SC2154 # set by whoever sources this file
top=${scripts%/*}
# shellcheck source=bench-scripts/lib/options.sh
. "$scripts/lib/options.sh"
# shellcheck disable=SC2034 # read by whoever sources this file
cache=${KALLOCBENCH_CACHE:-$top/.cache}
# shellcheck disable=SC2034 # read by whoever sources this file
results=${KALLOCBENCH_RESULTS:-$top/results}

# note MSG...: for the reader of the terminal; never part of the output.
note() {
	printf '%s: %s\n' "$me" "$*" >&2
}

# die MSG...: wrong use or a bad file.
die() {
	note "$@"
	exit 2
}

# wrong MSG...: wrong use of the script itself.
wrong() {
	note "$@"
	note "$me -h shows how it is used"
	exit 2
}

# cannot MSG...: the question stays open, through no fault of the measured kernel.
cannot() {
	note "$@"
	exit 3
}

# have COMMAND...: all of them can be run.
have() {
	local c
	for c in "$@"; do
		command -v "$c" >/dev/null 2>&1 || return 1
	done
}

# need COMMAND...: or say what installs them.
need() {
	local c
	for c in "$@"; do
		have "$c" || cannot "$c is not installed: run bench-scripts/setup/deps.sh run"
	done
}

# escape: stdin as one value of the result format.
escape() {
	sed 's/\\/\\134/g; s/ /\\040/g; s/	/\\011/g; $!s/$/\\012/' | tr -d '\n'
}

# meta KEY VALUE: one meta line of the result format; nothing when there is no value.
meta() {
	case $2 in
	'') ;;
	*[!A-Za-z0-9_./:,+=~@-]*) printf 'meta %s=%s\n' "$1" "$(printf '%s' "$2" | escape)" ;;
	*) printf 'meta %s=%s\n' "$1" "$2" ;;
	esac
}

# warning SENTENCE: a line of the result format about what spoils a measurement.
warning() {
	printf 'warning text=%s\n' "$(printf '%s' "$1" | escape)"
}

# module_compiler KO: what compiled it, as it says itself.
module_compiler() {
	! have readelf || readelf -p .comment "$1" 2>/dev/null | sed -n 's/^ *\[ *[0-9a-f]*\] *//p' | head -n 1
}

# insert_meta RESULT METAFILE: the meta lines go behind the first line. Whole or not at all: a full disk leaves
# neither a half result nor a result without its meta lines.
insert_meta() {
	local tmp="$1.tmp.$$"
	if { head -n 1 -- "$1" && cat -- "$2" && tail -n +2 -- "$1"; } >"$tmp" && mv -- "$tmp" "$1"; then
		return 0
	fi
	rm -f -- "$tmp"
	return 1
}

# new_folder BASE: make BASE, or BASE-2, BASE-3 and so on where that exists; prints its path.
new_folder() {
	local dir="$1" n=2
	mkdir -p -- "$(dirname -- "$1")" || cannot "cannot make $1: see message above"
	until mkdir -- "$dir" 2>/dev/null; do
		[ -e "$dir" ] || cannot "cannot make the folder $dir"
		dir=$1-$n
		n=$((n + 1))
	done
	printf '%s\n' "$dir"
}

# suite_file WORD: the file a plan argument names, or nothing when the argument is a parameter line.
suite_file() {
	case $1 in
	*=* | '' | defaults) ;;
	*/*) printf '%s' "$1" ;;
	*) printf '%s' "$scripts/suites/$1" ;;
	esac
}

# plan_part lines|append|tolerance ARG...: the parameter lines, or the kernel command line words, or the tolerances, of
# suites and parameter lines in the order given.
plan_part() {
	local part="$1" arg file
	shift
	for arg in "$@"; do
		file=$(suite_file "$arg")
		if [ -z "$file" ]; then
			[ "$part" != lines ] || printf '%s\n' "$arg"
			continue
		fi
		if [ ! -r "$file" ] || [ -d "$file" ]; then
			die "no suite '$arg': there is no file $file (a parameter line has a '=')"
		fi
		awk -v part="$part" '
			/^[ \t]*(#|$)/ { next }
			$1 ~ /^(append|tolerance)$/ { if ($1 == part) { sub(/^[ \t]*[a-z]+[ \t]*/, ""); print } ; next }
			part == "lines" { print }' "$file"
	done
}
