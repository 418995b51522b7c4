#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Positive controls of lint.t: bad input must be reported. Silent when it is.
#   control.sh TOOLS
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
	must_speak shellcheck shellcheck "$tmp/bad.sh"
	must_speak shfmt sh -c 'printf "f() {\n  true\n}\n" | shfmt -i 0 -ln posix -d'
	must_speak codespell sh -c 'printf "rec%s\n" ieve | codespell -'
}

main "$@"
