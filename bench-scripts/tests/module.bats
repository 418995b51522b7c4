#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# module.sh with a kernel build folder of ours, whose Makefile tells what it was given: which compiler compiles, when is
# built anew, and what is said.

setup() {
	t=$BATS_TEST_TMPDIR
	export KALLOCBENCH_CACHE=$t/cache
	unset LLVM MAKEFLAGS
	mkdir -p "$t/top/bench-scripts" "$t/top/kmod" "$t/bin" "$t/kdir/include/generated"
	# With all that it may source.
	find "$BATS_TEST_DIRNAME/.." -mindepth 1 -maxdepth 1 ! -name tests -exec cp -R {} "$t/top/bench-scripts/" \;
	touch "$t/top/kmod/"{Kbuild,a.c,a.h,a.def}
	echo '#define UTS_RELEASE "6.12.9-made-up"' >"$t/kdir/include/generated/utsrelease.h"
	cat >"$t/kdir/Makefile" <<-'END'
		modules:; @echo "LLVM=$(LLVM) CC=$(origin CC)$(if $(findstring command,$(origin CC)),:$(CC))" >$(M)/kallocbench.ko
	END
	compiler gcc 12.2.0
	PATH=$t/bin:$PATH
}

# compiler NAME VERSION: one in our PATH, that says so.
compiler() {
	printf '#!/bin/sh\necho "%s version %s"\n' "${1%%-*}" "$2" >"$t/bin/$1"
	chmod +x "$t/bin/$1"
}

# llvm SUFFIX VERSION: clang and what goes with it.
llvm() {
	local tool
	for tool in clang ld.lld llvm-ar; do
		compiler "$tool$1" "$2"
	done
}

# by_clang VERSION [LINE...]: the kernel was built so.
by_clang() {
	printf '%s\n' CONFIG_CC_IS_CLANG=y "CONFIG_CLANG_VERSION=$1" "${@:2}" >"$t/kdir/.config"
}

# built_with WORD...: module.sh says where the module is; prints what make was given.
built_with() {
	run "$t/top/bench-scripts/setup/module.sh" "$t/kdir" "$@"
	echo "$output"
	[ "$status" -eq 0 ]
	built=$(cat "$output")
}

@test "a kernel of gcc: kbuild is left alone" {
	echo CONFIG_CC_IS_GCC=y >"$t/kdir/.config"
	built_with
	[ "$built" = "LLVM= CC=default" ]
}

@test "warnings of the module are shown, not what kbuild says of the tools that built the kernel" {
	cat >"$t/kdir/Makefile" <<-'END'
		modules:; @echo "a.c:1: warning: unused"; echo "warning: pahole version differs from the one used"; echo >$(M)/kallocbench.ko
	END
	run "$t/top/bench-scripts/setup/module.sh" "$t/kdir"
	echo "$output"
	[ "$status" -eq 0 ]
	[[ "$output" == *"a.c:1: warning: unused"* ]]
	[[ "$output" != *pahole* ]]
}

@test "a kernel of clang and lld: LLVM=1; with the linker of binutils: clang alone" {
	llvm '' 14.0.6
	by_clang 140006 CONFIG_LD_IS_LLD=y
	built_with
	[ "$built" = "LLVM=1 CC=default" ]
	by_clang 140006 CONFIG_LD_IS_BFD=y
	built_with
	[ "$built" = "LLVM= CC=command line:clang" ]
}

@test "of several clangs the kernel's own; a near one where that is not here" {
	llvm '' 14.0.6
	llvm -17 17.0.2
	by_clang 170002 CONFIG_LD_IS_LLD=y
	built_with
	[ "$built" = "LLVM=-17 CC=default" ]
	by_clang 180100 CONFIG_LD_IS_LLD=y
	built_with
	[ "$built" = "LLVM=1 CC=default" ]
}

@test "the user's word goes first: on the command line, through make, from the environment" {
	llvm '' 14.0.6
	by_clang 140006 CONFIG_LD_IS_LLD=y
	built_with LLVM=-15
	[ "$built" = "LLVM=-15 CC=default" ]
	built_with CC=mycc
	[ "$built" = "LLVM= CC=command line:mycc" ]
	LLVM=-16 built_with
	[ "$built" = "LLVM=-16 CC=default" ]
	MAKEFLAGS=' -- LLVM=-18' built_with
	[ "$built" = "LLVM=-18 CC=default" ]
}

