#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# What can be known is said before anything is fetched, built or booted: a suite that is not there, a line that the
# module refuses, in its own words; modules of two compilers.
# shellcheck disable=SC2016,SC2030,SC2031 # a Makefile's variables; the output of the last run

load image.bash

setup() {
	scripts=$(cd "$BATS_TEST_DIRNAME/.." && pwd)
	t=$BATS_TEST_TMPDIR
	export KALLOCBENCH_CACHE=$t/cache
	mkdir "$t/bin"
	# Whoever fetches or boots leaves a trace.
	for name in qemu-system-x86_64 apt-get apt-cache dpkg curl wget insmod make; do
		printf '#!/bin/sh\necho "%s $*" >>"%s/called"\nexit 9\n' "$name" "$t" >"$t/bin/$name"
		chmod +x "$t/bin/$name"
	done
	PATH=$t/bin:$PATH
}

# refused STATUS TEXT COMMAND WORD...: at once, with that text, and nothing was called.
refused() {
	local want=$1 text=$2 script=$3 start
	shift 3
	start=$(date +%s%N)
	run "$scripts/$script" "$@"
	took=$((($(date +%s%N) - start) / 1000000))
	echo "$script took $took ms: $output"
	[ "$status" -eq "$want" ]
	[[ "$output" == *"$text"* ]]
	[ ! -e "$t/called" ]
}

@test "a suite that is not there" {
	local said="no suite 'nosuite'"
	refused 2 "$said" vm.sh -- nosuite
	refused 2 "$said" vm.sh quick nosuite
	refused 2 "$said" explain.sh -- nosuite
	refused 2 "$said" explain.sh --base 6.1 --new 6.12 -- nosuite
	refused 2 "$said" bench.sh -- nosuite
	refused 2 "$said" ci.sh --base 6.1 --new 6.12 --suite nosuite
	refused 2 "$said" collect.sh nosuite
	refused 2 "$said" kselftest.sh nosuite
	refused 2 "no suite '$t/'" vm.sh "allocs=kmalloc" "$t/"
}

@test "a word that the module refuses, with its sentence and its caret" {
	local said
	said=$(printf 'column 8: "kmaloc": unknown allocator, did you mean kmalloc? *\nallocs=kmaloc\n       ^^^^^^\n*')
	for command in 'vm.sh --' 'explain.sh --' 'bench.sh --' 'collect.sh' 'kselftest.sh' 'vm.sh --smp 3' \
		'ci.sh --base 6.1 --new 6.12 --suite'; do
		# shellcheck disable=SC2086 # words
		refused 2 'unknown allocator' $command allocs=kmaloc
		# shellcheck disable=SC2053 # a pattern
		[[ "$output" == $said ]]
	done
	mkdir "$t/tree"
	cd "$t/tree"
	git init -q .
	touch Kconfig
	git add .
	git -c user.name=t -c user.email=t@localhost commit -q -m 'a commit'
	refused 128 'unknown allocator' bisect.sh --limit 5 allocs=kmaloc
	refused 128 'one cell is needed; the line gives 2 cells' bisect.sh --limit 5 'allocs=kmalloc sizes=64,128'
	refused 128 "is not a parameter line" bisect.sh --limit 5 quick
}

@test "all lines of all plans come first, and the line is that of the user's file" {
	printf '# a plan\nappend a=b\n\nallocs=kmalloc\n\t# more\nsizes=64 samples=0\n' >"$t/plan"
	refused 2 "refused: line 6 of $t/plan" vm.sh -- "allocs=vmalloc" quick "$t/plan"
	[[ "$output" == *'column 18: "0": out of range 1..10000000'* ]]
	refused 2 "refused: line 6 of $t/plan" collect.sh "$t/plan"
	refused 2 "refused: line 6 of $t/plan" ci.sh --base 6.1 --new 6.12 --suite "$t/plan"
	printf '# nothing\n' >"$t/plan"
	refused 2 "no line to run in $t/plan" vm.sh -- "$t/plan"
}

@test "it takes less than a second, once the parser is compiled" {
	refused 2 'unknown allocator' vm.sh -- allocs=kmaloc
	refused 2 'unknown allocator' vm.sh -- allocs=kmaloc
	[ "$took" -lt 1000 ]
	refused 2 "no suite 'nosuite'" vm.sh -- nosuite
	[ "$took" -lt 1000 ]
	[ "$(find "$t/cache" -name 'lines-*' | wc -l)" -eq 1 ]
}

@test "a kernel that no archive can have" {
	refused 2 "no flavour 'clod'" vm.sh --kernel 6.12-clod -- quick
	refused 2 "neither a series" ci.sh --base 6.12 --new six
	refused 2 "neither a series" explain.sh --kernel 6,12 -- quick
}

@test "options of vm.sh that no boot can mend" {
	fake_bzimage "$t/kernel"
	refused 2 "--allow: no regular expression: 'a('" vm.sh --allow 'a(' -- quick
	refused 2 "--add: no file $t/none" vm.sh --add "$t/none:/kab/x" -- quick
	refused 2 "--module: no file $t/none" vm.sh --module "$t/none" -- quick
	refused 2 "--kernel: no file '$t/none'" vm.sh --kernel "$t/none" -- quick
	refused 2 "an image needs its build folder (--kdir), or --module" vm.sh --kernel "$t/kernel" -- quick
	refused 2 "no kernel build folder: $t" vm.sh --kdir "$t" -- quick
	refused 2 "$t is a folder, not an image" vm.sh --kernel "$t" -- quick
	refused 2 "an image needs its build folder (--new-kdir), or --module" ci.sh --base 6.1 --new "$t/kernel"
	mkdir -p "$t/out/boot-1"
	refused 2 "$t/out/boot-1 is in the way" vm.sh --out "$t/out" -- quick
	refused 2 "start at 1" vm.sh --smp 0 -- quick
	run "$scripts/vm.sh" -n quick
	[ "$status" -eq 0 ]
	[ -z "$output" ]
	[ ! -e "$t/called" ]
}

