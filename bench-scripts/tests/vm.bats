#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# What can go wrong around a guest, each with a clear message, the right exit code, no half result and nothing left
# running. A QEMU of ours plays the guest where a real one would only take longer; real guests are in vm-guest.bats.

load process.bash
load image.bash

setup() {
	scripts=$(cd "$BATS_TEST_DIRNAME/.." && pwd)
	t=$BATS_TEST_TMPDIR
	export KALLOCBENCH_CACHE=$BATS_FILE_TMPDIR/cache KALLOCBENCH_QEMU=$t/qemu
	mkdir -p "$t/files"
	fake_bzimage "$t/kernel"
	cp /bin/true "$t/k.ko"
	printf 'kallocbench 1\nmeta kernel=x\nend cells=0 state=done\n' >"$t/files/result-01.txt"
	tar -czf "$t/out.tgz" -C "$t/files" .
	# The default guest: says all that a good one says.
	printf 'kab-results %s\n' "$(wc -c <"$t/out.tgz")" >"$t/port"
	cat "$t/out.tgz" >>"$t/port"
	printf '\nkab-verdict good\n' >>"$t/port"
	echo '[ 0.1] booting' >"$t/console"
	fake_qemu 7.2.0 ':'
}

# fake_qemu VERSION COMMAND: a QEMU that leaves $t/port and $t/console, then runs COMMAND.
fake_qemu() {
	cat >"$t/qemu" <<END
#!/bin/sh
[ "\$1" != --version ] || { echo "QEMU emulator version $1 (Debian)"; exit 0; }
cp "$t/port" port
cp "$t/console" console.log
$2
END
	chmod +x "$t/qemu"
}

vm() {
	run "$scripts/vm.sh" --kernel "$t/kernel" --module "$t/k.ko" --out "$t/out" "$@" -- allocs=null
}

no_result() {
	[ -z "$(find "$t/out" -name 'result-*' -o -name '*.part')" ]
}

@test "a good guest: result with the host's meta lines behind the first line" {
	vm
	[ "$status" = 0 ]
	run cat "$t/out/boot-1/result-01.txt"
	[ "${lines[0]}" = "kallocbench 1" ]
	[[ "${lines[1]}" == "meta date="* ]]
	[ "${lines[-1]}" = "end cells=0 state=done" ]
	grep -q '^meta accel=tcg-icount$' "$t/out/boot-1/result-01.txt"
	grep -q "^meta command=vm.sh.*allocs=null" <(sed "s/'//g" "$t/out/boot-1/result-01.txt")
	[ "$(cat "$t/out/boot-1/verdict")" = good ]
	grep -q -- '-icount' "$t/out/boot-1/qemu.cmd"
}

@test "a verdict and then a panic is a panic" {
	echo '[ 9.9] Kernel panic - not syncing: sysrq triggered crash' >>"$t/console"
	vm
	[ "$status" = 3 ]
	[[ "$output" == *"Kernel panic"* ]]
	no_result
}

