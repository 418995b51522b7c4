#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Boot a kernel in QEMU, run parameter lines or a script in it, and bring back what they leave.
set -eu
umask 022

scripts=$(cd -- "$(dirname -- "$0")" && pwd -P)
# shellcheck source=bench-scripts/lib/host.sh
. "$scripts/lib/host.sh"
# shellcheck source=bench-scripts/setup/machine.sh
. "$scripts/setup/machine.sh"
# shellcheck source=bench-scripts/guest/image.sh
. "$scripts/guest/image.sh"
# shellcheck source=bench-scripts/guest/judge.sh
. "$scripts/guest/judge.sh"
# shellcheck source=bench-scripts/guest/keep.sh
. "$scripts/guest/keep.sh"
# shellcheck source=bench-scripts/guest/qemu.sh
. "$scripts/guest/qemu.sh"
# shellcheck source=bench-scripts/explain/plugin.sh
. "$scripts/explain/plugin.sh"
# shellcheck source=bench-scripts/guest/uml.sh
. "$scripts/guest/uml.sh"

usage() {
	cat <<'USAGE'
usage: vm.sh [option...] [--] PARAMETERS|SUITE...
       vm.sh [option...] --script FILE

PARAMETERS is a parameter line ("allocs=kmalloc sizes=8..64K"), SUITE a name in
bench-scripts/suites or the path of such a file. All lines are checked first.

  --kernel K       bzImage (arm64: Image, Image.gz, vmlinuz.efi), series (6.1,
                   6.12-generic, 6.12:arm64), release, or a name that
                   kernels.sh builds; default 6.12
  --kdir DIR       its build folder, where K is an image
  --module KO      a module built already
  --lane LANE      insn (default): one tick is one instruction, runs repeat bit
                   for bit;
                   time: KVM where it works, else plain emulation;
                   best: time where KVM works, else insn
  --smp N          virtual CPUs, default 1; Linux 6.1 hangs with more in lane
                   insn
  --mem SIZE       default 1G
  --append WORDS   for the kernel command line; may be repeated
  --boots N        number of boots, default 1
  --settle SEC     the guest waits SEC before the first run, default 5, with
                   --script or uml 0
  --timeout SEC    a boot is killed after SEC, default 900
  --boot-timeout SEC
                   and after SEC without its first process, default 180:
                   several emulated CPUs may hang, and are booted again
  --script FILE    instead of parameter lines: run by busybox sh as root, with
                   the module at $KAB_MODULE; what it leaves in /out comes
                   back; its exit code is the verdict
  --add FILE[:/path/in/guest]
                   one more file in the guest, by default in /kab
  --allow REGEX    lines of the console that match REGEX are no fault
  --qemu-arg ARG   one more word for QEMU; may be repeated
  --accel A        time lane: tcg or kvm, instead of probing; uml: no machine
                   but User Mode Linux
  --vector         lane insn, one CPU: count lines, bytes, locked instructions,
                   TLB flushes and more, too (results/README.md)
  --entry E        PVH: QEMU loads the unpacked kernel; bzImage: the guest
                   unpacks it, as every machine does. Default: PVH in lane insn
                   where the kernel has CONFIG_PVH, else bzImage (arm64: Image)
  -o, --out DIR    default results/DATE-RELEASE-LANE, new each time; boots that
                   an earlier run left in DIR are removed
  -n               only check what was asked for: nothing is fetched, built or
                   booted

Without --out the folder is printed. Leaves DIR/boot-K/{result-NN.txt,
console.log,collect.log,verdict,qemu.cmd,qemu.err,script.out}, K and NN from 1.
Environment: KALLOCBENCH_CACHE, KALLOCBENCH_QEMU (the QEMU binary).
Exit: 0 good, 1 the script failed, 2 wrong use or parameters refused, 3 the
guest hung, panicked, complained or gave no verdict, 4 the script asked to be
skipped (it exited 4).
USAGE
}

qemu='' arch='' plain=''
kernel='' kdir='' module='' lane=insn smp=1 mem=1G append='' boots=1 settle='' timeout=900 boot_timeout=180
script='' adds='' allow='' accel='' out='' release='' work='' cpu='' command='' loaded='' entry='' dry='' vector='' syms=''
# One word a line: a word with a newline in it is refused.
qemu_args=''

