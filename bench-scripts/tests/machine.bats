#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# The table of machines, and what kernel images say of themselves. A QEMU of ours takes the command line a real one
# would get: for each architecture it is known to the word.

load image.bash

setup() {
	scripts=$(cd "$BATS_TEST_DIRNAME/.." && pwd)
	t=$BATS_TEST_TMPDIR
	export KALLOCBENCH_CACHE=$BATS_FILE_TMPDIR/cache KALLOCBENCH_QEMU=$t/qemu
	# The busybox of another architecture, as kernel.sh leaves it there; this one is never run.
	mkdir -p "$KALLOCBENCH_CACHE/kernels" "$t/files" "$t/bin"
	for arch in amd64 arm64; do
		mkdir -p "$KALLOCBENCH_CACHE/busybox/$arch/bin"
		cp "$(command -v busybox)" "$KALLOCBENCH_CACHE/busybox/$arch/bin/"
	done
	# Our module is none.
	printf '#!/bin/sh\nexec strip "$@"\n' >"$t/bin/aarch64-linux-gnu-strip"
	# This machine, whatever it is.
	printf '#!/bin/sh\n[ "$*" = -m ] && echo x86_64 || exec /bin/uname "$@"\n' >"$t/bin/uname"
	chmod +x "$t"/bin/*
	PATH=$t/bin:$PATH
	cp /bin/true "$t/k.ko"
	fake_bzimage "$t/amd64"
	fake_arm64 "$t/arm64" 'Linux version 6.12.9-made-up (a@b) (gcc) #1 SMP PREEMPT'
	printf 'kallocbench 1\nmeta kernel=x\nend cells=0 state=done\n' >"$t/files/result-01.txt"
	tar -czf "$t/out.tgz" -C "$t/files" .
	{ printf 'kab-results %s\n' "$(wc -c <"$t/out.tgz")" && cat "$t/out.tgz" && printf '\nkab-verdict good\n'; } >"$t/port"
	cat >"$t/qemu" <<-END
		#!/bin/sh
		[ "\$1" != --version ] || { echo "QEMU emulator version \${QEMU_VERSION-7.2.0} (Debian)"; exit 0; }
		cp "$t/port" port
		echo '[ 0.1] booting' >console.log
		while [ "\$1" != -kernel ]; do shift; done
		cp "\$2" "$t/loaded"
		cp "\$4" "$t/initrd"
	END
	chmod +x "$t/qemu"
}

vm() {
	run "$scripts/vm.sh" --module "$t/k.ko" --out "$t/out" "$@" -- allocs=null
	echo "$output"
}

# machine_sh COMMAND...: of machine.sh.
machine_sh() {
	scripts=$scripts sh -euc '. "$scripts/lib/host.sh"; . "$scripts/setup/machine.sh"; "$@"' sh "$@"
}

# command_line: of the boot, without the folders of this test.
command_line() {
	sed "s,$t/,,g; s,-initrd [^ ]*,-initrd I,; s,-kernel [^ ]*,-kernel K," "$t/out/boot-1/qemu.cmd"
}

# unpack_initrd: the last file system in it, ours.
unpack_initrd() {
	mkdir "$t/root"
	(cd "$t/root" && while cpio -id --quiet 2>/dev/null; do :; done <"$t/initrd")
	[ -f "$t/root/init" ]
}

@test "the table: each machine has a value for each key that is told of, and no other" {
	keys=$(sed -n 's/^# \([a-z_]*\)	.*/\1/p' "$scripts/setup/machines.list" | sort)
	[ "$(echo "$keys" | wc -l)" -ge 15 ]
	[ "$(grep '^amd64 ' "$scripts/setup/machines.list" | cut -d ' ' -f 2 | sort)" = "$keys" ]
	# Nothing is to be said of these on arm64.
	[ "$(grep '^arm64 ' "$scripts/setup/machines.list" | cut -d ' ' -f 2 | sort)" = "$(echo "$keys" | grep -v -x -e words -e 'words_.*' -e stale_code)" ]
	[ "$(machine_sh known_machines)" = "amd64 and arm64" ]
	[ "$(machine_sh host_arch) $(machine_sh cross_of amd64) $(machine_sh cross_of arm64)" = "amd64  aarch64-linux-gnu-" ]
}

@test "an image says which architecture boots it, however it is packed; another is refused with what would be right" {
	local image
	gzip -c "$t/arm64" >"$t/Image.gz"
	zboot gzip 0 "$t/vmlinuz.efi"
	for image in arm64 Image.gz vmlinuz.efi; do
		[ "$(machine_sh arch_of_kernel "$t/$image")" = arm64 ]
	done
	[ "$(machine_sh arch_of_kernel "$t/amd64")" = amd64 ]
	printf '\177ELF' >"$t/vmlinux"
	run machine_sh arch_of_kernel "$t/vmlinux"
	[ "$status" -eq 2 ]
	[[ "$output" == *"$t/vmlinux is a vmlinux, which no machine boots: give arch/x86/boot/bzImage (amd64) or arch/arm64/boot/Image (arm64)"* ]]
	for image in k.ko out.tgz port; do
		[ "$image" != k.ko ] || echo text >"$t/k.ko"
		run machine_sh arch_of_kernel "$t/$image"
		[ "$status" -eq 2 ]
		[[ "$output" == *"$t/$image is not a kernel image known here; known are amd64's bzImage and arm64's Image, Image.gz and vmlinuz.efi"* ]]
	done
	# A zboot of another machine.
	sed 's/\x64\xaa/\x64\x50/' "$t/vmlinuz.efi" >"$t/riscv"
	run machine_sh arch_of_kernel "$t/riscv"
	[ "$status" -eq 2 ]
}

