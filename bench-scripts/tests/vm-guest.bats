#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# The harness around real guests: what they do wrong must be seen from outside. The 6.1 kernel, for it boots fastest.

# A module that leaks, and has files enough for collect.sh.
setup_file() {
	local scripts kdir
	scripts=$(cd "$BATS_TEST_DIRNAME/.." && pwd)
	cat >"$BATS_FILE_TMPDIR/Kbuild" <<-'END'
		obj-m := kallocbench.o
	END
	cat >"$BATS_FILE_TMPDIR/kallocbench.c" <<-'END'
		#include <linux/debugfs.h>
		#include <linux/module.h>
		#include <linux/vmalloc.h>
		static struct dentry *dir;
		static u32 value;
		static char *lane;
		module_param(lane, charp, 0);
		static ssize_t take(struct file *file, const char __user *from, size_t len, loff_t *pos)
		{
			return len;
		}
		static const struct file_operations fops = { .owner = THIS_MODULE, .write = take };
		static int __init leak_init(void)
		{
			static const char *const names[] = { "results", "summary", "status", "error" };
			int i;

			dir = debugfs_create_dir("kallocbench", NULL);
			debugfs_create_file("run", 0600, dir, NULL, &fops);
			for (i = 0; i < 4; i++)
				debugfs_create_u32(names[i], 0600, dir, &value);
			return vmalloc(3 << 20) ? 0 : -ENOMEM;
		}
		static void __exit leak_exit(void)
		{
			debugfs_remove(dir);
		}
		module_init(leak_init);
		module_exit(leak_exit);
		MODULE_LICENSE("GPL");
	END
	kdir=$("$scripts/setup/kernel.sh" get 6.1 | sed -n 's/^kdir=//p')
	make -s -C "$kdir" M="$BATS_FILE_TMPDIR" CONFIG_DEBUG_INFO_BTF_MODULES= modules >"$BATS_FILE_TMPDIR/log" 2>&1 || { cat "$BATS_FILE_TMPDIR/log"; false; }
}

setup() {
	scripts=$(cd "$BATS_TEST_DIRNAME/.." && pwd)
	t=$BATS_TEST_TMPDIR
	leak=$BATS_FILE_TMPDIR/kallocbench.ko
}

# guest OPTION...: run the script on stdin in a guest.
guest() {
	cat >"$t/script"
	run timeout 120 "$scripts/vm.sh" --kernel 6.1 --lane time --accel tcg --out "$t/out" \
		--module "$leak" --script "$t/script" "$@"
}

@test "a script: its output, its files and its exit code come back" {
	guest --append kab_test=1 --add /etc/os-release:/etc/release <<-'END'
		echo hello
		grep -q kab_test=1 /proc/cmdline || exit 5
		cat /etc/release >/out/release
		[ -e "$KAB_MODULE" ] || exit 6
		[ -d /sys/kernel/debug/block ] || exit 7
		exit 9
	END
	[ "$status" = 1 ]
	[ "${lines[0]}" = hello ]
	[ "$(cat "$t/out/boot-1/script.out")" = hello ]
	cmp "$t/out/boot-1/release" /etc/os-release
	[ "$(cat "$t/out/boot-1/verdict")" = "script exited 9" ]
}

@test "a guest that panics" {
	guest <<-'END'
		echo c >/proc/sysrq-trigger
	END
	[ "$status" = 3 ]
	[[ "$output" == *"Kernel panic"* ]]
}

@test "a guest that hangs is killed at the limit, and no QEMU stays" {
	guest --timeout 12 <<-'END'
		while :; do :; done
	END
	[ "$status" = 3 ]
	[[ "$output" == *"hung: killed at the time limit"* ]]
	initrd=$(sed -n 's/.* -initrd \([^ ]*\) .*/\1/p' "$t/out/boot-1/qemu.cmd")
	[ -n "$initrd" ]
	# The grep itself is the only one to name it, once those that were killed have been reaped.
	for _ in $(seq 50); do
		run grep -lae "$initrd" /proc/[0-9]*/cmdline
		[[ "$output" == *cmdline*cmdline* ]] || break
		sleep 0.1
	done
	[[ "$output" != *cmdline*cmdline* ]]
}

@test "a guest that fills its disk still gives a verdict" {
	guest <<-'END'
		cat /dev/zero >/out/ballast
		cat /dev/zero >/tmp/ballast
		true
	END
	[ "$status" = 3 ]
	[[ "$output" == *"do not fit into the memory of the guest"* ]]
}

