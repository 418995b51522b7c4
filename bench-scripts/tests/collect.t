#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# collect.sh on a booted kernel; the checks are in collect-guest.sh.
set -eu
here=$(cd -- "$(dirname -- "$0")" && pwd -P)
tmp=$(mktemp -d)
trap 'rm -rf -- "$tmp"' EXIT
code=0
"$here/../vm.sh" --kernel 6.12 --lane time --accel tcg --out "$tmp" --script "$here/collect-guest.sh" \
	--add "$here/../live.sh" --add "$here/../live.awk" --add "$here/../results.awk" >&2 || code=$?
cat "$tmp/boot-1/script.out"
exit "$code"
