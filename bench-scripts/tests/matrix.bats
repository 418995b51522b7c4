#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# shellcheck disable=SC2016 # shell text of others
# shellcheck disable=SC2030,SC2031 # each test has its own status and output
# A series, with a QEMU of ours whose guests cost what their image says: which jobs run, which do not again, and that a
# planted step is found where it is, and nothing where there is none.

bats_require_minimum_version 1.5.0

load compare.bash
load image.bash
load process.bash

setup() {
	export t=$BATS_TEST_TMPDIR
	export KALLOCBENCH_CACHE=$BATS_FILE_TMPDIR/cache KALLOCBENCH_QEMU=$t/qemu
	export MAKE_AWK=$BATS_TEST_DIRNAME/data/gate/make.awk
	mkdir -p "$t/tree" "$t/k"
	cp -r "$BATS_TEST_DIRNAME/.." "$t/tree/bench-scripts"
	cp -r "$BATS_TEST_DIRNAME/../../kmod" "$t/tree/kmod"
	scripts=$t/tree/bench-scripts
	printf '#!/bin/sh\necho "%s/k.ko"\n' "$t" >"$scripts/setup/module.sh"
	cp /bin/true "$t/k.ko"
	cat >"$scripts/setup/kernel.sh" <<-END
		#!/bin/sh
		[ "\$1" = check ] && exit
		[ -f "$t/k/\$2" ] || { echo "kernel.sh: no kernel \$2 is available" >&2; exit 3; }
		printf 'image=%s\nkdir=%s\nname=%s\n' "$t/k/\$2" "$t/k" "\$2"
	END
	echo all: >"$t/k/Makefile"
	guest ':'
	cd "$t" || return 1
}

# guest SHELL: may set \$alloc, what an allocation costs, and \$verdict, and fail.
guest() {
	cat >"$t/qemu" <<-END
		#!/bin/sh
		[ "\$1" != --version ] || { echo "QEMU emulator version \${QEMU_VERSION-7.2.0} (Debian)"; exit 0; }
		words="\$*" verdict=good
		while [ "\$1" != -kernel ]; do shift; done
		alloc=\$(tail -c +519 "\$2")
		echo "\$alloc \$words" >>"$t/boots"
		$1
		d=\$(mktemp -d)
		printf 'kmalloc 64\nalloc %s:1000\nfree 78:1000\ncontrol 64\nalloc 83:1000\nfree 59:1000\n' "\$alloc" |
			awk -v lane=insn -v unit=insn -v accel=tcg-icount -v meta="kernel=\$alloc arch=x86_64 cmdline=x" -f "$MAKE_AWK" >"\$d/result-01.txt"
		tar -czf "\$d.tgz" -C "\$d" .
		{ printf 'kab-results %s\n' "\$(wc -c <"\$d.tgz")"; cat "\$d.tgz"; printf '\nkab-verdict %s\n' "\$verdict"; } >port
		echo '[ 0.1] booting' >console.log
		rm -r "\$d" "\$d.tgz"
	END
	chmod +x "$t/qemu"
}

# kernels NAME=COST...
kernels() {
	local word
	for word in "$@"; do
		fake_bzimage "$t/k/${word%=*}" "${word#*=}"
	done
}

matrix() {
	run "$scripts/matrix.sh" -o "$t/out" -j 1 --suite 'allocs=kmalloc,control sizes=64 samples=1000' "$@" 3>&-
	echo "$output"
}

boots() {
	wc -l 2>/dev/null <"$t/boots" || echo 0
}

plan() {
	printf '%s' "$1" >"$t/said"
	printf '%s' "$2" >"$t/file"
	run awk -f "$scripts/matrix/plan.awk" "$t/said" "$t/file"
	echo "$output"
}

@test "a plan: words go before lines of the same key, defaults behind both" {
	plan $'arch arm64\nboot \nboot a=1  b=2\n' $'# series\nkernel 6.1 6.12\nkernel 7.3\n\narch amd64\nphases 3\n'
	[ "$status" -eq 0 ]
	[ "$output" = "$(printf '%s\n' 'kernel 6.1' 'kernel 6.12' 'kernel 7.3' 'arch arm64' boot 'boot a=1  b=2' 'suite quick' \
		'phases 3' 'smp 1' 'mem 1024' 'settle 5')" ]
}

@test "a plan that is wrong says where" {
	plan '' $'kernel 6.1\nkernl 6.12\n'
	[ "$status" -eq 2 ]
	[[ "$output" == *"file:2: no key 'kernl'"* ]]
	plan $'phases 6\n' $'kernel 6.1\n'
	[ "$output" = "phases: 1 to 5, not '6'" ]
	plan $'smp 0\n' $'kernel 6.1\n'
	[ "$output" = "smp: at least 1, not '0'" ]
	plan $'smp two\n' $'kernel 6.1\n'
	[ "$output" = "smp: a number, not 'two'" ]
	plan '' $'arch amd64\n'
	[ "$output" = "no kernel is named" ]
}

