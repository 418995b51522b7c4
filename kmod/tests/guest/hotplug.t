#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# In the guest, with two CPUs: one goes away under a run.
# vm: --smp 2 --add kmod/tests/guest/robust.sh
# shellcheck disable=SC2317 source=kmod/tests/guest/robust.sh
. /kab/robust.sh

cpu1=/sys/devices/system/cpu/cpu1/online

if [ ! -w "$cpu1" ]; then
	skip "a CPU goes away under a run" "CPU 1 cannot be taken away"
	finish
fi

# unplugged LINE: takes CPU 1 away while LINE runs in the background; the code of the write is in /tmp/code.
unplugged() {
	{ echo "$1" >"$dir/run"; } 2>/tmp/said &
	while ! grep -q 'state=running' "$dir/status"; do
		[ -d "/proc/$!" ] || break
	done
	usleep 100000
	echo 0 >"$cpu1" 2>/tmp/offline.said
	code=0
	wait $! || code=$?
	echo 1 >"$cpu1"
}

# Either the CPU cannot go while the run lasts, or the run ends with EIO and says why.
kept_or_told() {
	unplugged "$1"
	cat /tmp/said /tmp/offline.said "$dir/error"
	if [ "$code" = 0 ]; then
		[ -s /tmp/offline.said ]
	else
		grep -q 'nput/output error' /tmp/said && grep -q 'CPU .*went away' "$dir/error" &&
			ended failed
	fi
}

unharmed() {
	unplugged "$1"
	cat /tmp/said "$dir/error"
	[ "$code" = 0 ] && ended "done"
}

# Both workers leave: the one whose CPU went away takes the other's numbers with it.
lost_at_once() {
	local since took
	since=$(cut -d . -f 1 /proc/uptime)
	unplugged "$1"
	took=$(($(cut -d . -f 1 /proc/uptime) - since))
	cat /tmp/said /tmp/offline.said "$dir/error"
	echo "it took $took s"
	[ -s /tmp/offline.said ] || { grep -q 'CPU .*went away' "$dir/error" && [ "$took" -lt 20 ]; }
}

absent() {
	echo 0 >"$cpu1"
	refused 'nvalid argument' "cpus=1 sizes=64"
	local code=$?
	echo 1 >"$cpu1"
	return "$code"
}

storm() {
	local i=0
	while [ "$i" -lt 30 ]; do
		echo 0 >"$cpu1"
		echo 1 >"$cpu1"
		i=$((i + 1))
	done 2>/dev/null &
	while [ -d "/proc/$!" ]; do
		sh -c 'echo "cpus=all sizes=64,4096 samples=1000 budget_ms=50 contexts=all" >"$1"' sh "$dir/run"
	done 2>/tmp/said
	sort /tmp/said | uniq -c
	echo 1 >"$cpu1" 2>/dev/null
	! grep -v -e 'nput/output error' -e 'nvalid argument' /tmp/said
}

check "the module loads" insmod "$module"
leaks_begin
check "a CPU that is not online is refused" absent
check "a worker's CPU goes away" kept_or_told "cpus=1 sizes=64 samples=10000000 budget_ms=3000"
check "one of two workers' CPUs goes away" kept_or_told "cpus=0-1 sizes=64 samples=10000000 budget_ms=3000"
check "a run that is lost ends at once, not with its budget" \
	lost_at_once "patterns=remote cpus=0,1 allocs=kmalloc sizes=64 samples=10000000 budget_ms=60000"
check "a CPU without a worker goes away: nothing happens" \
	unharmed "cpus=0 sizes=64 samples=10000000 budget_ms=2000"
check "finished cells are kept" kept_or_told "cpus=1 sizes=64,128,256,512 samples=1000000 budget_ms=700"
check "runs while a CPU comes and goes" storm
check "a plain run works afterwards" run "cpus=all sizes=64 samples=100"
check "and is done" ended "done"
check "the module unloads" rmmod kallocbench
check "the kernel's log shows no bug" no_marks
check "nothing leaked" no_leaks
finish
