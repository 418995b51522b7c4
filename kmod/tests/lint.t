#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Every tool that reads the sources must be silent. TAP: one line a tool.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
cache=${KALLOCBENCH_CACHE:-$top/.cache}
tools=$cache/tools
tests=0
failed=0
cd "$top"

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

# check NAME COMMAND...: ok when the command succeeds and says nothing.
check() {
	local name status
	name=$1
	shift
	tests=$((tests + 1))
	status=0
	"$@" >"$tmp/said" 2>&1 || status=$?
	if [ "$status" -eq 0 ] && [ ! -s "$tmp/said" ]; then
		echo "ok $tests - $name"
		return 0
	fi
	failed=$((failed + 1))
	echo "not ok $tests - $name (status $status)"
	head -n 60 "$tmp/said" | sed 's/^/# /'
}

# Tracked files that match the patterns and are not recorded output.
files() {
	git ls-files -- "$@" | grep -v -e /golden/ -e /corpus/ -e '^results/reference/' || :
}

# Outside a git checkout every check below would be about no files at all.
tracked() {
	git ls-files --error-unmatch kmod/Kbuild >/dev/null
}

# Files of sh, whatever their name is.
shell_files() {
	git ls-files | grep -v -e /corpus/ -e /golden/ | while IFS= read -r f; do
		[ -f "$f" ] || continue
		case $(head -n 1 "$f" | tr -d '\0') in
		'#!/bin/sh'* | '#!/usr/bin/env sh'* | '# shellcheck shell='*) echo "$f" ;;
		esac
	done
}

# checkpatch and its word lists, kernel-doc: only in the source package.
fetch_tools() {
	local tar
	[ ! -x "$tools/kernel-doc" ] || return 0
	tar=$(find /usr/src -maxdepth 1 -name 'linux-source-6.12*.tar.xz' | sort | tail -n 1)
	if [ -z "$tar" ]; then
		echo "no /usr/src/linux-source-6.12.tar.xz: run bench-scripts/setup/deps.sh check"
		return 1
	fi
	mkdir -p "$tools" "$tmp/src"
	tar -xJf "$tar" -C "$tmp/src" --strip-components=2 --occurrence=1 --wildcards \
		'*/scripts/checkpatch.pl' '*/scripts/spelling.txt' \
		'*/scripts/const_structs.checkpatch' '*/scripts/kernel-doc'
	# The marker of completeness moves last.
	mv "$tmp/src/checkpatch.pl" "$tmp/src/spelling.txt" \
		"$tmp/src/const_structs.checkpatch" "$tools/"
	mv "$tmp/src/kernel-doc" "$tools/kernel-doc"
}

# checkpatch drops a file where it runs, and wants a tree to be in.
checkpatch_files() {
	mkdir -p "$tmp/include"
	sed "s,^,$top/," | (cd "$tmp" && xargs -r perl "$tools/checkpatch.pl" --no-tree --root="$tmp" \
		--strict --terse --quiet --show-types --no-summary --ignore "$1" -f)
}

# What is waived, and why: macros that name functions name their arguments as
# often as they need them, and tables of macros skip some; in allocs.c a row is
# several such functions; compat.h and compat_state.h are the place for kernel versions; asm_inline
# volatile, in clock.h, is taken for a variable that is volatile.
checkpatch_kernel() {
	local status=0
	files 'kmod/*.c' 'kmod/*.h' 'kmod/*.def' | grep -v -e ^kmod/tests/ -e '/compat[_a-z]*\.h$' -e '/allocs\.c$' -e '/clock\.h$' |
		checkpatch_files MACRO_ARG_REUSE,MACRO_ARG_UNUSED || status=1
	files kmod/clock.h |
		checkpatch_files VOLATILE || status=1
	files kmod/allocs.c |
		checkpatch_files MACRO_ARG_REUSE,MACRO_ARG_UNUSED,MACRO_ARG_PRECEDENCE,COMPLEX_MACRO || status=1
	files kmod/compat.h kmod/compat_state.h |
		checkpatch_files MACRO_ARG_REUSE,LINUX_VERSION_CODE,CONSTANT_COMPARISON || status=1
	return "$status"
}

# Programs for userspace lack the kernel's types, macros and strscpy(); the
# shim is the kernel's names in terms of the compiler's, the wrong way round.
checkpatch_tests() {
	files 'kmod/tests/*.c' 'kmod/tests/*.h' 'kmod/tests/guest/*.c' 'kmod/tests/guest/*.h' 'bench-scripts/lines/*.c' | sort -u |
		grep -v /shim/ | checkpatch_files \
		CAMELCASE,PREFER_KERNEL_TYPES,EMBEDDED_FUNCTION_NAME,ARRAY_SIZE,PREFER_DEFINED_ATTRIBUTE_MACRO,MACRO_ARG_PRECEDENCE,MACRO_ARG_UNUSED,STRCPY
}

kernel_doc() {
	files 'kmod/*.c' 'kmod/*.h' | grep -v '^kmod/tests/' |
		xargs -r perl "$tools/kernel-doc" -Wall -Werror -none
}

# Non-static functions carry kernel-doc: on the definition or in the header.
undocumented() {
	local f
	for f in $(files 'kmod/*.c' | grep -v '^kmod/tests/'); do
		awk -f "$here/lint/documented.awk" "$f"
	done
}