@test "a planted step is found between the two kernels where it is, and by how much" {
	kernels a=116 b=116 c=128 d=128
	matrix --phases 3 a b c d
	[ "$status" -eq 0 ]
	[ "$(boots)" -eq 16 ]
	[[ "$output" == *"4 kernels, 4 figures: 3 figures without a step, 1 with 1 step"* ]]
	[ "$(grep -c ^step "$t/out/amd64/series.tsv")" -eq 1 ]
	grep -x "$(printf 'step\t2\t3\tkmalloc 64 pair\talloc\t116\t128\t12\t10.3448')" "$t/out/amd64/series.tsv"
	grep -x "$(printf 'cell\tkmalloc 64 pair\talloc\t116\t116\t128\t128')" "$t/out/amd64/series.tsv"
	grep -q -e 'explain.sh --base 116 --new 128 --verdict' "$t/out/amd64/series.txt"
	awk 'length > 72 && !/explain|\\$/ { print; bad = 1 } END { exit bad }' "$t/out/amd64/series.txt"
	grep -q '>kmalloc 64 pair alloc on c: 128 instructions<' "$t/out/amd64/series.html"
	# A hollow point whose group does not say so is black.
	[ "$(grep -c '<g class="pt ' "$t/out/amd64/series.html")" -gt 4 ]
	run ! grep '<g class="pt">' "$t/out/amd64/series.html"
	xmllint --html --noout "$t/out/amd64/series.html" 2>&1 | grep -v -e 'Tag \|^<\|^ *^\|HTML parser' | grep error && false
	grep -q 'meta host=' "$t"/out/amd64/c/phase-1/boot-2/result-01.txt
}

@test "an allocator has the colour that it has in every other picture" {
	printf 'kernel\t%s\t%s\t%s\t-\t/none\n' 1 a a 2 b b >"$t/columns"
	printf 'step\t1\t2\nrun\tunit\tinsn\nrow\tkvmalloc 64 pair\talloc\tmode\t100\t120\t20\t20\t0\t-\t-\t-\tREGRESSION\t-\t-\n' >"$t/judged"
	cd "$BATS_TEST_DIRNAME/.."
	awk -f draw/units.awk -f export/label.awk -f report/document.awk -f matrix/series.awk -v pictures="$t/pictures" -v numbers="$t/numbers" \
		"$t/columns" "$t/judged" >"$t/lines"
	grep -qx "$(printf 'series\tkvmalloc\t3')" "$t/pictures"
	grep -q '^point.*full.kvmalloc 64 pair alloc on b: 120 instructions$' "$t/pictures"
}

@test "one kernel six times: no step, though its boots have other command lines" {
	kernels a=116
	matrix --phases 3 a a a a a a
	[ "$status" -eq 0 ]
	[[ "$output" == *"6 kernels, 4 figures: no step anywhere."* ]]
	[ "$(boots)" -eq 24 ]
	[ "$(grep -c kab_again= "$t/boots")" -eq 20 ]
	run ! grep "^step" "$t/out/amd64/series.tsv"
}

@test "what is done is not done again, another kernel is only itself, another suite is refused" {
	kernels a=116 b=117 c=118
	matrix --phases 1 a b
	[ "$(boots)" -eq 4 ]
	run "$scripts/matrix.sh" -o "$t/out" 3>&-
	[ "$status" -eq 0 ]
	[ "$(boots)" -eq 4 ]
	matrix --phases 1 c b a
	[ "$(boots)" -eq 6 ]
	grep -x "$(printf 'cell\tkmalloc 64 pair\talloc\t118\t117\t116')" "$t/out/amd64/series.tsv"
	# What made it is another: the kernel, the QEMU, what is measured with.
	fake_bzimage "$t/k/a" 119
	matrix --phases 1 a b
	[ "$(boots)" -eq 8 ]
	QEMU_VERSION=8.0.0 matrix --phases 1 a
	[ "$(boots)" -eq 10 ]
	echo >>"$t/tree/kmod/main.c"
	QEMU_VERSION=8.0.0 matrix --phases 1 a
	[ "$(boots)" -eq 12 ]
	run "$scripts/matrix.sh" -o "$t/out" --suite 'allocs=kmalloc sizes=128' a 3>&-
	[ "$status" -eq 2 ]
	[[ "$output" == *"holds results of another suite"* ]]
}

@test "a job that fails is listed, keeps its column, and waits for --retry" {
	kernels a=116 b=117 c=118
	guest '[ "$alloc" != 117 ] || [ -f "$t/mended" ] || verdict="the kernel complained: BUG"'
	matrix --phases 1 a b c
	[ "$status" -eq 3 ]
	[[ "$output" == *"failed  amd64/b/phase-1: boot 2 of 2: the kernel complained: BUG"* ]]
	[[ "$output" == *"2: b: NO RESULT: boot 2 of 2"* ]]
	[[ "$output" == *"of 3 jobs 1 failed, 0 are missing; the same command does what is missing, and with --retry what failed"* ]]
	grep -x "$(printf 'cell\tkmalloc 64 pair\talloc\t116\t-\t118')" "$t/out/amd64/series.tsv"
	before=$(boots)
	# What the command line says goes before the plan of the last time.
	run "$scripts/matrix.sh" -o "$t/out" --phases 2 --list 3>&-
	[ "$(echo "$output" | grep -c '^missing .*/phase-2$')" -eq 3 ]
	run "$scripts/matrix.sh" -o "$t/out" 3>&-
	[ "$status" -eq 3 ]
	[ "$(boots)" -eq "$before" ]
	run "$scripts/matrix.sh" -o "$t/out" --list
	[ "$(echo "$output" | grep -c '^done ')" -eq 2 ]
	[[ "$output" == *"failed  amd64/b/phase-1: "* ]]
	: >"$t/mended"
	run "$scripts/matrix.sh" -o "$t/out" --retry 3>&-
	[ "$status" -eq 0 ]
	[ "$(boots)" -eq "$((before + 2))" ]
	grep -x "$(printf 'cell\tkmalloc 64 pair\talloc\t116\t117\t118')" "$t/out/amd64/series.tsv"
}

@test "a kernel that cannot be had keeps its column" {
	kernels a=116 c=118
	matrix --phases 1 a b c
	[ "$status" -eq 3 ]
	[[ "$output" == *"not available: b: kernel.sh: no kernel b is available"* ]]
	[[ "$output" == *"2: b: NO RESULT: it was not measured"* ]]
}

@test "boot options are series of their own" {
	kernels a=116 b=117
	matrix --phases 1 --boot '' --boot init_on_alloc=1 a b
	[ "$status" -eq 0 ]
	[ "$(boots)" -eq 8 ]
	[ "$(grep -c -w init_on_alloc=1 "$t/boots")" -eq 4 ]
	[ -s "$t/out/amd64/series.txt" ]
	[ -s "$t/out/amd64,init_on_alloc=1/series.txt" ]
}

@test "stopped in the middle its guests end, and only what is missing runs the next time" {
	kernels a=116 b=117 c=118
	guest '[ "$alloc" != 117 ] || [ -f "$t/go" ] || { echo $$ >"$t/pid"; exec sleep 1000; }'
	"$scripts/matrix.sh" -o "$t/out" -j 1 --phases 1 --suite 'allocs=kmalloc,control sizes=64' a b c >"$t/log" 2>&1 3>&- &
	pid=$!
	appears "$t/pid" "$pid"
	kill -TERM "$pid"
	wait "$pid" || [ $? -eq 130 ]
	gone "$(cat "$t/pid")"
	[ ! -e "$t/out/amd64/b/phase-1/made" ]
	: >"$t/go" && : >"$t/boots"
	run "$scripts/matrix.sh" -o "$t/out" 3>&-
	echo "$output"
	[ "$status" -eq 0 ]
	[ "$(cut -d ' ' -f 1 "$t/boots" | sort | uniq -c | tr -s ' \n' ' ')" = ' 2 117 2 118 ' ]
	[[ "$output" == *"1 of 3 jobs are done, 2 to do"* ]]
}

@test "progress: how many, how many failed, and the time left" {
	printf 'done\ta\t10\tm1\nfailed\tb\t20\tm2\nparallel: gone\n' >"$t/said"
	run awk -f "$scripts/matrix/progress.awk" -v total=6 -v at_once=2 "$t/said"
	[ "${lines[0]}" = 'matrix.sh: 1 of 6, 25 s left: a (10 s on m1)' ]
	[ "${lines[1]}" = 'matrix.sh: 2 of 6, 1 failed, 30 s left: b FAILED (20 s on m2)' ]
	[ "${lines[2]}" = 'matrix.sh: parallel: gone' ]
}

@test "a series of folders of another day: by version, and what cannot be compared says so" {
	insn_side "$t/h/6.12" x $'kmalloc 64\nalloc 116:1000'
	insn_side "$t/h/6.2" y $'kmalloc 64\nalloc 170:1000'
	insn_side "$t/h/7.3" z $'kmalloc 64\nalloc 116:1000'
	sed -i 's/cpu=max/cpu=host/' "$t"/h/7.3/*/*/result-01.txt
	run "$scripts/series.sh" "$t/h"
	echo "$output"
	[ "$status" -eq 0 ]
	grep -x "$(printf 'step\t1\t2\tkmalloc 64 pair\talloc\t170\t116\t-54\t-31.7647')" "$t/h/series.tsv"
	tr '\n' ' ' <<<"$output" | grep -q 'From 6.12 to 7.3 nothing is known: not comparable'
	mkdir "$t/empty"
	run "$scripts/series.sh" "$t/empty"
	[ "$status" -eq 3 ]
	[ "$output" = "series.sh: no folder with results in $t/empty" ]
}
