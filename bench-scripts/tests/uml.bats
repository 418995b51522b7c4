#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# --accel uml: what belongs to it and what does not, the command line, and the least that is called. The kernel is a
# program of ours that takes the words a real one would get.

bats_require_minimum_version 1.5.0

load compare.bash

setup() {
	scripts=$(cd "$BATS_TEST_DIRNAME/.." && pwd)
	data=$scripts/tests/data/gate
	cd "$BATS_TEST_TMPDIR" || return 1
	export T=$PWD KALLOCBENCH_CACHE=$BATS_FILE_TMPDIR/cache
	mkdir -p bin "$KALLOCBENCH_CACHE/kernels"
	# This machine, whatever it is.
	# shellcheck disable=SC2016 # that program's
	printf '#!/bin/sh\n[ "$*" = -m ] && echo ${T_MACHINE-x86_64} || exec /bin/uname "$@"\n' >bin/uname
	chmod +x bin/uname
	PATH=$PWD/bin:$PATH
}

# fake_uml: ./linux, and what it sends as results.
fake_uml() {
	gcc -x c -o linux - <<-'END'
		#include <stdio.h>
		#include <stdlib.h>
		static const char says[] __attribute__((used)) = "User Mode Linux v1; Linux version 6.12.9-fake (a@b)";
		int main(int argc, char **argv)
		{
			FILE *words = fopen("words", "w"), *port = fdopen(3, "w"), *from = fopen(getenv("T_PORT"), "r");
			int c;

			while (*++argv)
				fprintf(words, "%s\n", *argv);
			printf("init: up\n");
			while ((c = getc(from)) != EOF)
				putc(c, port);
			return 0;
		}
	END
	printf 'kallocbench 1\nmeta kernel=x\nend cells=0 state=done\n' >result-01.txt
	tar -czf out.tgz result-01.txt
	{ printf 'kab-results %s\n' "$(wc -c <out.tgz)" && cat out.tgz && printf '\nkab-verdict good\n'; } >port
	export T_PORT=$PWD/port
	cp /bin/true k.ko
}

vm() {
	run "$scripts/vm.sh" "$@"
	echo "$output"
}

# refused SENTENCE OPTION...: before anything is built or booted.
refused() {
	local sentence=$1
	shift
	vm -n "$@" -- allocs=null
	[ "$status" -eq 2 ]
	[[ "$output" == *"$sentence"* ]]
}

@test "vm.sh: kernel, lane and CPUs that do not belong to it are named" {
	refused "--accel uml: kernel 6.12 is of amd64: give a User Mode Linux, such as uml or 7.3-uml" --lane time --accel uml --kernel 6.12
	refused "--accel tcg: kernel 7.3-uml is User Mode Linux, which is a process: --accel uml" --lane time --accel tcg --kernel 7.3-uml
	refused "--accel uml belongs to --lane time" --kernel uml
	refused "--smp 2: User Mode Linux has one CPU" --lane time --accel uml --smp 2
	refused "--qemu-arg: no QEMU runs User Mode Linux" --lane time --accel uml --qemu-arg x
	refused "--entry is linux for uml, not 'PVH'" --lane time --accel uml --entry PVH
	T_MACHINE=aarch64 refused "User Mode Linux runs on amd64, and this machine is arm64" --lane time --accel uml
	vm -n --lane time --accel uml -- allocs=null
	[ "$status" -eq 0 ]
}

@test "ci.sh: sides of two accelerators are refused, and a delta that is too small" {
	run "$scripts/ci.sh" --lane time --base 6.12 --new uml
	[ "$status" -eq 2 ]
	[[ "$output" == *"different architectures: --base is of amd64, --new of uml"* ]]
	run "$scripts/ci.sh" --lane time --base uml --new 7.3-uml --delta 2
	[ "$status" -eq 2 ]
	[[ "$output" == *"--delta 2: on User Mode Linux nothing below 5 % can be called"* ]]
	run "$scripts/ci.sh" --base uml --new 7.3-uml
	[ "$status" -eq 2 ]
	[[ "$output" == *"--accel uml belongs to --lane time"* ]]
}

@test "an image of it is known by what it says; a name by its end" {
	fake_uml
	arch_of() { scripts=$scripts sh -euc '. "$scripts/lib/host.sh"; . "$scripts/setup/machine.sh"; arch_of_kernel "$1"' sh "$1"; }
	[ "$(arch_of ./linux) $(arch_of uml) $(arch_of 7.3-uml) $(arch_of 7.3-uml+smp)" = "uml uml uml uml" ]
	[ "$(arch_of 6.12-rt) $(arch_of min+smp)" = "amd64 amd64" ]
	# x86, too, and yet not that machine.
	printf 'CONFIG_X86_64=y\nCONFIG_UML=y\n' >config
	[ "$(scripts=$scripts sh -euc '. "$scripts/lib/host.sh"; . "$scripts/setup/machine.sh"; arch_of_config config')" = uml ]
}

@test "a boot: its words, what comes back, and what the result says of it" {
	fake_uml
	vm --kernel ./linux --module k.ko --lane time --accel uml --mem 32M --append kab_test=1 --out out -- allocs=null
	[ "$status" -eq 0 ]
	[ "$(cat out/boot-1/verdict)" = good ]
	grep -q 'init: up' out/boot-1/console.log
	grep -qx 'meta accel=uml' out/boot-1/result-01.txt
	grep -qx 'meta settle=0' out/boot-1/result-01.txt
	for word in mem=32768K initrd=../initrd console=ttyS0 kab_test=1 noreboot ssl0=null,fd:1 ssl1=null,fd:3; do
		grep -q "[ ']${word}[ ']" out/boot-1/qemu.cmd || { echo "no $word"; return 1; }
	done
	run ! grep -q qemu-system out/boot-1/qemu.cmd
}

# boots DIR CENTRE...: as made on User Mode Linux, in stretches beside delay.
boots() {
	local dir=$1 n=0 centre
	shift
	for centre; do
		n=$((n + 1))
		mkdir -p "$dir/pair-$n/boot-1"
		awk -f "$data/make.awk" -v lane=time -v accel=uml -v unit=tick -v timing=batch -v allocs=delay,kmalloc -v meta="kernel=$dir" \
			>"$dir/pair-$n/boot-1/result-01.txt" <<-END
			delay 64
			pair calls=100 $((centre - centre + 100000)):50
			kmalloc 64
			pair calls=100 $centre:50
		END
	done
}

@test "nothing below 5 % is called, and no smaller delta is taken" {
	boots a 4000 4010 3990 4000 4005 3995 4000 4002
	boots b 4160 4165 4155 4160 4162 4158 4160 4161
	boots c 4240 4250 4230 4240 4245 4235 4240 4242
	run "$scripts/compare.sh" --all a b
	echo "$output"
	[ "$status" -eq 0 ]
	[[ "$output" == *"nothing below 5 % is called"* ]]
	run "$scripts/compare.sh" a c
	[ "$status" -eq 1 ]
	run "$scripts/compare.sh" --delta 2 a b
	[ "$status" -eq 2 ]
	[[ "$output" == *"--delta 2: on User Mode Linux nothing below 5 % can be called"* ]]
	# The same boots elsewhere.
	sed -i s/accel=uml/accel=kvm/ [ab]/*/*/*.txt
	run "$scripts/compare.sh" a b
	[ "$status" -eq 1 ]
}
