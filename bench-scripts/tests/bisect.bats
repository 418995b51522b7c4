#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# shellcheck disable=SC2016 # a Makefile's variables
# What bisect.sh tells git of a commit, with a tree whose Makefile builds
# nothing, a module.sh and a vm.sh of ours. With real kernels: bisect-tree.sh.

setup() {
	export t=$BATS_TEST_TMPDIR
	export KALLOCBENCH_CACHE=$t/cache
	mkdir -p "$t/scripts/setup" "$t/tree" "$t/bin"
	cp -r "$BATS_TEST_DIRNAME"/../{bisect.sh,guest,lib,lines,results.awk} "$t/scripts"
	cp "$BATS_TEST_DIRNAME"/../setup/{machine*,tree.sh} "$t/scripts/setup"
	echo >"$t/config"
	printf '#!/bin/sh\necho k.ko\n' >"$t/scripts/setup/module.sh"
	cat >"$t/scripts/vm.sh" <<-'END'
		#!/bin/sh
		while [ "$1" != --out ]; do shift; done
		mkdir -p "$2/boot-1"
		cp "$t/result" "$2/boot-1/result-01.txt"
	END
	chmod +x "$t"/scripts/*.sh "$t"/scripts/setup/*.sh
	unset CC HOSTCC
	# The tree's repository and no other, with nobody's hooks and signatures.
	# shellcheck disable=SC2046 # names
	unset GIT_TEMPLATE_DIR $(git rev-parse --local-env-vars)
	export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null
	printf 'allnoconfig bzImage modules:\n\t@echo "CC is $(CC), HOSTCC is $(HOSTCC)"\n' >"$t/tree/Makefile"
	touch "$t/tree/Kconfig"
	cd "$t/tree" || return 1
	git init -q
	git add .
	git -c user.name=t -c user.email=t@localhost commit -q -m 'a commit'
	result <<<$'kmalloc 64\nalloc 76:990 500:10\nfree 40:1000'
}

# result <CELLS: what the guest measures, in the words of make.awk.
result() {
	awk -f "$BATS_TEST_DIRNAME/data/gate/make.awk" >"$t/result"
}

bisect() {
	run "$t/scripts/bisect.sh" --config "$t/config" --build "$t/build" "$@" "allocs=kmalloc sizes=64"
	echo "$output"
	cat "$t/build/build.log"
}

# without_ccache: every command of this machine but that one.
without_ccache() {
	find /bin/ /usr/bin/ -maxdepth 1 ! -type d ! -name ccache -exec ln -sf -t "$t/bin" {} +
	PATH=$t/bin
}

with_ccache() {
	printf '#!/bin/sh\n' >"$t/bin/ccache"
	chmod +x "$t/bin/ccache"
	PATH=$t/bin:$PATH
}

@test "good, bad, and the mode itself" {
	bisect --limit 76
	[ "$status" -eq 0 ]
	[[ "$output" == *"is good: 76 instructions, limit 76"* ]]
	bisect --limit 75
	[ "$status" -eq 1 ]
	bisect --limit 39 --op free
	[ "$status" -eq 1 ]
	bisect --measure
	[ "$status" -eq 0 ]
	[ "${lines[-1]}" = 76 ]
}

@test "it builds without ccache" {
	without_ccache
	bisect --limit 80
	[ "$status" -eq 0 ]
	grep -qx 'CC is cc, HOSTCC is ' "$t/build/build.log"
}

@test "it builds with ccache" {
	with_ccache
	bisect --limit 80
	[ "$status" -eq 0 ]
	grep -qx 'CC is ccache gcc, HOSTCC is ccache gcc' "$t/build/build.log"
}

@test "a kernel that was configured with clang is built with it" {
	with_ccache
	sed -i 's/HOSTCC is/LLVM is $(LLVM), &/' "$t/tree/Makefile"
	echo CONFIG_CC_IS_CLANG=y >"$t/config"
	bisect --limit 76
	grep -qx 'CC is ccache clang, LLVM is , HOSTCC is ccache clang' "$t/build/build.log"
	echo CONFIG_LD_IS_LLD=y >>"$t/config"
	bisect --limit 76
	grep -qx 'CC is ccache clang, LLVM is 1, HOSTCC is ccache clang' "$t/build/build.log"
}

@test "a kernel of another machine: its compiler, its configuration, its image" {
	with_ccache
	printf '#!/bin/sh\n' >"$t/bin/aarch64-linux-gnu-gcc"
	printf '#!/bin/sh\necho x86_64\n' >"$t/bin/uname"
	chmod +x "$t"/bin/*
	cp -r "$BATS_TEST_DIRNAME/../setup/kernels" "$t/scripts/setup"
	sed -i '2i echo "$*" >>"$t/booted"' "$t/scripts/vm.sh"
	printf 'allnoconfig Image modules:\n\t@echo "ARCH is $(ARCH), CC is $(CC), HOSTCC is $(HOSTCC), tools are $(CROSS_COMPILE)"\n\t@cat $(or $(KCONFIG_ALLCONFIG),/dev/null)\n' \
		>"$t/tree/Makefile"
	run "$t/scripts/bisect.sh" --arch arm64 --build "$t/build" --limit 80 "allocs=kmalloc sizes=64"
	echo "$output"
	[ "$status" -eq 0 ]
	grep -qx 'ARCH is arm64, CC is ccache aarch64-linux-gnu-gcc, HOSTCC is ccache gcc, tools are aarch64-linux-gnu-' "$t/build/build.log"
	grep -qx CONFIG_DEBUG_FS=y "$t/build/build.log"
	grep -qx CONFIG_SERIAL_AMBA_PL011_CONSOLE=y "$t/build/build.log"
	grep -q -e "--kernel $t/build/arch/arm64/boot/Image " "$t/booted"
	bisect --arch arm --limit 80
	[ "$status" -eq 128 ]
	[[ "$output" == *"--arch: no machine 'arm' is known: amd64 and arm64 are"* ]]
}

@test "a commit that does not build is skipped" {
	printf 'allnoconfig bzImage modules:\n\t@echo "mm/a.c:1:1: error: unknown type" && false\n' >Makefile
	run "$t/scripts/bisect.sh" --config "$t/config" --build "$t/build" --limit 80 "allocs=kmalloc sizes=64"
	echo "$output"
	[ "$status" -eq 125 ]
	[ "${lines[0]}" = "mm/a.c:1:1: error: unknown type" ]
	[[ "${lines[-1]}" == "bisect.sh: "*"(a commit) does not build: see $t/build/build.log" ]]
}

@test "what a guest left is kept until the next commit" {
	bisect --limit 80
	[ -f "$t/build.boot/boot-1/result-01.txt" ]
	touch "$t/build.boot/older"
	bisect --limit 80
	[ ! -e "$t/build.boot/older" ]
}

@test "a cell that the commit cannot measure is skipped, with its state and reason" {
	for state in skipped failed aborted; do
		result <<<"kmalloc 64 state=$state"
		bisect --limit 80
		[ "$status" -eq 125 ]
		[[ "$output" == *"(a commit): the cell was $state: because"* ]]
	done
	# What was sampled before it failed is not the cell that was asked for.
	result <<<$'kmalloc 64 state=failed\nalloc 76:10'
	bisect --limit 80
	[ "$status" -eq 125 ]
}

@test "samples of a short cell are judged, none are skipped" {
	result <<<$'kmalloc 64 state=short\nalloc 76:10'
	bisect --limit 80
	[ "$status" -eq 0 ]
	printf '%s\n' 'kallocbench 1' 'param allocs=kmalloc' 'clock name=tsc khz=1 overhead=4 unit=insn' \
		'cell id=0 alloc=kmalloc size=64 flags=GFP_KERNEL context=process pattern=pair cpus=0 round=0 state=short fail=9 reason=because' \
		'op cell=0 op=alloc n=0 sum=- min=- p50=- p90=- p99=- p999=- max=- under=-' 'end cells=1 state=done' >"$t/result"
	bisect --limit 80
	[ "$status" -eq 125 ]
	[[ "$output" == *"(a commit): no sample of alloc"* ]]
}

@test "several cells and an unknown op are wrong use, which stops git" {
	result <<<$'kmalloc 64\nalloc 76:1000\nkmalloc 128 state=skipped'
	bisect --limit 80
	[ "$status" -eq 128 ]
	[[ "$output" == *"gives 2 cells"* ]]
	result <<<$'kmalloc 64\nalloc 76:1000\nfree 40:1000'
	bisect --limit 80 --op touch
	[ "$status" -eq 128 ]
	[[ "$output" == *"no op 'touch', but alloc free"* ]]
	bisect --limit 80 --measure
	[ "$status" -eq 128 ]
	[[ "$output" == *"exclude each other"* ]]
}
