#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# shellcheck disable=SC2016 # the scripts are shell text
# bench.sh with everything it calls played by scripts of ours: which folder it takes, and that nothing outlives it.

load process.bash

setup() {
	t=$BATS_TEST_TMPDIR
	mkdir -p "$t/top/bench-scripts/setup"
	cp -r "$BATS_TEST_DIRNAME"/../{bench.sh,lib,lines} "$t/top/bench-scripts/"
	played setup/deps.sh ':'
	played plot.sh 'echo "$@" >>"$0.said"'
	played report.sh 'echo "$@" >>"$0.said"'
	# Like the real one, it says where the results are if nobody told it where to put them.
	played vm.sh '
		case " $* " in *" -n "*) exit ;; esac
		out=
		for word; do [ "$before" != --out ] || out=$word; before=$word; done
		[ -n "$out" ] || { out="$(dirname "$0")/new folder"; echo "$out"; }
		mkdir -p "$out/boot-1"
		echo good >"$out/boot-1/result-01.txt"'
}

# played NAME SHELL
played() {
	printf '#!/bin/sh\n%s\n' "$2" >"$t/top/bench-scripts/$1"
	chmod +x "$t/top/bench-scripts/$1"
}

@test "pictures and report lie beside the results, wherever those are" {
	run "$t/top/bench-scripts/bench.sh"
	echo "$output"
	[ "$status" -eq 0 ]
	[[ "$output" == *"everything is in $t/top/bench-scripts/new folder" ]]
	run "$t/top/bench-scripts/bench.sh" --out "$t/my folder" -- 'allocs=kmalloc sizes=64'
	[ "$status" -eq 0 ]
	[[ "$output" == *"everything is in $t/my folder" ]]
	grep -q "$t/my folder/report.html $t/my folder/boot-1/result-01.txt" "$t/top/bench-scripts/report.sh.said"
}

@test "options stand anywhere, and what is wrong is said before anything is installed" {
	run "$t/top/bench-scripts/bench.sh" 'allocs=kmalloc sizes=64' "-o$t" --lane insn
	[ "$status" -eq 2 ]
	run "$t/top/bench-scripts/bench.sh" 'allocs=kmalloc sizes=64' --lane=insn -o "$t/o"
	echo "$output"
	[ "$status" -eq 0 ]
	[[ "$output" == *"everything is in $t/o" ]]
	played setup/deps.sh 'echo installing'
	played vm.sh 'echo "$@"; exit 2'
	run "$t/top/bench-scripts/bench.sh" -- nosuite
	[ "$status" -eq 2 ]
	[ "$output" = '--lane best -n -- nosuite' ]
}

@test "what could not be measured has no report" {
	played vm.sh 'case " $* " in *" -n "*) exit ;; esac; exit 3'
	run "$t/top/bench-scripts/bench.sh"
	[ "$status" -eq 3 ]
	[ ! -e "$t/top/bench-scripts/report.sh.said" ]
}

@test "what cannot be drawn has a report all the same" {
	played plot.sh 'exit 3'
	run "$t/top/bench-scripts/bench.sh"
	[ "$status" -eq 0 ]
	[[ "$output" == *"no pictures"* ]]
	[ -s "$t/top/bench-scripts/report.sh.said" ]
}

@test "bench.sh is stopped: vm.sh goes with it" {
	played vm.sh "case ' '\$*' ' in *' -n '*) exit ;; esac; echo \$\$ >'$t/pid'; exec sleep 1000"
	"$t/top/bench-scripts/bench.sh" 3>&- &
	appears "$t/pid" "$!"
	kill -TERM "$!"
	gone "$(cat "$t/pid")"
}
