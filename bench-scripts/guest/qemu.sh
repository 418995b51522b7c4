# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
# shellcheck disable=SC2154 # the options of vm.sh, which sources this
# The machine of the guest: accelerator, command line, and the one process to look after.

qemu_pid=
# What QEMU says of itself, such as 7.2.22 (Debian ...), asked once: it takes as long to answer as a small script.
qemu_version=

# qemu_before MAJOR MINOR: is it older?
qemu_before() {
	local major="${qemu_version%%[!0-9]*}" minor="${qemu_version#*.}"
	minor=${minor%%[!0-9]*}
	[ "${major:-0}" -lt "$1" ] || { [ "$major" = "$1" ] && [ "${minor:-0}" -lt "$2" ]; }
}

# use_machine KERNEL: the one that boots it: sets arch and qemu. Calls die().
use_machine() {
	arch=$(arch_of_kernel "$1") || exit
	qemu=$(machine "$arch" qemu)
	qemu=${KALLOCBENCH_QEMU:-${qemu% *}}
}

# check_guest: what runs it is here, before any work is done.
check_guest() {
	if [ "$arch" = uml ]; then
		check_memory
	else
		check_qemu
	fi
}

# check_qemu: is it here, and new enough?
check_qemu() {
	local said since
	[ "$arch" = "$(host_arch)" ] || have "$qemu" "$(cross_of "$arch")strip" ||
		cannot "$qemu or $(cross_of "$arch")strip is not installed: run bench-scripts/setup/deps.sh $arch"
	need "$qemu" busybox cpio gzip timeout setpriv
	said=$("$qemu" --version 2>&1 | head -n 1)
	qemu_version=${said#QEMU emulator version }
	since=$(machine "$arch" qemu)
	since=${since#* }
	if [ "$qemu_version" = "$said" ] || qemu_before "${since%.*}" "${since#*.}"; then
		cannot "QEMU is too old: $said; $since or later is needed for $arch"
	fi
}

# stale_code VERDICT: it tells of instructions that had been replaced.
stale_code() {
	local said
	said=$(machine "$arch" stale_code)
	[ -n "$said" ] && grep -q -F -e "$said" "$1"
}

# qemus_fault DIR: says why this boot failed through QEMU alone, nothing else. Both ways belong to several virtual CPUs
# emulated by as many threads. Before 8.1 one may go on with instructions that another has replaced, and so run a
# breakpoint the kernel has forgotten ("accel/tcg: Always lock pages before translation",
# https://lore.kernel.org/qemu-devel/20230707103611.5906-1-richard.henderson@linaro.org); or the boot hangs.
qemus_fault() {
	[ "$accel" = tcg ] && [ "$smp" -gt 1 ] || return 0
	if [ "$(cat -- "$1/status")" = stuck ]; then
		echo 'the kernel hung before its first process, as it may when QEMU emulates several CPUs'
	elif qemu_before 8 1 && stale_code "$1/verdict"; then
		echo 'QEMU ran a breakpoint that the kernel had taken out (its fault, mended in 8.1)'
	fi
}

# await_boot DIR START: until the guest's first process runs or QEMU is gone; fails when the limit comes first.
await_boot() {
	local limit="$boot_timeout" nap=0.1
	until grep -q '^init: up' "$1/console.log" 2>/dev/null; do
		kill -0 "$qemu_pid" 2>/dev/null || return 0
		# Whole seconds: a limit of 1 is to be a second at least.
		[ $(($(seconds) - $2)) -le "$limit" ] || return 1
		[ ! -t 2 ] || show_progress "$1" "$2"
		sleep "$nap"
		nap=0.5
	done
}

# probe_kvm: does a real kernel come up under KVM within some seconds? A device file alone proves nothing: nested
# machines offer one that hangs. The answer holds for this host until its next boot.
probe_kvm() {
	local known dir code=0
	[ "$arch" = "$(host_arch)" ] || return 1
	[ -c /dev/kvm ] && [ -w /dev/kvm ] || return 1
	known=$cache/kvm-$(tr -d '\n' </proc/sys/kernel/random/boot_id)
	if [ ! -f "$known" ]; then
		note "trying KVM: booting $release for at most 20 s"
		dir=$(mktemp -d)
		"$scripts/vm.sh" --lane time --accel kvm --timeout 20 --kernel "$kernel" --script "$scripts/guest/probe" \
			--out "$dir" 2>"$dir/log" || code=$?
		[ "$code" = 0 ] || note "KVM DOES NOT WORK here: $(tail -n 1 -- "$dir/log" | sed 's/ (everything is in .*//')"
		printf '%s\n' "$code" >"$known.$$" && mv -- "$known.$$" "$known"
		rm -rf -- "$dir"
	fi
	[ "$(cat -- "$known")" = 0 ]
}

# pick_accel: for the lane, unless the user named one; lane best becomes the best that works here.
pick_accel() {
	[ -z "$accel" ] || return 0
	if [ "$lane" = best ]; then
		lane='time'
		if probe_kvm; then
			accel=kvm
			return
		fi
		lane=insn
		note "NO KVM: counting instructions instead of time; exact and repeatable, but blind to caches and waiting"
	fi
	if [ "$lane" = insn ]; then
		accel=tcg-icount
	elif probe_kvm; then
		accel=kvm
	else
		accel=tcg
		note "NO KVM: times are those of an emulator; compare them with nothing but each other"
	fi
}

# kernel_words ARG...: the kernel command line. The words of the instruction lane hold everything still that would
# differ from boot to boot; cryptomgr.notests spares half a billion instructions, a third of the boot, and the jitter
# source of random numbers would try for another tenth to find noise where there is none. The kernel must have seeded its random numbers, as
# every machine has: without, each object of a new slab is shuffled by two rounds of hashing, and the slab costs three
# times as much (6.12: 11,648 instructions instead of 3,858).
kernel_words() {
	local words more
	words="console=$(machine "$arch" console) loglevel=5 panic=-1 oops=panic"
	more=$(machine "$arch" words)
	words=$words${more:+ $more}
	case $accel in
	tcg-icount)
		more=$(machine "$arch" words_insn)
		words="$words nokaslr${more:+ $more} cryptomgr.notests initcall_blacklist=jent_mod_init"
		words="$words random.trust_cpu=on random.trust_bootloader=off"
		;;
	tcg)
		more=$(machine "$arch" words_tcg)
		words=$words${more:+ $more}
		;;
	esac
	# There a thread handles many interrupts of the results port at once, and the kernel, which counts the times the
	# thread ran, takes the port for broken after 100,000: "irq 3: nobody cared".
	! is_rt "$plain" || words="$words noirqdebug"
	printf '%s' "$words$(plan_part append "$@" | sed 's/^/ /' | tr -d '\n')$append"
}