@test "another compiler, another module: of whichever compiles" {
	llvm '' 14.0.6
	by_clang 140006 CONFIG_LD_IS_LLD=y
	built_with
	first=$output
	built_with
	[ "$output" = "$first" ]
	# This one does not compile.
	compiler gcc 13.1.0
	built_with
	[ "$output" = "$first" ]
	llvm '' 14.0.7
	built_with
	[ "$output" != "$first" ]
	# Debian's headers name theirs.
	echo CONFIG_CC_IS_GCC=y >"$t/kdir/.config"
	# shellcheck disable=SC2016 # make's dollars
	echo 'CC = $(if $(CCACHED),$(CCACHE)) $(CROSS_COMPILE)gcc-77' >"$t/kdir/.kernelvariables"
	compiler gcc-77 77.1
	built_with
	first=$output
	compiler gcc-77 77.2
	built_with
	[ "$output" != "$first" ]
}

@test "the kernel's compiler is not here: exit 3, and what installs it" {
	by_clang 9990000 CONFIG_LD_IS_LLD=y
	llvm '' 14.0.6
	rm "$t/bin/ld.lld"
	for tool in sh sed grep cut cat sha256sum flock make mktemp mkdir cp rm dirname; do
		ln -sf "$(type -P "$tool")" "$t/bin/$tool"
	done
	PATH=$t/bin run "$t/top/bench-scripts/setup/module.sh" "$t/kdir"
	[ "$status" -eq 3 ]
	[[ "$output" == *"was built with clang"*"clang ld.lld llvm-ar: apt-get install clang lld llvm" ]]
	echo CONFIG_CC_IS_GCC=y >"$t/kdir/.config"
	echo 'CC = gcc-77' >"$t/kdir/.kernelvariables"
	run "$t/top/bench-scripts/setup/module.sh" "$t/kdir"
	[ "$status" -eq 3 ]
	[[ "$output" == *"was built with gcc-77, which is not here: apt-get install gcc-77" ]]
}

# by_gcc_77: a kernel of kernel.sh's whose headers ask for a gcc that only trixie has; unshare makes and enters its chroot.
by_gcc_77() {
	kernel=$t/cache/kernels/7.7.1
	export T=$t
	mkdir -p "$kernel/usr/src" "$t/in"
	mv "$t/kdir" "$kernel/usr/src/linux-headers-7.7.1"
	kdir=$kernel/usr/src/linux-headers-7.7.1
	echo trixie >"$kernel/toolchain"
	echo CONFIG_CC_IS_GCC=y >"$kdir/.config"
	# shellcheck disable=SC2016 # make's dollars
	echo 'CC = $(if $(CCACHED),$(CCACHE)) $(CROSS_COMPILE)gcc-77' >"$kdir/.kernelvariables"
	printf '#!/bin/sh\necho "gcc version 77.3"\n' >"$t/in/gcc-77"
	program debootstrap ':'
	program apt-get 'case " $* " in *" indextargets "*) echo "file:/deb bookworm main" ;; esac'
	# shellcheck disable=SC2016 # for the programs
	program id 'echo "${user-0}"'
	# shellcheck disable=SC2016 # for the programs
	program unshare 'echo "$*" | head -n 1 >>"$T/unshared"' 'case $2 in' \
		'*/debootstrap) [ ! -e "$T/fault" ] || exit 1; for dir in "$@"; do case $dir in *.new) mkdir "$dir" ;; esac; done ;;' \
		'*) shift 8; PATH=$T/in:$PATH exec "$@" ;; esac'
	chmod +x "$t/in/gcc-77"
}

# program NAME LINE...
program() {
	printf '%s\n' '#!/bin/sh' "${@:2}" >"$t/bin/$1"
	chmod +x "$t/bin/$1"
}

