#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# collect.sh on a booted kernel; the checks are in collect-guest.sh.
set -eu
here=$(cd -- "$(dirname -- "$0")" && pwd -P)
tmp=$(mktemp -d)
trap 'rm -rf -- "$tmp"' EXIT
code=0
"$here/../vm.sh" --kernel 6.12 --lane time --accel tcg --out "$tmp" --script "$here/collect-guest.sh" \
	--add "$here/../lib/live.sh:/kab/lib/live.sh" --add "$here/../lib/live.awk:/kab/lib/live.awk" --add "$here/../results.awk" >&2 || code=$?
# The guest's plan, and one test more.
sed '/^1\.\./d' "$tmp/boot-1/script.out"
planned=$(sed -n 's/^1\.\.//p' "$tmp/boot-1/script.out")
if tr '\r' '\n' <"$tmp/boot-1/console.log" | grep -aqE '^\[#*\.*\] +[0-9]+%  cell [0-9]+/5  [0-9]+ s left'; then
	echo "ok $((planned + 1)) - a terminal gets a progress bar"
else
	echo "not ok $((planned + 1)) - a terminal gets a progress bar"
fi
echo "1..$((planned + 1))"
exit "$code"
