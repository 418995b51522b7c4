# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
# shellcheck disable=SC2154 # the options of vm.sh, which sources this, and what qemu.sh sets
# User Mode Linux: the guest is a process of this machine, at the speed of its CPU, and needs neither KVM nor root.

# check_uml: the kernel and --accel uml belong to each other, and it has one CPU. Calls die().
check_uml() {
	local kernel="${kernel:-$new}"
	case $arch,$accel in
	uml,uml) ;;
	uml,) accel=uml ;;
	uml,*) die "--accel $accel: kernel $kernel is User Mode Linux, which is a process: --accel uml" ;;
	*,uml) die "--accel uml: kernel $kernel is of $arch: give a User Mode Linux, such as uml or 7.3-uml" ;;
	*) return 0 ;;
	esac
	[ "$(host_arch)" = amd64 ] || die "--accel uml: User Mode Linux runs on amd64, and this machine is $(host_arch)"
	[ "$lane" = 'time' ] || die "--accel uml belongs to --lane time: nobody counts the instructions of a process"
	[ "$smp" = 1 ] || die "--smp $smp: User Mode Linux has one CPU"
	[ -z "${qemu_args-}" ] || die "--qemu-arg: no QEMU runs User Mode Linux"
}

# check_memory: its memory is a file of the size of --mem in a file system that is memory, and code runs there.
check_memory() {
	local room
	need busybox cpio gzip timeout setpriv
	! grep -q '^[^ ]* /dev/shm tmpfs [^ ]*noexec' /proc/mounts ||
		cannot "--accel uml: /dev/shm, where the guest's memory would be, is mounted noexec: mount -o remount,exec /dev/shm"
	room=$(df -Pk /dev/shm 2>/dev/null | awk 'NR == 2 { print $4 }')
	[ "${room:-0}" -ge "$(in_kib "$mem")" ] ||
		cannot "--accel uml: /dev/shm has room for ${room:-0} KiB, and --mem is $mem: give less, or mount -o remount,size=$mem /dev/shm"
}

# in_kib SIZE: such as 1G, or MiB, as QEMU takes it.
in_kib() {
	local number="${1%[kKmMgGtT]}"
	case $1 in
	*[kK]) echo "$number" ;;
	*[gG]) echo $((number * 1048576)) ;;
	*[tT]) echo $((number * 1073741824)) ;;
	*) echo $((number * 1024)) ;;
	esac
}

# run_uml DIR WORDS: as run_qemu. Its command line is also init's environment: see uml.patch for the last word, which
# makes busybox do without the vectors that a CPU with AMX would lose between two processes.
run_uml() {
	local dir="$1" hwcaps
	hwcaps=-AVX512VL,-AVX512BW,-AVX512F,-AVX2,-AVX_Fast_Unaligned_Load,-AVX2_Usable,-ERMS,-FSRM,-XSAVEC
	# shellcheck disable=SC2016,SC2086 # of the inner shell; words for the kernel
	set -- sh -c 'exec "$@" >console.log 3>port' uml "$loaded" mem="$(in_kib "$mem")K" initrd=../initrd uml_dir=. \
		con=null ssl=null ssl0=null,fd:1 ssl1=null,fd:3 noreboot $2 GLIBC_TUNABLES=glibc.cpu.hwcaps=$hwcaps
	run_guest "$dir" "$@"
}