# Everything the compiler and sparse say about the module, one kernel series.
# Lines about the kernel that was used and its headers are not ours to mend.
build() {
	local series kdir
	series=$1
	shift
	kdir=$("$top/bench-scripts/setup/kernel.sh" get "$series" 2>"$tmp/kernel.log" | sed -n 's/^kdir=//p')
	if [ -z "$kdir" ]; then
		cat "$tmp/kernel.log"
		echo "no headers for $series"
		return 1
	fi
	rm -rf "$tmp/build"
	mkdir "$tmp/build"
	echo "$kdir" >"$tmp/build/kdir"
	find kmod -maxdepth 1 -type f ! -name '*.ko' ! -name '*.o' -exec cp {} "$tmp/build/" \;
	make -s -C "$kdir" M="$tmp/build" CONFIG_DEBUG_INFO_BTF_MODULES= "$@" modules >"$tmp/log" 2>&1 ||
		{
			cat "$tmp/log"
			return 1
		}
	grep -v -e '^warning: the compiler differs' -e '^  The kernel was built by' \
		-e '^  You are using' -e 'Skipping BTF generation' -e '^make' "$tmp/log" || :
}

# The headers of the module that was built last.
headers() {
	(cd kmod && ls -- *.h) | xargs sh "$here/lint/headers.sh" "$tmp/build"
}

# Its symbols.
symbols() {
	readelf -sW "$tmp/build/kallocbench.ko" | awk -v prefix=kab_ -f "$here/lint/symbols.awk"
}

cycles() {
	awk -f "$here/lint/cycles.awk" kmod/README.md kmod/*.[ch]
}

# Every room is on the map, and the map has no other; so with the functions that the page names.
map() {
	local name
	(cd kmod && ls -- *.c *.h *.def) | awk -f "$here/lint/map.awk" kmod/README.md -
	grep -o '[a-z_]*()' kmod/README.md | sort -u | while IFS= read -r name; do
		grep -q "\b${name%?}" kmod/*.[ch] || echo "$name: in kmod/README.md, and not in kmod/"
	done
}

lengths() {
	# The house limits functions; a longer file is a mountain. results.awk is the one reader of the format, and awk
	# cannot include.
	files 'kmod/*.c' 'kmod/*.h' 'kmod/*.t' 'bench-scripts/*' 'Makefile' 'kmod/tests/Makefile' |
		grep -v -e '\.config$' -e '\.bats$' -e '^bench-scripts/results\.awk$' |
		xargs -r awk -v file_max=800 -v func_max=40 -f "$here/lint/limits.awk"
	files '*.py' | xargs -r python3 "$here/lint/functions.py"
}

# The first line says the licence, the second one where the first is a #!.
spdx() {
	files '*.c' '*.h' '*.def' '*.sh' '*.t' '*.bats' '*.awk' '*.py' '*.gp' '*Makefile' '*Kbuild' '.ci/run' |
		while IFS= read -r f; do
			head -n 2 "$f" | grep -q 'SPDX-License-Identifier: GPL-2.0' || echo "$f: no SPDX line"
		done
}

# A path of the machine that wrote a file means nothing anywhere else.
foreign_paths() {
	git grep -n -I -e '/work/[a-z]' -- . ':!kmod/tests/lint.t' || :
}

spelling() {
	git ls-files | grep -v -e /corpus/ -e /golden/ -e '\.svg$' -e '\.png$' -e '^results/reference/' |
		xargs -r codespell -L "$(tr '\n' , <"$here/lint/words.txt")"
}

python_style() {
	files '*.py' | xargs -r flake8
}

python_types() {
	files '*.py' | xargs -r mypy --strict --no-error-summary --cache-dir "$cache/mypy"
}

shell_style() {
	{
		shell_files
		files '*.bats'
	} | xargs -r shellcheck -x
}

shell_format() {
	shell_files | xargs -r shfmt -i 0 -ln posix -d
}

main() {
	echo "1..23"
	check "the tree's files are known to git" tracked
	check "checkpatch and kernel-doc are at hand" fetch_tools
	check "checkpatch --strict, module" checkpatch_kernel
	check "checkpatch --strict, tests" checkpatch_tests
	check "kernel-doc -Wall" kernel_doc
	check "functions others call are documented" undocumented
	check "gcc W=1, 6.1" build 6.1 W=1
	check "sparse, 6.1" build 6.1 C=1
	check "gcc W=1, 6.12" build 6.12 W=1
	check "sparse, 6.12" build 6.12 C=1
	check "each header compiles by itself" headers
	check "symbols: our prefix, and functions are whole" symbols
	check "includes point one way, down the map" cycles
	check "kmod/README.md is a map of all rooms" map
	check "lengths of files and functions" lengths
	check "SPDX lines" spdx
	check "no paths of the author's machine" foreign_paths
	check "codespell" spelling
	check "shellcheck" shell_style
	check "shfmt" shell_format
	check "flake8" python_style
	check "mypy --strict" python_types
	check "the checks above catch what they are for" sh "$here/lint/control.sh" "$tools" "$tmp/build"
	[ "$failed" -eq 0 ]
}

main "$@"
