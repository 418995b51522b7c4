#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# slow
# Do the known answers find a fault in drawing or printing? Plants each of report-mutants.list in a copy of
# bench-scripts, runs report-known.t on it, and wants it to fail. Speaks TAP; an argument chooses those whose
# description contains it.
set -eu

here=$(cd -- "$(dirname -- "$0")" && pwd -P)
scripts=${here%/*}
tmp=$(mktemp -d)
trap 'rm -rf -- "$tmp"' EXIT
trap 'exit 130' INT TERM HUP

# plant LINE: into the copy; fails where what should stand there does not, or not once.
plant() {
	LINE=$1 awk -v root="$tmp/bench-scripts" '
		BEGIN {
			n = split(ENVIRON["LINE"], part, "\t")
			# A line of a table has tabs itself.
			half = (n - 2) / 2
			for (i = 1; i <= half; i++) {
				old = old (i > 1 ? "\t" : "") part[1 + i]
				new = new (i > 1 ? "\t" : "") part[1 + half + i]
			}
			file = root "/" part[1]
			while ((getline line < file) > 0) {
				at = index(line, old)
				# A loop has several points: all of them.
				while (at) {
					found++
					done = done substr(line, 1, at - 1) new
					line = substr(line, at + length(old))
					at = index(line, old)
				}
				text = text done line "\n"
				done = ""
			}
			close(file)
			printf "%s", text >file
			exit !(found == 1 || (found > 1 && part[1] ~ /panel.gp$/))
		}'
}

main() {
	local line what n=0 failed=0
	"$here/report-known.t" "$scripts" >"$tmp/plain" || {
		echo "1..0 # the known answers fail without a fault"
		grep '^not ok' "$tmp/plain"
		exit 1
	}
	while IFS= read -r line; do
		what=${line##*	}
		case $line in
		'#'*) continue ;;
		esac
		case $what in
		*"${1-}"*) ;;
		*) continue ;;
		esac
		n=$((n + 1))
		rm -rf "$tmp/bench-scripts"
		mkdir "$tmp/bench-scripts"
		for part in "$scripts"/*; do
			[ "${part##*/}" = tests ] || cp -R -- "$part" "$tmp/bench-scripts/"
		done
		if ! plant "$line"; then
			echo "not ok $n - planted: $what: not there, or more than once"
		elif "$here/report-known.t" "$tmp/bench-scripts" >"$tmp/log" 2>&1; then
			echo "not ok $n - $what: nobody noticed"
		elif ! grep -q '^not ok' "$tmp/log"; then
			echo "not ok $n - $what: it does not even run: $(tail -n 1 "$tmp/log")"
		else
			echo "ok $n - $what: $(grep -c '^not ok' "$tmp/log") answers are wrong"
			continue
		fi
		failed=1
	done <"$here/report-mutants.list"
	echo "1..$n"
	return "$failed"
}

main "$@"
