#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# tools/spread.awk, and campaign.sh spread, on made-up boots whose quartiles are known.

setup() {
	scripts=$(cd "$BATS_TEST_DIRNAME/.." && pwd)
	cd "$BATS_TEST_TMPDIR" || return 1
	export KALLOCBENCH_CACHE=$PWD/cache
}

# boot FOLDER DELAY TICKS...: a round for each of kmalloc's.
boot() {
	local dir=cache/campaign/$1 delay=$2 round=0 ticks
	shift 2
	mkdir -p "$dir"
	{
		printf 'delay 64\npair calls=100 %s:50\n' "$delay"
		for ticks; do
			printf 'kmalloc 64 round=%s\npair calls=100 %s:50\n' "$round" "$ticks"
			round=$((round + 1))
		done
	} | awk -v lane=time -v accel=uml -v unit=tick -v timing=batch -v allocs=delay,kmalloc -f "$BATS_TEST_DIRNAME/data/gate/make.awk" >"$dir/result-01.txt"
}

@test "quartiles of the p50, and of what is left of them over delay" {
	boot uml-1/base/pair-1/boot-1 100000 1000 1040 90000
	boot uml-1/aa/pair-1/boot-1 90000 1000
	boot uml-2/base/pair-1/boot-1 102000 1020
	boot uml-2/aa/pair-1/boot-1 106000 1060
	boot uml-2/aa/pair-2/boot-1 108000 1080
	# Another kernel's.
	boot uml-1/new/pair-1/boot-1 100000 5000
	run "$scripts/tools/campaign.sh" spread
	echo "$output"
	[ "$status" -eq 0 ]
	# Medians 1000, 1020, 1040 (of three rounds), 1060, 1080: from 1020 to 1060 of 1040. Over delay: .01, .01, .0104, .01
	# and .0111: from .01 to .0104 of .01.
	[ "${lines[0]}" = $'cell\top\tboots\tp50_percent\tratio_percent' ]
	[ "${lines[1]}" = $'kmalloc 64 pair timing=batch\tpair\t5\t3.85\t4.00' ]
	[ "${lines[2]}" = "# p50: 3.85 % in the middle of 1 cells, 3.85 % at worst" ]
}

@test "without boots it says where they would come from" {
	run "$scripts/tools/campaign.sh" spread
	[ "$status" -eq 3 ]
	[[ "$output" == *"campaign.sh uml makes some"* ]]
	run "$scripts/tools/campaign.sh" spread --count 3
	[ "$status" -eq 2 ]
}