cleanup() {
	[ -z "$qemu_pid" ] || kill -KILL "$qemu_pid" 2>/dev/null || :
	[ -z "$work" ] || rm -rf -- "$work"
}

# line_of WORD: refused when it is more than one line, for it will be stored in one.
line_of() {
	case $1 in
	*'
'*) die "a newline in '$1' cannot be passed on" ;;
	esac
	printf '%s' "$1"
}

# set_option NAME VALUE
set_option() {
	case $1 in
	--kernel) kernel=$2 ;;
	--kdir) kdir=$2 ;;
	--module) module=$2 ;;
	--lane) lane=$2 ;;
	--smp) smp=$2 ;;
	--mem) mem=$2 ;;
	--append) append="$append $(line_of "$2")" ;;
	--boots) boots=$2 ;;
	--settle) settle=$2 ;;
	--timeout) timeout=$2 ;;
	--boot-timeout) boot_timeout=$2 ;;
	--script) script=$2 ;;
	--add) adds="$adds$(line_of "$2")
" ;;
	--allow) allow=$2 ;;
	--qemu-arg) qemu_args="$qemu_args$(line_of "$2")
" ;;
	--accel) accel=$2 ;;
	--entry) entry=$2 ;;
	--out) out=$2 ;;
	--vector) vector=1 ;;
	-n) dry=1 ;;
	esac
}

check_words() {
	local number
	for number in "$smp" "$boots" "$timeout" "$boot_timeout"; do
		[ "$number" -gt 0 ] || die "--smp, --boots, --timeout and --boot-timeout start at 1"
	done
	[ "$lane" = time ] || [ -z "$accel" ] || die "--accel belongs to --lane time"
	[ -z "$vector" ] || [ "$lane" = insn ] || die "--vector belongs to --lane insn, not '$lane'"
	[ -z "$vector" ] || [ "$smp" = 1 ] || die "--vector counts what one CPU does: --smp 1, not '$smp'"
	[ -z "$vector" ] || [ -z "$script" ] || die "--vector is of parameter lines, not of --script"
}

# settle_usually: where nobody said how long. Nothing goes on in User Mode Linux once it is up.
settle_usually() {
	settle=5
	[ -z "$script" ] && [ "$accel" != uml ] || settle=0
}

# check_files: those the user named, before the kernel is fetched.
check_files() {
	local file
	check_kernel --kernel "$kernel" "$kdir" "${module:-$script}" --kdir
	[ -z "$module" ] || [ -f "$module" ] || die "--module: no file $module"
	[ -z "$script" ] || [ -f "$script" ] || die "--script: no file $script"
	while IFS= read -r file; do
		file=$(added_file "$file")
		[ -z "$file" ] || [ -f "$file" ] || die "--add: no file $file"
	done <<FILES
$adds
FILES
	for file in ${out:+"$out"/boot-*}; do
		[ ! -e "$file" ] || [ -f "$file/qemu.cmd" ] ||
			die "$file is in the way, and not a boot as vm.sh leaves it: give another --out"
	done
}

# check_machine: what that of the kernel has.
check_machine() {
	use_machine "$kernel"
	check_entry "$arch" "$entry"
	check_uml
	[ "$accel" != kvm ] || [ "$arch" = "$(host_arch)" ] ||
		die "--accel kvm: this machine is $(host_arch), and a guest of $arch is emulated here"
}

# check_regex: grep would say so only when it looks at the console.
check_regex() {
	local code=0
	echo | grep -q -E -e "$allow" 2>/dev/null || code=$?
	[ "$code" -lt 2 ] || die "--allow: no regular expression: '$allow'"
}

# guest_cpus: how many it has, 0 where the user may have said so in words of his own.
guest_cpus() {
	case $append$qemu_args in
	*smp* | *cpus=*) echo 0 ;;
	*) echo "$smp" ;;
	esac
}

