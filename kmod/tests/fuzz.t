#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# The parser under libFuzzer: the committed corpus whole, then a bounded,
# seeded search from it. `make -C kmod/tests fuzz` searches without a bound.
set -eu

runs=500000
here=$(cd "$(dirname "$0")" && pwd)
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

# check NUMBER NAME COMMAND...
check() {
	local number name
	number=$1
	name=$2
	shift 2
	if "$@" >"$tmp/said" 2>&1; then
		echo "ok $number - $name"
		return 0
	fi
	echo "not ok $number - $name"
	tail -n 40 "$tmp/said" | sed 's/^/# /'
	return 1
}

main() {
	local dir
	echo "1..3"
	check 1 "the fuzzer builds" make -s -C "$here" fuzzer || exit 1
	dir=$(make -s -C "$here" where)
	mkdir "$tmp/found"
	check 2 "the corpus holds" "$dir/fuzz_plan" -artifact_prefix="$tmp/" "$here"/corpus/* || exit 1
	check 3 "$runs inputs more, seed 1" "$dir/fuzz_plan" -runs="$runs" -seed=1 -max_len=4200 \
		-dict="$here/fuzz_plan.dict" -artifact_prefix="$tmp/" "$tmp/found" "$here/corpus" || {
		# The input itself, or nobody can repeat it.
		find "$tmp" -maxdepth 1 -name 'crash-*' -exec od -c {} \; | head -n 40 | sed 's/^/# /'
		exit 1
	}
}

main "$@"