@test "every kind of complaint on the console fails the run" {
	while IFS= read -r line; do
		printf 'boot\r\n[    1.2] %s\r\n' "$line" >"$t/console"
		vm
		[ "$status" = 3 ] || { echo "not seen: $line"; false; }
		[[ "$output" == *"the kernel complained"* ]]
		no_result
	done <<'END'
WARNING: CPU: 0 PID: 1 at mm/slub.c:1 kfree+0x1/0x2
BUG: unable to handle page fault for address: 0
BUG: KASAN: slab-out-of-bounds in x
Oops: 0002 [#1] PREEMPT SMP
WARNING: possible circular locking dependency detected
watchdog: BUG: soft lockup - CPU#0 stuck for 22s!
BUG: scheduling while atomic: sh/1/0x2
BUG: sleeping function called from invalid context at x
UBSAN: shift-out-of-bounds in x
INFO: task sh:1 blocked for more than 120 seconds.
rcu: INFO: rcu_sched self-detected stall on CPU
kmemleak: 3 new suspected memory leaks (see /sys/kernel/debug/kmemleak)
general protection fault, probably for non-canonical address
BUG: KCSAN: data-race in worker_main [kallocbench] / y
irq 3: nobody cared (try booting with the "irqpoll" option)
Internal error: synchronous external abort: 0000000096000210 [#1] SMP
SError Interrupt on CPU0, code 0x00000000be000000 -- SError
Bad mode in Synchronous Abort handler detected on CPU0, code 0x86000006 -- IABT (current EL)
END
}

@test "what a script left is in the folder though the kernel complained; without it the message says so" {
	echo 'not ok 1 - this far' >"$t/files/script.out"
	tar -czf "$t/out.tgz" -C "$t/files" .
	{
		printf 'kab-results %s\n' "$(wc -c <"$t/out.tgz")"
		cat "$t/out.tgz"
		printf '\nkab-verdict good\n'
	} >"$t/port"
	echo '[ 1.2] WARNING: CPU: 0 PID: 1 at mm/slub.c:1 kfree+0x1/0x2' >>"$t/console"
	echo true >"$t/script"
	run "$scripts/vm.sh" --kernel "$t/kernel" --module "$t/k.ko" --out "$t/out" --script "$t/script"
	[ "$status" = 3 ]
	[[ "$output" == *"the kernel complained"*"(everything is in $t/out/boot-1)"* ]]
	grep -q 'this far' "$t/out/boot-1/script.out"
	no_result
	: >"$t/port"
	run "$scripts/vm.sh" --kernel "$t/kernel" --module "$t/k.ko" --out "$t/out" --script "$t/script"
	[ "$status" = 3 ]
	[[ "$output" == *"(everything is in $t/out/boot-1, but script.out: the guest did not live to send it)"* ]]
}

@test "a kernel with PREEMPT_RT, by its own banner, does not take the results port for broken" {
	local banner
	for banner in 'SMP PREEMPT_RT Debian' 'SMP PREEMPT_DYNAMIC Debian'; do
		{
			head -c 514 /dev/zero && printf HdrS && head -c 8 /dev/zero
			# kernel_version, little endian: 512 bytes before where the banner stands.
			printf '\020\001'
			head -c 256 /dev/zero
			printf '6.12.9-made-up (a@b) #1 %s 6.12.9-1 (2026-01-01)\0' "$banner"
		} >"$t/kernel"
		vm
		[ "$status" = 0 ]
		case $banner in
		*_RT*) grep -q ' noirqdebug' "$t/out/boot-1/qemu.cmd" ;;
		*) [ "$(grep -c noirqdebug "$t/out/boot-1/qemu.cmd")" = 0 ] ;;
		esac
	done
}

