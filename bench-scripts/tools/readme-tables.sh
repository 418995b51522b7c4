#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# The tables of kmod/README.md that say what the module says, made from its sources; readme.bats compares them.
set -eu

scripts=$(cd -- "$(dirname -- "$0")/.." && pwd -P)
# shellcheck source=bench-scripts/lib/lib.sh
. "$scripts/lib/lib.sh"

usage() {
	cat <<'USAGE'
usage: readme-tables.sh TABLE     print that table's rows: keys, flags,
                                  patterns, contexts, allocs or files
       readme-tables.sh --update  put all of them into kmod/README.md

Exit: 0 good, 2 wrong use.
USAGE
}

# rows: lines "name<TAB>about" as rows of a table.
# shellcheck disable=SC2016 # backquotes of Markdown
rows() {
	sed 's/|/\\|/g; s/^\([^	]*\)	\(.*\)$/| `\1` | \2 |/'
}

# keys: what help says of each, in the golden file that the tests hold against kmod/keys.def.
keys() {
	awk '
		/^keys:/ { inside = 1; next }
		inside && /^$/ { exit }
		inside && /^  [a-z]/ {
			name = $1
			sub(/^  [a-z_]+ +/, "")
			about = $0
			getline
			sub(/^ +default /, "")
			at = index($0, "; ")
			gsub(/\|/, "\\|", about)
			printf "| `%s` | %s | %s | %s |\n", name, at ? substr($0, 1, at - 1) : $0,
				at ? substr($0, at + 2) : "", about
		}' kmod/tests/golden/help.txt
}

flags() {
	sed -n 's/.*GFP(\(_*[A-Z0-9_]*\), "\([^"]*\)").*/\1	\2/p' kmod/*.c | rows
}

# named FILE: words of a table, .word = { "NAME", "ABOUT"
named() {
	sed -n 's/.*\.word = { "\([a-z_]*\)", "\([^"]*\)".*/\1	\2/p' "$1" | rows
}

patterns() {
	named kmod/patterns.c
}

contexts() {
	named kmod/contexts.c
}

allocs() {
	awk '
		/^ROW(_UNDO|_AFTER|_CONSTS)?\(/ { name = $0; sub(/^[A-Z_]+\(/, "", name) }
		/^ROW_IF\(/ { name = $0; sub(/^[^,]*, */, "", name) }
		/^(ROW\(.*|    )"/ && split($0, part, "\"") {
			sub(/,.*/, "", name)
			printf "%s\t%s\n", name, part[2]
		}' kmod/allocs.def | rows
}

# files: name and mode only; what they are for is for people to say.
# shellcheck disable=SC2016 # backquotes of Markdown
files() {
	sed -n 's/^	{ "\([a-z]*\)", \(0[0-9]*\), .*/| `\1` | \2 |/p' kmod/session.c
}

# update: each table follows a mark of its own.
update() {
	local name
	tmp=$(mktemp -d)
	trap 'rm -rf -- "$tmp"' EXIT
	for name in keys flags patterns contexts allocs; do
		"$name" >"$tmp/$name"
	done
	awk -v dir="$tmp" '
		inside && /^\|/ { next }
		{ print; inside = 0 }
		match($0, /^<!-- table: [a-z]+ -->$/) {
			name = substr($0, 13, length($0) - 16)
			getline
			print
			getline
			print
			while ((getline line <(dir "/" name)) > 0)
				print line
			inside = 1
		}' kmod/README.md >"$tmp/README.md"
	cat -- "$tmp/README.md" >kmod/README.md
}

set_option() {
	update=1
}

# run [TABLE]
run() {
	cd -- "$top"
	case ${1-}$update in
	keys | flags | patterns | contexts | allocs | files) "$1" ;;
	1) update ;;
	*) wrong "keys, flags, patterns, contexts, allocs or files, not '${1-}'" ;;
	esac
}

main() {
	update=''
	with_options run '--update keys|flags|patterns|contexts|allocs|files' "$@"
}

main "$@"
