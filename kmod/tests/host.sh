# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
# What the tests share that run on this machine and boot guests: where things are, TAP. Source it after setting $here.

# shellcheck disable=SC2154 # set by whoever sources this file
top=$(cd "$here/../.." && pwd)
# shellcheck disable=SC2034 # read by whoever sources this file
cache=${KALLOCBENCH_CACHE:-$top/.cache}
tests=0
failed=0
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

# say STATUS NAME [FILE]: a TAP line; FILE is shown when it failed.
say() {
	tests=$((tests + 1))
	if [ "$1" = 0 ]; then
		echo "ok $tests - $2"
		return 0
	fi
	failed=$((failed + 1))
	echo "not ok $tests - $2"
	[ $# -lt 3 ] || head -n 40 "$3" | sed 's/^/# /'
}