@test "a breakpoint that an old QEMU made up is booted again, a kernel's own is not" {
	echo '[ 0.2] Oops: int3: 0000 [#1] PREEMPT SMP NOPTI' >"$t/console"
	fake_qemu 7.2.0 "[ ! -f '$t/again' ] || echo '[ 0.1] booting' >console.log; touch '$t/again'"
	vm --lane time --accel tcg --smp 2
	[ "$status" = 0 ]
	[[ "$output" == *"again, 1 of 3"* ]]
	for boot in '7.2.0 --lane time --accel tcg --smp 1' '7.2.0 --lane insn --smp 2' '8.1.0 --lane time --accel tcg --smp 2'; do
		fake_qemu "${boot%% *}" ':'
		# shellcheck disable=SC2086 # words of options
		vm ${boot#* }
		[ "$status" = 3 ]
		[[ "$output" != *again* ]]
	done
	fake_qemu 7.2.0 ':'
	vm --lane time --accel tcg --smp 2
	[ "$status" = 3 ]
	[[ "$output" == *"again, 3 of 3"*"int3: 0000"* ]]
}

@test "a boot that hangs with several emulated CPUs is tried again, another is not; one that comes up has its time" {
	fake_qemu 7.2.0 "[ -f '$t/again' ] || { touch '$t/again'; echo \$\$ >'$t/pid'; exec sleep 1000; }"
	vm --lane time --accel tcg --smp 2 --boot-timeout 3
	[ "$status" = 0 ]
	[[ "$output" == *"hung before its first process"*"again, 1 of 3"* ]]
	gone "$(cat "$t/pid")"
	fake_qemu 7.2.0 'exec sleep 1000'
	vm --boot-timeout 1
	[ "$status" = 3 ]
	[[ "$output" != *again* && "$output" == *"hung before its first process"* ]]
	no_result
	fake_qemu 7.2.0 "printf 'init: up\\r\\n' >>console.log; sleep 5"
	vm --boot-timeout 3
	[ "$status" = 0 ]
}

# bz_image COMMAND FILE: FILE packed by COMMAND, as the boot protocol has it, behind two sectors.
bz_image() {
	local size
	$1 <"$2" >"$t/payload"
	size=$(printf '%08x' "$(wc -c <"$2")")
	[ "$1" = "gzip -c" ] || printf '%b' "\\x${size:6:2}\\x${size:4:2}\\x${size:2:2}\\x${size:0:2}" >>"$t/payload"
	size=$(printf '%08x' "$(wc -c <"$t/payload")")
	{
		head -c 497 /dev/zero && printf '\x01'
		head -c 16 /dev/zero && printf HdrS
		head -c 66 /dev/zero && printf '\x08\0\0\0'
		printf '%b' "\\x${size:6:2}\\x${size:4:2}\\x${size:2:2}\\x${size:0:2}"
		head -c 440 /dev/zero
		cat "$t/payload"
	} >"$t/kernel"
}

@test "a kernel with the PVH entry is unpacked for QEMU, in every packing, but not where KASLR shall work" {
	printf '.section .note.Xen,"a",@note\n.long 4,8,18\n.asciz "Xen"\n.quad 0\n' >"$t/pvh.S"
	printf '.globl nothing\nnothing: nop\n' >"$t/plain.S"
	gcc -nostdlib -static -Wl,--build-id=none,-e,0 -o "$t/pvh" "$t/pvh.S"
	gcc -nostdlib -static -Wl,--build-id=none,-e,0 -o "$t/plain" "$t/plain.S"
	# Keeps what it was given to load.
	fake_qemu 7.2.0 "while [ \"\$1\" != -kernel ]; do shift; done; cp \"\$2\" '$t/got'"
	for pack in 'gzip -c' 'zstd -c' 'lz4 -l -c' 'xz -c --check=crc32'; do
		bz_image "$pack" "$t/pvh"
		vm
		[ "$status" = 0 ]
		cmp "$t/got" "$t/pvh"
		grep -q '^meta entry=PVH$' "$t/out/boot-1/result-01.txt"
	done
	for options in '--lane time --accel tcg' '--entry bzImage'; do
		# shellcheck disable=SC2086 # words of options
		vm $options
		cmp "$t/got" "$t/kernel"
		grep -q '^meta entry=bzImage$' "$t/out/boot-1/result-01.txt"
	done
	bz_image 'gzip -c' "$t/plain"
	vm
	[ "$status" = 0 ]
	cmp "$t/got" "$t/kernel"
	vm --entry PVH
	[ "$status" = 3 ]
	[[ "$output" == *"without CONFIG_PVH"* ]]
	bz_image 'cat' "$t/pvh"
	vm
	cmp "$t/got" "$t/kernel"
	vm --entry BIOS
	[ "$status" = 2 ]
	[[ "$output" == *"PVH or bzImage for amd64, not 'BIOS'"* ]]
}

@test "--allow names lines that are no fault" {
	echo 'Out of memory: Killed process 9 (hog)' >>"$t/console"
	vm --allow 'Out of memory'
	[ "$status" = 0 ]
}

@test "no verdict: the port was lost or the guest ended early" {
	: >"$t/port"
	vm
	[ "$status" = 3 ]
	[[ "$output" == *"without a verdict"* ]]
	no_result
}

@test "results cut short, by length and by CRC, are not results" {
	{ head -n 1 "$t/port"; head -c 20 "$t/out.tgz"; } >"$t/p"
	printf '\nkab-verdict good\n' >>"$t/p"
	mv "$t/p" "$t/port"
	vm
	[ "$status" = 3 ]
	[[ "$output" == *incomplete* ]]
	no_result

	printf 'kab-results %s\n' "$(wc -c <"$t/out.tgz")" >"$t/port"
	{ head -c 40 "$t/out.tgz"; head -c $(($(wc -c <"$t/out.tgz") - 40)) /dev/zero; } >>"$t/port"
	printf '\nkab-verdict good\n' >>"$t/port"
	vm
	[ "$status" = 3 ]
	[[ "$output" == *incomplete* ]]
	no_result
}

@test "a guest that failed leaves no results, whatever it sent" {
	sed -i 's/kab-verdict good/kab-verdict failed: leak: slab grew/' "$t/port"
	vm
	[ "$status" = 3 ]
	[[ "$output" == *"leak: slab grew"* ]]
	no_result
}

@test "a line that only this kernel refuses is the user's: exit 2, and what came before it is kept" {
	sed -i 's/kab-verdict good/kab-verdict refused: not on this kernel/' "$t/port"
	vm
	[ "$status" = 2 ]
	[[ "$output" == *"not on this kernel"* ]]
	grep -q '^meta accel=' "$t/out/boot-1/result-01.txt"
	run "$scripts/compare.sh" "$t/out" "$t/out"
	[ "$status" = 3 ]
}

@test "QEMU fails: its status and its words" {
	fake_qemu 7.2.0 'echo "Could not access KVM kernel module" >&2; exit 1'
	vm
	[ "$status" = 3 ]
	[[ "$output" == *"QEMU ended with status 1: Could not access KVM"* ]]
	no_result
}

@test "QEMU hangs: killed at the limit, nothing left running" {
	fake_qemu 7.2.0 'echo $$ >'"$t/pid"'; exec sleep 1000'
	vm --timeout 2
	[ "$status" = 3 ]
	[[ "$output" == *"hung: killed at the time limit"* ]]
	gone "$(cat "$t/pid")"
	no_result
}

@test "QEMU is killed by somebody: said so" {
	fake_qemu 7.2.0 'kill -KILL $$'
	vm
	[ "$status" = 3 ]
	[[ "$output" == *"killed by somebody"* ]]
}

@test "vm.sh is killed, even by SIGKILL: QEMU goes with it" {
	local sig pid
	for sig in TERM KILL; do
		rm -f "$t/pid"
		fake_qemu 7.2.0 'echo $$ >'"$t/pid"'; exec sleep 1000'
		"$scripts/vm.sh" --kernel "$t/kernel" --module "$t/k.ko" --out "$t/out" -- allocs=null 3>&- &
		pid=$!
		appears "$t/pid" "$pid"
		kill "-$sig" "$pid"
		wait "$pid" || :
		gone "$(cat "$t/pid")"
	done
	no_result
}

@test "QEMU missing or too old: exit 3, and how to get it" {
	KALLOCBENCH_QEMU=no-such-qemu vm
	[ "$status" = 3 ]
	[[ "$output" == *"no-such-qemu is not installed"*deps.sh* ]]
	fake_qemu 2.11.1 ':'
	vm
	[ "$status" = 3 ]
	[[ "$output" == *"too old"*2.11.1* ]]
}

@test "disk full while writing the result: no half result, exit 3" {
	mkdir "$t/out"
	mount -t tmpfs -o size=64k tmpfs "$t/out" || skip "cannot mount a small file system"
	head -c 61440 /dev/zero >"$t/out/ballast"
	vm
	umount_later=$(find "$t/out" -name 'result-*' -o -name '*.part')
	umount "$t/out"
	[ "$status" = 3 ]
	[[ "$output" == *"cannot write to"* ]]
	[ -z "$umount_later" ]
}

@test "names with blanks, quotes and newlines" {
	local odd="$t/a b'c
d"
	mkdir "$odd"
	cp "$t/kernel" "$odd/ker nel"
	cp "$t/k.ko" "$odd/k.ko"
	echo 'allocs=null sizes=8' >"$odd/my suite"
	run "$scripts/vm.sh" --kernel "$odd/ker nel" --module "$odd/k.ko" --out "$odd/out" -- "$odd/my suite"
	[ "$status" = 0 ]
	[ -f "$odd/out/boot-1/result-01.txt" ]
	# The command can be read back by a shell.
	sh -n "$odd/out/boot-1/qemu.cmd"
}

@test "boots of an earlier run do not stay" {
	vm --boots 3
	[ -d "$t/out/boot-3" ]
	vm
	[ "$status" = 0 ]
	[ -d "$t/out/boot-1" ]
	[ ! -e "$t/out/boot-2" ]
}

@test "the guest's file system is the same bytes each time" {
	vm
	one=$(sed -n 's/^meta initrd_sha256=//p' "$t/out/boot-1/result-01.txt")
	sleep 1
	[ -n "$one" ]
	vm
	[ "$one" = "$(sed -n 's/^meta initrd_sha256=//p' "$t/out/boot-1/result-01.txt")" ]
	(umask 077 && vm && [ "$status" = 0 ])
	[ "$one" = "$(sed -n 's/^meta initrd_sha256=//p' "$t/out/boot-1/result-01.txt")" ]
}

@test "of several boots a skip says least, a hang most" {
	# shellcheck disable=SC2016 # of that QEMU
	fake_qemu 7.2.0 '
		n=$(cat "$T/n" 2>/dev/null || echo 0)
		echo $((n + 1)) >"$T/n"
		sed -i "s/^kab-verdict good/kab-verdict script exited 4/" port
		[ "$n" != 1 ] || echo "[ 1.0] Kernel panic - not syncing: planted" >console.log'
	echo true >"$t/script"
	T=$t run "$scripts/vm.sh" --kernel "$t/kernel" --out "$t/out" --boots 3 --script "$t/script"
	echo "$output"
	[ "$status" = 3 ]
}

@test "wrong use: exit 2, told what" {
	vm --lane fast
	[ "$status" = 2 ]
	[[ "$output" == *"--lane is insn, time or best, not 'fast'"* ]]
	vm --smp 0
	[ "$status" = 2 ]
	[[ "$output" == *"--smp,"*"start at 1"* ]]
	vm --timeout 1x
	[ "$status" = 2 ]
	[[ "$output" == *"--timeout: a number, not '1x'"* ]]
	vm --nonsense 1
	[ "$status" = 2 ]
	[[ "$output" == *"unknown option --nonsense"* ]]
	vm --mem 1X
	[ "$status" = 2 ]
	[[ "$output" == *"--mem: a size such as 64K or 2G, not '1X'"* ]]
	echo true >"$t/script"
	vm --script "$t/script"
	[ "$status" = 2 ]
	[[ "$output" == *"--script runs in place of 'allocs=null'"* ]]
	run "$scripts/vm.sh" --kernel "$t/kernel" --module "$t/k.ko"
	[ "$status" = 2 ]
	[[ "$output" == *"nothing to run"* ]]
	run "$scripts/vm.sh" --kernel "$t/kernel" --module "$t/k.ko" --out "$t/out" -- no-such-suite
	[ "$status" = 2 ]
	[[ "$output" == *"no suite 'no-such-suite'"* ]]
	run "$scripts/vm.sh" -h
	[ "$status" = 0 ]
}

@test "a suite's append words and the user's reach the kernel, in that order" {
	printf '# c\nappend init_on_alloc=0\n\nallocs=null\n' >"$t/suite"
	run "$scripts/vm.sh" --kernel "$t/kernel" --module "$t/k.ko" --out "$t/out" --append quiet -- "$t/suite"
	[ "$status" = 0 ]
	grep -q 'init_on_alloc=0 quiet' "$t/out/boot-1/qemu.cmd"
}

@test "--vector is refused where nothing can count" {
	vm --vector --lane time
	[ "$status" = 2 ]
	[ "$output" = "vm.sh: --vector belongs to --lane insn, not 'time'" ]
	vm --vector --smp 2
	[ "$status" = 2 ]
	[ "$output" = "vm.sh: --vector counts what one CPU does: --smp 1, not '2'" ]
	run "$scripts/vm.sh" --kernel "$t/kernel" --module "$t/k.ko" --vector --script "$t/k.ko"
	[ "$status" = 2 ]
	[ "$output" = "vm.sh: --vector is of parameter lines, not of --script" ]
}
