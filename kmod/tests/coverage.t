#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Line coverage of the pure files by their unit tests: 95 % of each.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
least=95
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

# CSV of gcovr: filename,line_total,line_covered,...
judge() {
	awk -F, -v least="$least" '
	NR == 1 { next }
	{
		n++
		share = $2 ? 100 * $3 / $2 : 0
		good = share >= least
		bad += !good
		printf "%sok %d - %s: %d of %d lines, %.1f %%, at least %d\n",
			good ? "" : "not ", n, $1, $3, $2, share, least
	}
	END {
		if (!n)
			print "not ok " ++n " - gcovr saw a file"
		print "1.." n
		exit bad > 0
	}' "$1"
}

main() {
	if ! make -s -C "$here" coverage GCOVR="--csv $tmp/lines.csv" >"$tmp/log" 2>&1; then
		sed 's/^/# /' "$tmp/log"
		echo "not ok 1 - the unit tests run with gcov"
		echo "1..1"
		exit 1
	fi
	judge "$tmp/lines.csv"
}

main "$@"