# show_progress DIR START: of the boot that goes on; a plan's time is that of its lines, which begin late.
show_progress() {
	local line of
	line=$(sed -n 's/^kab-line \([0-9]* of [0-9]*\).*/\1/p' "$1/console.log" 2>/dev/null | tail -n 1)
	if [ -z "$line" ]; then
		first_line=$(seconds)
		progress 0 0 "$2" "$release, $lane: booting"
	else
		of=${line##* }
		progress "$((${line%% *} - 1))" "$of" "$first_line" "$release, $lane: lines done"
	fi
}

# run_qemu DIR WORDS: boot with the kernel command line WORDS.
run_qemu() {
	local dir="$1" words="$2" arg
	set -- "$qemu" -nodefaults -no-user-config -display none -no-reboot -machine "$(machine "$arch" machine)" -smp "$smp" -m "$mem"
	case $accel in
	tcg-icount)
		set -- "$@" -accel tcg -icount shift=0,sleep=off -cpu "$cpu" -rtc base=2026-01-01T00:00:00,clock=vm -seed 1
		;;
	*) set -- "$@" -accel "$accel" -cpu "$cpu" ;;
	esac
	# shellcheck disable=SC2046 # words of our own table
	set -- "$@" -kernel "$loaded" -initrd "$work/initrd" -append "$words" \
		-serial file:console.log $(machine "$arch" port_words)
	while IFS= read -r arg; do
		set -- "$@" "$arg"
	done <"$work/qemu_args"
	run_guest "$dir" "$@"
}

# run_guest DIR COMMAND...: console and port as files in DIR, the command's status in DIR/status: "stuck" if the guest
# never came up, 137 after the time limit, else "killed" if that was its end. Should this script be killed, timer and
# guest get the same.
run_guest() {
	local dir="$1" status=0 start first_line stuck=''
	shift
	start=$(seconds) first_line=$start
	{ quoted "$@" && echo; } >"$dir/qemu.cmd"
	(
		cd -- "$dir" || exit 126
		exec setpriv --pdeathsig KILL timeout -s KILL "$timeout" setpriv --pdeathsig KILL "$@"
	) </dev/null >"$dir/qemu.err" 2>&1 &
	qemu_pid=$!
	if ! await_boot "$dir" "$start"; then
		kill -KILL "$qemu_pid" 2>/dev/null || :
		stuck=1
	fi
	look_on "$qemu_pid" show_progress "$dir" "$start"
	wait "$qemu_pid" || status=$?
	qemu_pid=
	# The signal may have come from somebody else than the timer.
	[ "$status" != 137 ] || [ $(($(seconds) - start)) -ge "$timeout" ] || status=killed
	[ -z "$stuck" ] || status=stuck
	printf '%s\n' "$status" >"$dir/status"
}

# cpu_model: KVM and a process have the host's, and no other.
cpu_model() {
	case $accel in
	tcg-icount) machine "$arch" cpu_insn ;;
	tcg) machine "$arch" cpu_tcg ;;
	kvm | uml) echo host ;;
	esac
}