# check PLAN...: all that can be known before anything is fetched, built or booted.
check() {
	check_words
	[ -n "$kernel" ] || { [ "$accel" = uml ] && kernel=uml; } || kernel=6.12
	check_regex
	[ $# -gt 0 ] || [ -n "$script" ] || wrong "nothing to run"
	[ $# = 0 ] || [ -z "$script" ] || wrong "--script runs in place of '$1': not both"
	check_files
	check_machine
	[ -n "$settle" ] || settle_usually
	[ $# = 0 ] || check_lines "$(guest_cpus)" "$@"
}

# find_kernel: kernel, kdir and release from what the user named.
find_kernel() {
	local found
	if [ ! -f "$kernel" ]; then
		found=$("$scripts/setup/kernel.sh" get "$kernel") || exit
		kernel=$(said image "$found")
		kdir=${kdir:-$(said kdir "$found")}
	fi
	kernel=$(cd -- "$(dirname -- "$kernel")" && pwd -P)/$(basename -- "$kernel")
	plain=$(plain_image "$kernel" "$work/image") || exit
	release=$(release_of "$plain")
	if [ -z "$module" ] && [ -n "$kdir" ] && [ -f "$top/kmod/Kbuild" ]; then
		module=$("$scripts/setup/module.sh" "$kdir") || exit
	fi
}

# pick_entry: what QEMU loads, and by which door it comes in. KASLR is in what unpacks a bzImage, so lane time keeps it;
# with nokaslr both doors lead to the same kernel at the same place, but the memory map it finds differs a little.
pick_entry() {
	local vmlinux entries
	entries=$(machine "$arch" entries)
	loaded=$plain vmlinux=$work/vmlinux
	# A kernel of a distribution stays what it is: unpacked once.
	case $kernel in
	"$cache"/kernels/*) vmlinux=$kernel.unpacked ;;
	esac
	if [ "$entries" = "${entries% *}" ]; then
		entry=$entries
	elif [ "$entry" = bzImage ] || { [ -z "$entry" ] && [ "$accel" != tcg-icount ]; }; then
		entry=bzImage
	elif vmlinux_of "$kernel" "$vmlinux"; then
		loaded=$vmlinux entry=PVH
	else
		[ "$entry" != PVH ] || cannot "--entry PVH: $kernel was built without CONFIG_PVH, or is packed in a way unknown here"
		entry=bzImage
	fi
}

# watch: the plugin among the arguments of QEMU. Its file lies beside the console: QEMU runs in the folder of the boot.
watch() {
	local so arg
	need make gcc readelf sha256sum
	[ -n "$module" ] || cannot "--vector needs the module, and none is known here: --kdir or --module"
	so=$(plugin "$work") || exit
	set -- --mem "$mem" --timeout "$timeout"
	[ -z "$append" ] || set -- --append "$append" "$@"
	[ -z "$entry" ] || set -- --entry "$entry" "$@"
	symbols "$work" "$kernel" "$module" "$@" || exit
	arg=$(plugin_arg "$so" "symbols=$syms" vector=vector) || exit
	printf '%s\n' -plugin "$arg" >>"$work/qemu_args"
}

# make_image STAGE ARG...: the guest's file system from the options and the plan.
make_image() {
	local stage="$1" file
	shift
	mkdir -p "$stage/kab/lib" "$stage/kab/setup"
	sed "s/@console@/$(machine "$arch" console)/g; s/@port@/$(machine "$arch" port)/g" "$scripts/guest/init" >"$stage/init"
	chmod 755 "$stage/init"
	cp -- "$scripts/collect.sh" "$stage/kab/"
	cp -- "$scripts/lib/lib.sh" "$scripts/lib/options.sh" "$stage/kab/lib/"
	cp -- "$scripts/setup/load.sh" "$stage/kab/setup/"
	printf '%s\n' "$settle" >"$stage/kab/settle"
	printf '%s\n' "$lane" >"$stage/kab/lane"
	[ -z "$module" ] || copy_module "$module" "$stage/kab/kallocbench.ko"
	if [ -n "$script" ]; then
		cp -- "$script" "$stage/kab/script"
	else
		plan_part lines "$@" >"$stage/kab/plan"
	fi
	printf '%s' "$adds" >"$work/adds"
	while IFS= read -r file; do
		add_file "$stage" "$file"
	done <"$work/adds"
	guest_image "$stage" "$work/initrd"
}

# boot_once DIR WORDS: what came of it is in DIR, the verdict too.
boot_once() {
	rm -rf -- "$1"
	mkdir "$1"
	if [ "$accel" = uml ]; then
		run_uml "$1" "$2"
	else
		run_qemu "$1" "$2"
	fi
	touch "$1/console.log" "$1/port"
	judge "$1" "$allow" >"$1/verdict"
}

# boot K ARG...: returns the exit code that boot K asks for.
boot() {
	local k="$1" dir="$work/boot-$1" verdict words again fault
	shift
	words=$(kernel_words "$@") || exit
	boot_once "$dir" "$words"
	for again in 1 2 3; do
		fault=$(qemus_fault "$dir")
		[ -n "$fault" ] || break
		note "boot $k: $fault: again, $again of 3"
		boot_once "$dir" "$words"
	done
	verdict=$(cat -- "$dir/verdict")
	[ -z "$vector" ] || [ "$verdict" != good ] || keep_vectors "$dir" ||
		cannot "the vectors of boot $k are not those of its results: see message above; nothing of it was kept"
	if ! keep "$dir" "$out/boot-$k" "$k"; then
		rm -rf -- "$out/boot-$k.part"
		cannot "cannot write to $out: see message above; nothing of boot $k was kept"
	fi
	case $verdict in
	good) return 0 ;;
	'script exited 4') return 4 ;;
	'script exited '*)
		tail -n 5 -- "$out/boot-$k/script.out" >&2
		return 1
		;;
	esac
	[ ! -s "$out/boot-$k/collect.log" ] || cat -- "$out/boot-$k/collect.log" >&2
	case $verdict in
	'refused: '*) return 2 ;;
	esac
	tail -n 5 -- "$dir/console.log" | tr -d '\r' >&2
	return 3
}

# out_dir: the default is a new folder of this day, kernel and lane.
out_dir() {
	local old
	if [ -z "$out" ]; then
		out=$(new_folder "$results/$(date -u +%Y-%m-%d)-$release-$lane") || exit
		printf '%s\n' "$out"
	fi
	mkdir -p -- "$out" || cannot "cannot make $out: see message above"
	out=$(cd -- "$out" && pwd -P)
	# Boots of an earlier run would be taken for boots of this one.
	for old in "$out"/boot-*; do
		[ ! -f "$old/qemu.cmd" ] || { note "replacing $old" && rm -rf -- "$old"; }
	done
}

# whats_in DIR: where a boot that went wrong can be looked into; a guest that died sent nothing.
whats_in() {
	printf 'everything is in %s' "$1"
	[ -z "$script" ] || [ -f "$1/script.out" ] || printf ', but script.out: the guest did not live to send it'
}

# all_boots ARG...: ends with the worst of their codes; a boot that was skipped says less than any other.
all_boots() {
	local k=1 code worst=0
	while [ "$k" -le "$boots" ]; do
		code=0
		boot "$k" "$@" || code=$?
		[ "$code" = 0 ] || note "boot $k of $boots: $(cat -- "$out/boot-$k/verdict") ($(whats_in "$out/boot-$k"))"
		case $code in
		0) ;;
		# What is refused once is refused by every boot.
		2) exit 2 ;;
		4) [ "$worst" != 0 ] || worst=4 ;;
		*) [ "$worst" = 3 ] || worst=$code ;;
		esac
		k=$((k + 1))
	done
	exit "$worst"
}

# run PLAN...
run() {
	local stage
	check "$@"
	[ -z "$dry" ] || exit 0
	check_guest
	mkdir -p "$cache"
	trap cleanup EXIT
	trap 'exit 130' INT TERM HUP
	work=$(mktemp -d)
	printf '%s' "$qemu_args" >"$work/qemu_args"
	find_kernel
	[ -z "$vector" ] || watch
	pick_accel
	cpu=$(cpu_model)
	pick_entry
	stage=$work/stage
	make_image "$stage" "$@"
	out_dir
	all_boots "$@"
}

main() {
	command=$(quoted vm.sh "$@")
	with_options run "$vm_options" "$@"
}

main "$@"