# kdir NAME: a build folder; .config is on stdin.
kdir() {
	mkdir -p "$t/$1"
	touch "$t/$1/Makefile"
	cat >"$t/$1/.config"
}

# says NAME VERSION: a compiler of ours.
says() {
	printf '#!/bin/sh\necho "%s"\n' "$2" >"$t/bin/$1"
	chmod +x "$t/bin/$1"
}

@test "modules of two compilers are not comparable: said before a kernel is fetched" {
	local sides="--base $t/image --base-kdir $t/gcc --new $t/image --new-kdir"
	fake_bzimage "$t/image"
	says gcc-11 'gcc-11 (Debian) 11.3.0'
	says clang 'Debian clang version 14.0.6'
	kdir gcc <<<CONFIG_CC_IS_GCC=y
	kdir other <<<CONFIG_CC_IS_GCC=y
	printf 'CC = $(CCACHE) gcc-11\n' >"$t/other/.kernelvariables"
	kdir clang <<<$'CONFIG_CC_IS_CLANG=y\nCONFIG_CLANG_VERSION=140006'
	# shellcheck disable=SC2086 # words
	refused 2 "'Debian clang version 14.0.6' for --new" ci.sh $sides "$t/clang"
	# shellcheck disable=SC2086 # words
	refused 2 "'gcc-11 (Debian) 11.3.0' for --new" ci.sh $sides "$t/other"
	# Debian's kernels are gcc's, whichever it is.
	refused 2 "'some gcc' for --base" ci.sh --base 6.12 --new "$t/image" --new-kdir "$t/clang"
	run "$scripts/setup/module.sh" --compiler "$t/gcc"
	[ "$output" = "$(gcc --version | head -n 1)" ]
	[ ! -e "$t/called" ]
}

# check CPUS LINE
check() {
	run sh -c 'scripts=$1 && . "$1/lib/host.sh" && me=x && check_lines "$2" "$3"' sh "$scripts" "$@"
	echo "$output"
}

@test "CPUs are those of the guest; what only its kernel knows is left to it" {
	check 2 'cpus=0,1'
	[ "$status" -eq 0 ]
	check 2 'cpus=2'
	[ "$status" -eq 2 ]
	[[ "$output" == *'out of range 0..1'* ]]
	check 0 'cpus=0-511'
	[ "$status" -eq 0 ]
	refused 2 'out of range 0..0' vm.sh -- cpus=1
	for line in 'node=7' 'allocs=kmem_buckets' 'flags=GFP_NOWAIT|__GFP_NOWARN,GFP_NOWAIT' 'flags=GFP_ATOMIC,GFP_NOWAIT|__GFP_HIGH' \
		'allocs=all patterns=all contexts=all'; do
		check 1 "$line"
		[ "$status" -eq 0 ]
	done
	check 1 'flags=GFP_KERNEL|GFP_NOFS'
	[ "$status" -eq 2 ]
	check 1 'flags=GFP_NOFS|GFP_NOIO'
	[ "$status" -eq 2 ]
}

@test "every name of the module's tables is known, with the keys it uses" {
	cd "$scripts/.."
	for table in allocs flags patterns contexts; do
		names=$(bench-scripts/tools/readme-tables.sh "$table" | sed 's/^| `\([^`]*\)`.*/\1/')
		[ -n "$names" ]
		for name in $names; do
			check 1 "$table=$name"
			[ "$status" -eq 0 ]
		done
	done
	for line in 'patterns=batch depth=9 order=lifo' 'patterns=churn depth=9 mix=2' 'patterns=exhaust bytes=1M' \
		'patterns=fragmented share=3'; do
		check 1 "$line"
		[ "$status" -eq 0 ]
	done
	for line in 'patterns=pair depth=9' 'patterns=batch mix=2' 'patterns=churn order=lifo'; do
		check 1 "$line"
		[ "$status" -eq 2 ]
	done
}

@test "no line at all, and the word that stands for the defaults" {
	refused 2 'no line to run in ' vm.sh -- ''
	refused 2 'no line to run in ' collect.sh ''
	run "$scripts/vm.sh" -n defaults
	[[ "$output" != *"no suite"* ]]
	grep -q 'the line is empty' "$scripts/../kmod/plan.c" || skip "this module does not know it yet"
	[ "$status" -eq 0 ]
}

@test "without a compiler nothing is said: the module says it later" {
	printf '#!/bin/sh\nexit 1\n' >"$t/bin/gcc"
	chmod +x "$t/bin/gcc"
	check 1 'allocs=kmaloc'
	[ "$status" -eq 0 ]
	[ -z "$output" ]
	[ -z "$(find "$t/cache" -type f)" ]
}

@test "every suite of ours is taken" {
	for suite in "$scripts"/suites/*; do
		check 1 "$suite"
		[ "$status" -eq 0 ]
	done
}