@test "a name says it behind a colon or at its end; any other is of this machine" {
	[ "$(machine_sh arch_of_kernel 6.12:arm64)" = arm64 ]
	[ "$(machine_sh arch_of_kernel 7.3-rt:arm64)" = arm64 ]
	[ "$(machine_sh arch_of_kernel 6.12.117+deb12-cloud-arm64)" = arm64 ]
	[ "$(machine_sh arch_of_kernel 6.12.117+deb12-cloud-amd64)" = amd64 ]
	[ "$(machine_sh arch_of_kernel 6.12-rt) $(machine_sh arch_of_kernel debug)" = "amd64 amd64" ]
	run "$scripts/vm.sh" --kernel 6.12:arm -- allocs=null
	[ "$status" -eq 2 ]
	[[ "$output" == *"'6.12:arm': no architecture 'arm', but amd64 and arm64"* ]]
}

# le32 N: four bytes, the lowest first.
le32() {
	printf '%b' "$(printf '\\x%02x\\x%02x\\x%02x\\x%02x' $(($1 & 255)) $(($1 >> 8 & 255)) $(($1 >> 16 & 255)) $(($1 >> 24)))"
}

# zboot COMMAND TAIL FILE: the arm64 image in an EFI zboot, TAIL bytes of length behind what COMMAND packed.
zboot() {
	local size
	$1 <"$t/arm64" >"$t/packed"
	size=$(wc -c <"$t/packed")
	{
		printf 'MZ\0\0zimg' && le32 96 && le32 "$size" && head -c 40 /dev/zero
		printf '\xcd\x23\x82\x81' && le32 64 && printf 'PE\0\0\x64\xaa' && head -c 26 /dev/zero
		cat "$t/packed"
		head -c "$2" /dev/zero
	} >"$3"
}

@test "arm64: packed images are unpacked for QEMU, and their release is read" {
	local pack
	for pack in 'gzip -c:0' 'zstd -c:4' 'xz -c --check=crc32:4' 'lz4 -l -c:4'; do
		zboot "${pack%:*}" "${pack##*:}" "$t/vmlinuz.efi"
		vm --kernel "$t/vmlinuz.efi"
		[ "$status" -eq 0 ]
		cmp "$t/loaded" "$t/arm64"
	done
	gzip -c "$t/arm64" >"$t/Image.gz"
	vm --kernel "$t/Image.gz"
	[ "$status" -eq 0 ]
	cmp "$t/loaded" "$t/arm64"
	grep -q '^meta entry=Image$' "$t/out/boot-1/result-01.txt"
	grep -q "^meta kernel_sha256=$(sha256sum <"$t/Image.gz" | cut -c 1-64)$" "$t/out/boot-1/result-01.txt"
	[ "$(machine_sh release_of "$t/arm64") $(machine_sh release_of "$t/Image.gz")" = "6.12.9-made-up 6.12.9-made-up" ]
	[ "$(machine_sh release_of "$t/vmlinuz.efi")" = 6.12.9-made-up ]
	zboot cat 0 "$t/vmlinuz.efi"
	vm --kernel "$t/vmlinuz.efi"
	[ "$status" -eq 3 ]
	[[ "$output" == *"packed in a way unknown here: gzip, zstd, lz4 and xz are known"* ]]
}

@test "amd64: what QEMU is called with, to the word, in both lanes" {
	vm --kernel "$t/amd64"
	[ "$status" -eq 0 ]
	[ "$(command_line)" = "qemu -nodefaults -no-user-config -display none -no-reboot -machine pc -smp 1 -m 1G -accel tcg -icount shift=0,sleep=off -cpu max,-rdseed -rtc base=2026-01-01T00:00:00,clock=vm -seed 1 -kernel K -initrd I -append 'console=ttyS0 loglevel=5 panic=-1 oops=panic noreplace-smp nokaslr tsc=reliable noapictimer cryptomgr.notests initcall_blacklist=jent_mod_init random.trust_cpu=on random.trust_bootloader=off' -serial file:console.log -serial file:port" ]
	vm --kernel "$t/amd64" --lane time --accel tcg
	[ "$(command_line)" = "qemu -nodefaults -no-user-config -display none -no-reboot -machine pc -smp 1 -m 1G -accel tcg -cpu max -kernel K -initrd I -append 'console=ttyS0 loglevel=5 panic=-1 oops=panic noreplace-smp tsc=reliable no_timer_check' -serial file:console.log -serial file:port" ]
	unpack_initrd
	grep -q "^echo 'init: up' >/dev/ttyS0$" "$t/root/init"
	grep -q 'exec 3>/dev/ttyS1; then' "$t/root/init"
	[ "$(grep -c @ "$t/root/init")" -eq 0 ]
}