@test "a compiler that this Debian lacks: in a chroot of the one that has it, made once, whole or not at all" {
	by_gcc_77
	touch "$t/fault"
	run "$t/top/bench-scripts/setup/module.sh" "$kdir"
	echo "$output"
	[ "$status" -eq 3 ]
	[[ "${lines[-1]}" == *"cannot make a chroot of Debian's trixie"* ]]
	[ -z "$(find "$t/cache/toolchains" -type d -name '*gcc*')" ]
	rm "$t/fault" "$t/unshared"
	run "$t/top/bench-scripts/setup/module.sh" --compiler "$kdir"
	echo "$output"
	[ "$status" -eq 0 ]
	[ "${lines[-1]}" = "gcc version 77.3" ]
	grep -q -e "--include=gcc-77,make,.* trixie $t/cache/toolchains/trixie-gcc-77.new file:/deb$" "$t/unshared"
	run "$t/top/bench-scripts/setup/module.sh" "$kdir"
	[ "$status" -eq 0 ]
	[ "$(grep -c debootstrap "$t/unshared")" = 1 ]
	first=$output
	# A compiler of that name on this machine is taken, and is another.
	compiler gcc-77 77.1
	run "$t/top/bench-scripts/setup/module.sh" "$kdir"
	[ "$status" -eq 0 ]
	[ "$output" != "$first" ]
	[ "$("$t/top/bench-scripts/setup/module.sh" --compiler "$kdir")" = "gcc version 77.1" ]
	# But not where the kernel's own tools do not run here.
	mkdir -p "$kdir/scripts/mod"
	touch "$kdir/scripts/mod/modpost"
	program ldd 'echo "libc.so.6: version GLIBC_2.99 not found"'
	run "$t/top/bench-scripts/setup/module.sh" "$kdir"
	[ "$output" = "$first" ]
}

@test "a chroot takes root, and says so" {
	by_gcc_77
	user=1000 run "$t/top/bench-scripts/setup/module.sh" "$kdir"
	echo "$output"
	[ "$status" -eq 3 ]
	[ "$output" = "module.sh: this needs gcc-77 of Debian's trixie, in a chroot, which only root can make and enter" ]
}

@test "another architecture: its words for kbuild, and its cross compiler" {
	local other=arm64 symbol=ARM64 prefix=aarch64-linux-gnu-
	[ "$(uname -m)" != aarch64 ] || other=x86 symbol=X86_64 prefix=x86_64-linux-gnu-
	echo "CONFIG_$symbol=y" >"$t/kdir/.config"
	cat >"$t/kdir/Makefile" <<-'END'
		modules:; @echo "$(ARCH) $(CROSS_COMPILE) $(LLVM)" >$(M)/kallocbench.ko
	END
	echo 'CC = gcc-77' >"$t/kdir/.kernelvariables"
	run "$t/top/bench-scripts/setup/module.sh" "$t/kdir"
	echo "$output"
	[ "$status" -eq 3 ]
	[[ "$output" == *"was built with ${prefix}gcc-77, which is not here: bench-scripts/setup/deps.sh run arm64, or apt-get install gcc-77-${prefix%-}" ]]
	compiler "${prefix}gcc-77" 77.1
	built_with
	[ "$built" = "$other $prefix " ]
	[ "$("$t/top/bench-scripts/setup/module.sh" --compiler "$t/kdir")" = "${prefix%%-*} version 77.1" ]
	llvm '' 14.0.6
	printf '%s\n' "CONFIG_$symbol=y" CONFIG_CC_IS_CLANG=y CONFIG_CLANG_VERSION=140006 CONFIG_LD_IS_LLD=y >"$t/kdir/.config"
	built_with
	[ "$built" = "$other $prefix 1" ]
}

@test "in place: says for which kernel it built" {
	llvm '' 14.0.6
	by_clang 140006 CONFIG_LD_IS_LLD=y
	run "$t/top/bench-scripts/setup/module.sh" --in-place "$t/kdir"
	echo "$output"
	[ "$status" -eq 0 ]
	[ "$(cat "$t/top/kmod/kallocbench.ko")" = "LLVM=1 CC=default" ]
	[ "${lines[-1]}" = "module.sh: kmod/kallocbench.ko is for 6.12.9-made-up; the running kernel, $(uname -r), does not load it" ]
	echo "#define UTS_RELEASE \"$(uname -r)\"" >"$t/kdir/include/generated/utsrelease.h"
	run "$t/top/bench-scripts/setup/module.sh" --in-place "$t/kdir"
	[ "$status" -eq 0 ]
	[ "${lines[-1]}" = "module.sh: kmod/kallocbench.ko is for $(uname -r), the running kernel" ]
	echo 'modules:; false' >"$t/kdir/Makefile"
	run "$t/top/bench-scripts/setup/module.sh" --in-place "$t/kdir"
	[ "$status" -eq 3 ]
}