@test "a guest that loses its results port" {
	guest <<-'END'
		rm /dev/ttyS1
		true
	END
	[ "$status" = 3 ]
	[[ "$output" == *"without a verdict"* ]]
}

@test "a guest whose first process is killed" {
	guest <<-'END'
		reboot -f
	END
	[ "$status" = 3 ]
	[[ "$output" == *"without a verdict"* ]]
}

@test "parameter lines: a result each; the second refused line is exit 2 and leaves none" {
	run timeout 120 "$scripts/vm.sh" --kernel 6.1 --lane time --accel tcg --settle 0 --out "$t/out" -- \
		'allocs=null samples=10' 'allocs=kmalloc sizes=8 samples=10'
	[ "$status" = 0 ]
	grep -q '^param allocs=kmalloc sizes=8 ' "$t/out/boot-1/result-02.txt"
	[ "$(tail -n 1 "$t/out/boot-1/result-02.txt")" = "end cells=1 state=done" ]
	grep -q '^meta lane=time$' "$t/out/boot-1/result-02.txt"

	run timeout 120 "$scripts/vm.sh" --kernel 6.1 --lane time --accel tcg --settle 0 --out "$t/refused" -- \
		'allocs=null samples=10' 'allocs=null sizzes=8'
	[ "$status" = 2 ]
	[[ "$output" == *sizzes* ]]
	[ ! -e "$t/refused" ] || [ -z "$(find "$t/refused" -name 'result-*')" ]
}

@test "what a module leaks, the guest tells" {
	run timeout 120 "$scripts/vm.sh" --kernel 6.1 --lane time --accel tcg --settle 0 --out "$t/out" \
		--module "$leak" -- allocs=null
	[ "$status" = 3 ]
	[[ "$output" == *"vmalloc grew by"* ]]
}

@test "the instruction lane: a tick is an instruction, locks are kept, and boots repeat" {
	run timeout 300 "$scripts/vm.sh" --kernel 6.1 --lane insn --boots 2 --out "$t/out" -- \
		'allocs=null,delay,kmalloc,percpu sizes=64 samples=100'
	echo "$output"
	[ "$status" = 0 ]
	one=$t/out/boot-1/result-01.txt
	grep -q '^clock .*unit=insn' "$one"
	grep -q '^meta .* locks_removed=0 ' "$one"
	[ "$(grep -c '^op .* min=1000 p50=1000 .* max=1000 ' "$one")" = 2 ]
	[ "$(sed '/^meta /d' "$one" | sha256sum)" = "$(sed '/^meta /d' "$t/out/boot-2/result-01.txt" | sha256sum)" ]
}

@test "the instruction lane with a clock that counts other things is refused, and why is said" {
	run timeout 300 "$scripts/vm.sh" --kernel 6.1 --lane insn --settle 0 --qemu-arg -icount --qemu-arg shift=1 \
		--out "$t/out" -- 'allocs=null samples=10'
	echo "$output"
	[ "$status" = 3 ]
	[[ "$output" == *"this clock does not count instructions: 1000 of them took 2000 ticks"* ]]
	[ -z "$(find "$t/out" -name 'result-*')" ]
}

@test "what the host says of a line before the boot is what the module says, to the letter" {
	cat >"$t/lines" <<-'END'
		allocs=kmalloc, vmalloc sizes=64
		allocs=kmaloc
		size=64
		sizes=64KB
		sizes=8..24
		cpus=1
		patterns=pair depth=9
		patterns=batch mix=2
		flags=GFP_KERNEL|GFP_NOFS
		contexts=nmi
		samples=1e3
		allocs=null sizes=1..70000+1
	END
	# shellcheck disable=SC2016 # the guest's variables
	echo 'insmod "$KAB_MODULE"; mount -t debugfs none /sys/kernel/debug; cd /sys/kernel/debug/kallocbench
		while read -r line; do echo "$line" >run; cat error; done </kab/lines 2>/dev/null' >"$t/script"
	run timeout 200 "$scripts/vm.sh" --kernel 6.1 --lane time --accel tcg --out "$t/out" --add "$t/lines" --script "$t/script"
	echo "$output"
	checker=$(sh -c 'scripts=$1 && . "$1/lib/host.sh" && line_checker' sh "$scripts")
	while read -r line; do
		! echo "$line" | "$checker" 1 >"$t/said"
		sed 1d "$t/said"
	done <"$t/lines" >"$t/host"
	[ "$(grep -c '\^' "$t/host")" -eq 11 ]
	diff "$t/host" "$t/out/boot-1/script.out"
}