@test "arm64: what QEMU is called with, to the word, in both lanes" {
	vm --kernel "$t/arm64"
	[ "$status" -eq 0 ]
	[ "$(command_line)" = "qemu -nodefaults -no-user-config -display none -no-reboot -machine virt -smp 1 -m 1G -accel tcg -icount shift=0,sleep=off -cpu max,pauth=off,cntfrq=1000000000 -rtc base=2026-01-01T00:00:00,clock=vm -seed 1 -kernel K -initrd I -append 'console=ttyAMA0 loglevel=5 panic=-1 oops=panic nokaslr cryptomgr.notests initcall_blacklist=jent_mod_init random.trust_cpu=on random.trust_bootloader=off' -serial file:console.log -chardev file,id=port,path=port -device pci-serial,chardev=port" ]
	grep -q '^meta machine=virt$' "$t/out/boot-1/result-01.txt"
	grep -q '^meta cpu=max,pauth=off,cntfrq=1000000000$' "$t/out/boot-1/result-01.txt"
	vm --kernel "$t/arm64" --lane time
	[ "$status" -eq 0 ]
	[ "$(command_line)" = "qemu -nodefaults -no-user-config -display none -no-reboot -machine virt -smp 1 -m 1G -accel tcg -cpu max,pauth=off,cntfrq=1000000000 -kernel K -initrd I -append 'console=ttyAMA0 loglevel=5 panic=-1 oops=panic' -serial file:console.log -chardev file,id=port,path=port -device pci-serial,chardev=port" ]
	unpack_initrd
	grep -q "^echo 'init: up' >/dev/ttyAMA0$" "$t/root/init"
	grep -q 'exec 3>/dev/ttyS0; then' "$t/root/init"
}

@test "arm64 with PREEMPT_RT, by its banner, does not take the results port for broken" {
	fake_arm64 "$t/arm64" 'Linux version 6.12.9-rt (a@b) (gcc) #1 SMP PREEMPT_RT'
	vm --kernel "$t/arm64"
	[ "$status" -eq 0 ]
	grep -q ' noirqdebug' "$t/out/boot-1/qemu.cmd"
}

@test "refused: ways in and accelerators that a machine has not, an old QEMU, a QEMU that is not here" {
	vm --kernel "$t/arm64" --entry PVH
	[ "$status" -eq 2 ]
	[[ "$output" == *"--entry is Image for arm64, not 'PVH'"* ]]
	vm --kernel "$t/amd64" --entry Image
	[ "$status" -eq 2 ]
	[[ "$output" == *"--entry is PVH or bzImage for amd64, not 'Image'"* ]]
	vm --kernel "$t/arm64" --lane time --accel kvm
	[ "$status" -eq 2 ]
	[[ "$output" == *"--accel kvm: this machine is amd64, and a guest of arm64 is emulated here"* ]]
	QEMU_VERSION=5.2.0 vm --kernel "$t/arm64"
	[ "$status" -eq 3 ]
	[[ "$output" == *"QEMU is too old: "*"5.2.0"*"6.0 or later is needed for arm64"* ]]
	QEMU_VERSION=5.2.0 vm --kernel "$t/amd64"
	[ "$status" -eq 0 ]
	KALLOCBENCH_QEMU=no-such-qemu vm --kernel "$t/arm64"
	[ "$status" -eq 3 ]
	[[ "$output" == *"no-such-qemu or aarch64-linux-gnu-strip is not installed: run bench-scripts/setup/deps.sh arm64"* ]]
}

@test "kernels of two architectures are not comparable: said before anything boots" {
	run "$scripts/ci.sh" --base "$t/amd64" --new "$t/arm64" --module "$t/k.ko" --out "$t/out"
	echo "$output"
	[ "$status" -eq 2 ]
	[[ "$output" == *"not comparable: different architectures: --base is of amd64, --new of arm64; give two kernels of one"* ]]
	run "$scripts/explain.sh" --base 6.12 --new 6.12:arm64 -- quick
	[ "$status" -eq 2 ]
	[[ "$output" == *"not comparable: different architectures: --base is of amd64, --new of arm64"* ]]
	cp "$scripts/tests/data/two-cells.txt" "$t/reference.txt"
	run "$scripts/ci.sh" --reference "$t/reference.txt" --new "$t/arm64" --module "$t/k.ko" --out "$t/out"
	echo "$output"
	[ "$status" -eq 3 ]
	[[ "$output" == *"not comparable: different architecture: x86_64 in $t/reference.txt, aarch64 in line 1 of this run"* ]]
	run "$scripts/ci.sh" --base "$t/arm64" --new "$t/arm64" --entry PVH --module "$t/k.ko" --out "$t/out"
	[ "$status" -eq 2 ]
	[[ "$output" == *"--entry is Image for arm64, not 'PVH'"* ]]
	[ ! -e "$t/out" ]
}
