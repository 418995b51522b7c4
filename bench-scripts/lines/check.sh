# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
# Parameter lines, checked by the module's own parser before anything is fetched or booted; sourced by host.sh, and by
# collect.sh where it lies beside it: the guest has no compiler, and its lines were checked on the host.
# shellcheck disable=SC2154 # scripts, top and cache: see lib.sh

# line_checker: the path of lines/lines.c compiled, once per text of it and of the parser. Fails where it cannot be: the
# module says what is wrong, only later.
line_checker() {
	local file
	have gcc sha256sum || return 1
	file=$cache/lines-$({
		uname -m
		cat -- "$scripts"/lines/* "$top"/kmod/*.[ch] "$top"/kmod/*.def "$top"/kmod/tests/shim/linux/*
	} 2>/dev/null | sha256sum | cut -c 1-16)
	[ -x "$file" ] || compile_checker "$file" || return 1
	printf '%s' "$file"
}

# compile_checker FILE: whole or not at all; several of us may be at it.
compile_checker() {
	local work code=0
	mkdir -p -- "$cache" 2>/dev/null && work=$(mktemp -d "$cache/.lines.XXXXXX" 2>/dev/null) || return 1
	awk -f "$scripts/lines/words.awk" "$top/kmod/allocs.def" "$top"/kmod/*.c >"$work/words.h" 2>"$work/log" &&
		gcc -std=gnu11 -w -I"$work" -I"$top/kmod/tests/shim" -I"$top/kmod" -o "$work/lines" \
			"$scripts/lines/lines.c" 2>"$work/log" && mv -- "$work/lines" "$1" || code=1
	rm -rf -- "$work"
	return "$code"
}

# check_lines CPUS PLAN...: refuses what the module would refuse of these suites and parameter lines on a machine of so
# many CPUs, 0 where that is not known: every line, before the first is run.
check_lines() {
	local cpus="$1" checker arg said
	shift
	# A suite that is missing ends it here.
	plan_part lines "$@" >/dev/null
	[ -n "$(plan_part lines "$@")" ] || die "no line to run in $*"
	checker=$(line_checker) || return 0
	for arg in "$@"; do
		said=$(plan_part lines "$arg" | "$checker" "$cpus") || refuse_line "$arg" "$said"
	done
}

# of_lines WHAT CPUS PLAN...: of each line that was checked, its canonical form or its number of cells; nothing where there
# is no checker.
of_lines() {
	local what="$1" cpus="$2" checker
	shift 2
	checker=$(line_checker) || return 0
	plan_part lines "$@" | "$checker" "$cpus" "$what"
}

# refuse_line PLAN SAID: what the checker said of a line, whose number it says first.
refuse_line() {
	local file at
	printf '%s\n' "$2" | sed 1d >&2
	file=$(suite_file "$1")
	[ -n "$file" ] || die "refused: $1"
	at=$(awk -v n="$(printf '%s\n' "$2" | head -n 1)" '
		/^[ \t]*(#|$)/ || $1 ~ /^(append|tolerance)$/ { next }
		++line == n { print NR }' "$file")
	die "refused: line $at of $file"
}
