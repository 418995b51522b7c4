#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Positive controls of lint.t: bad input must be reported. Silent when it is.
#   control.sh TOOLS BUILD
set -eu

here=$(cd "$(dirname "$0")" && pwd)
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

# must_speak NAME COMMAND...: complain when a check says nothing about bad input.
must_speak() {
	local name
	name=$1
	shift
	"$@" >"$tmp/said" 2>&1 || :
	[ -s "$tmp/said" ] || echo "$name: found nothing wrong with bad input"
}

bad_c() {
	printf '// no licence\nint bad_name( int a ){\n    return a;\n}\n'
}

long_c() {
	printf 'int long_one(void)\n{\n'
	seq 1 41 | sed 's/.*/\tnop();/'
	printf '}\n'
}

# A function that kallsyms would show as two, and that anybody can link to.
split_c() {
	printf 'int split(int a)\n{\n\tasm volatile("middle_of_it: nop");\n\treturn a;\n}\n'
}

# bad_house BUILD: what the checks of rooms, headers and symbols are for.
bad_house() {
	printf '#include "b.h"\n' >"$tmp/a.h"
	printf '#include "c.h"\n' >"$tmp/b.c"
	printf '#include "a.h"\n' >"$tmp/c.h"
	must_speak 'include cycles' awk -f "$here/cycles.awk" "$tmp/a.h" "$tmp/b.c" "$tmp/c.h"
	printf '## Map\n\n    b  above\n    a  below\n\n' >"$tmp/floors.md"
	printf '#include "b.h"\n' >"$tmp/a.c"
	must_speak 'includes that point up' awk -f "$here/cycles.awk" "$tmp/floors.md" "$tmp/a.c"
	printf 'static inline u64 lonely(void)\n{\n\treturn 1;\n}\n' >"$1/lonely.h"
	must_speak headers sh "$here/headers.sh" "$1" lonely.h
	rm "$1/lonely.h"
	split_c | gcc -O0 -x c -c -o "$tmp/split.o" -
	readelf -sW "$tmp/split.o" >"$tmp/split.txt"
	must_speak 'prefix of symbols' awk -v prefix=kab_ -f "$here/symbols.awk" "$tmp/split.txt"
	must_speak 'labels in functions' awk -v prefix=split -f "$here/symbols.awk" "$tmp/split.txt"
	printf '## Map\n\n    here gone    about\n\n' >"$tmp/map.md"
	echo here.c | must_speak 'rooms that are gone' awk -f "$here/map.awk" "$tmp/map.md" -
	printf 'here.c\ngone.c\nnew.c\n' | must_speak 'rooms not on the map' awk -f "$here/map.awk" "$tmp/map.md" -
}

main() {
	bad_c >"$tmp/bad.c"
	long_c >"$tmp/long.c"
	seq 1 301 >"$tmp/tall.c"
	printf 'int open_one(int a)\n{\n\treturn a;\n}\n' >"$tmp/open.c"
	printf '/**\n * lie() - x\n * @b: y\n */\nint lie(int a)\n{\n\treturn a;\n}\n' >"$tmp/doc.c"
	# shellcheck disable=SC2016
	printf '#!/bin/sh\nrm $1\n' >"$tmp/bad.sh"
	must_speak checkpatch perl "$1/checkpatch.pl" --no-tree --strict --terse --quiet -f "$tmp/bad.c"
	must_speak kernel-doc perl "$1/kernel-doc" -Wall -none "$tmp/doc.c"
	must_speak documented awk -f "$here/documented.awk" "$tmp/open.c"
	must_speak 'function length' awk -v file_max=300 -v func_max=40 -f "$here/limits.awk" "$tmp/long.c"
	must_speak 'file length' awk -v file_max=300 -v func_max=40 -f "$here/limits.awk" "$tmp/tall.c"
	bad_house "$2"
	must_speak shellcheck shellcheck "$tmp/bad.sh"
	must_speak shfmt sh -c 'printf "f() {\n  true\n}\n" | shfmt -i 0 -ln posix -d'
	must_speak codespell sh -c 'printf "rec%s\n" ieve | codespell -'
}

main "$@"
