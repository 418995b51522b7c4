#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Clocks that go wrong: the module, built with such a clock, refuses or says what happened.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=kmod/tests/host.sh
. "$here/host.sh"

# faulty SERIES: the module with clocks/ in place of its clock.
faulty() {
	local kdir
	kdir=$("$top/bench-scripts/setup/kernel.sh" get "$1" | sed -n 's/^kdir=//p') && [ -n "$kdir" ] || return 1
	mkdir "$tmp/faulty"
	cp "$top"/kmod/Kbuild "$top"/kmod/*.[ch] "$top"/kmod/*.def "$tmp/faulty/"
	mv "$tmp/faulty/clock.h" "$tmp/faulty/sound_clock.h"
	cp "$here/clocks/clock.h" "$here/clocks/fault.c" "$tmp/faulty/"
	echo 'kallocbench-y += fault.o' >>"$tmp/faulty/Kbuild"
	make -s -C "$kdir" M="$tmp/faulty" CONFIG_DEBUG_INFO_BTF_MODULES= modules
	# It is loaded thirty times, and seven in eight of its bytes are for debuggers.
	strip --strip-debug "$tmp/faulty/kallocbench.ko"
}

# The third serial port and the file of QEMU's number are for stop().
guest() {
	: >"$tmp/marks"
	"$top/bench-scripts/vm.sh" --kernel "$1" --lane time --accel tcg --smp 2 --timeout 600 \
		--qemu-arg -serial --qemu-arg "file:$tmp/marks" --qemu-arg -pidfile --qemu-arg "$tmp/qemu.pid" \
		--script "$here/clocks/guest.sh" --add "$here/guest/tap.sh" --add "$tmp/faulty/kallocbench.ko:/kab/faulty.ko" \
		--add "$cache/unit/tool" --add "$top/bench-scripts/results.awk" --out "$tmp/out" &
	stop $!
	wait $!
}

# stop PID: when the guest asks for it, the machine stands still for 4 s; its TSC goes on. PID is what started it.
stop() {
	while ! grep -q running "$tmp/marks"; do
		kill -0 "$1" 2>/dev/null || return 0
		sleep 0.1
	done
	kill -STOP "$(cat "$tmp/qemu.pid")"
	sleep 4
	kill -CONT "$(cat "$tmp/qemu.pid")"
}

# relay FILE: the guest's TAP as lines of ours.
relay() {
	local line
	[ -s "$1" ] || say 1 "the guest said something"
	while IFS= read -r line; do
		case $line in
		'ok '*) say 0 "${line#ok * - }" ;;
		'not ok '*) say 1 "${line#not ok * - }" ;;
		'#'*) printf '%s\n' "$line" ;;
		esac
	done <"$1"
}

main() {
	local status=0
	make -s -C "$here" tool >&2
	faulty 6.12 >"$tmp/log" 2>&1 || status=$?
	say "$status" "the module builds with a clock that goes wrong" "$tmp/log"
	if [ "$status" = 0 ]; then
		guest 6.12 >"$tmp/log" 2>&1 || status=$?
		[ "$status" = 0 ] || [ "$status" = 1 ] || say "$status" "the guest" "$tmp/log"
		relay "$tmp/out/boot-1/script.out"
	fi
	echo "1..$tests"
	[ "$failed" = 0 ]
}

main "$@"
