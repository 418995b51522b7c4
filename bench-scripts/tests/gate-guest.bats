#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# In a real guest: the module takes every line of every suite, and the
# kselftest wrapper passes, skips and fails as it should.

setup_file() {
	cd "$BATS_TEST_DIRNAME/.." || return 1
	# shellcheck disable=SC2016 # for the guest's shell
	cat >"$BATS_FILE_TMPDIR/script" <<-'END'
		insmod "$KAB_MODULE" lane=insn
		# One sample of one size says as much about the words of the line as all of them.
		for suite in quick default kernels full time; do
			grep = /kab/suites/$suite | grep -v -e '^#' -e '^append' >/tmp/lines
			while IFS= read -r line; do
				short=$(printf '%s' "$line" | sed 's/ samples=[0-9]*//; s/ warmup=[0-9]*//; s/ sizes=[^ ]*/ sizes=4K/; s/ depth=[0-9]*/ depth=1/')
				if printf '%s samples=1 warmup=0' "$short" >/sys/kernel/debug/kallocbench/run; then
					echo "taken $suite: $line"
				else
					echo "REFUSED $suite: $line"
					cat /sys/kernel/debug/kallocbench/error
				fi
			done </tmp/lines
		done
		sh /kab/kselftest.sh --module "$KAB_MODULE" >/out/loaded
		echo "loaded $?"
		rmmod kallocbench
		sh /kab/kselftest.sh --module "$KAB_MODULE" 'allocs=kmalloc sizes=64 samples=100' >/out/good
		echo "good $?"
		sh /kab/kselftest.sh --module "$KAB_MODULE" 'allocs=kmaloc' >/out/wrong
		echo "wrong $?"
		sh /kab/kselftest.sh --module /nowhere >/out/none
		echo "none $?"
		insmod "$KAB_MODULE"
		(sleep 1; echo 1 >/sys/kernel/debug/kallocbench/abort) &
		echo "allocs=kmalloc sizes=1..9000+1" >/sys/kernel/debug/kallocbench/run
		sh /kab/collect.sh --out /out/late 'allocs=kmaloc' 2>/out/late.err
		echo "late $?"
	END
	set -- --add kselftest.sh --add lib/host.sh:/kab/lib/host.sh --add lib/progress.sh:/kab/lib/progress.sh --add lines/check.sh:/kab/lines/check.sh --add results.awk
	for suite in quick default kernels full time; do
		set -- "$@" --add "suites/$suite:/kab/suites/$suite"
	done
	./vm.sh --kernel 6.12 --script "$BATS_FILE_TMPDIR/script" --timeout 600 --out "$BATS_FILE_TMPDIR/vm" "$@" >&2
}

setup() {
	out=$BATS_FILE_TMPDIR/vm/boot-1
}

@test "the module takes every line of quick, default, kernels, full and time" {
	cat "$out/script.out"
	[ "$(grep -c ^REFUSED "$out/script.out")" -eq 0 ]
	for suite in quick default kernels full time; do
		many=$(grep -c '^allocs=' "$BATS_TEST_DIRNAME/../suites/$suite")
		[ "$(grep -c "^taken $suite:" "$out/script.out")" -eq "$many" ]
	done
}

@test "kselftest: all ok, exit 0" {
	cat "$out/good"
	grep -qx 'good 0' "$out/script.out"
	[ "$(head -n 2 "$out/good")" = $'KTAP version 1\n1..3' ]
	[ "$(grep -c '^ok ' "$out/good")" -eq 3 ]
}

@test "kselftest: a line that is refused fails, exit 1" {
	cat "$out/wrong"
	grep -qx 'wrong 1' "$out/script.out"
	grep -q '^not ok 1 ' "$out/wrong"
}

@test "a line refused after a run that was aborted leaves no results" {
	cat "$out/late.err"
	grep -qx 'late 2' "$out/script.out"
	grep -q 'unknown allocator' "$out/late.err"
	[ -z "$(find "$out/late" -name 'result-*')" ]
}

@test "kselftest: in use, or without a module, it is skipped with exit 4" {
	grep -qx 'loaded 4' "$out/script.out"
	grep -qx 'none 4' "$out/script.out"
	grep -q '^1\.\.0 # SKIP ' "$out/loaded"
	grep -q '^1\.\.0 # SKIP ' "$out/none"
}
