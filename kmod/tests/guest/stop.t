#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# vm: --smp 2 --mem 1G --append init_on_alloc=0
# vm: --add kmod/tests/guest/tap.sh --add kmod/tests/guest/stop.sh --add .cache/unit/tool --add .cache/unit/stopwatch
# vm: --add bench-scripts/results.awk
# A write to run is back soon after the run was stopped, whatever that holds or whoever has its CPU; meanwhile the
# files say so. Of some tries the shortest counts: the host of an emulator has other things to do.
# shellcheck source-path=SCRIPTDIR source=stop.sh
. /kab/stop.sh

quickly() {
	phase "$@"
	ok "$1: the write is back after $((least / 1000)) ms" test "$least" -le "$LIMIT_US"
}

phases() {
	# First of all, while the emulator translates the parser: later that takes less than a millisecond. On a busy host
	# the first try may come before the write does, and stops nothing.
	quickly "a line that is being parsed" "" "1 3" "allocs=null sizes=1..65536+1 samples=1 warmup=0 facts=none"
	quickly "samples" "" "100 200 300" "allocs=kmalloc sizes=64 samples=10000000 budget_ms=60000"
	quickly "a signal" "-s 10" "100 200 300" "allocs=kmalloc sizes=64 samples=10000000 budget_ms=60000"
	quickly "65,536 cells left" "" "300 400" "allocs=kmalloc sizes=1..65536+1 samples=2 warmup=0 facts=none"
	quickly "a million objects" "" "700 900 1100 1500" \
		"allocs=kmalloc sizes=8 patterns=batch depth=1000000 samples=10000000 budget_ms=60000 facts=none"
	quickly "300 MB in pages" "" "500 700 900 1500" \
		"allocs=alloc_pages sizes=4K patterns=batch depth=80000 samples=10000000 budget_ms=60000 facts=none"
	quickly "fragmented memory" "" "300 500 700" \
		"allocs=kmalloc sizes=4M patterns=fragmented share=45 samples=10000000 budget_ms=60000 facts=none"
	quickly "a hog on the worker's CPU" "-h 0" "200 300" \
		"allocs=kmalloc sizes=64 samples=10000000 budget_ms=60000 cpus=0"
	is "65,536 cells are all accounted for" "$(
		put "allocs=null sizes=1..65536+1 samples=10000000 budget_ms=60000" &
		wait_for 20 running
		echo 1 >"$D/abort"
		wait $!
		cells .
	)" "ECANCELED
65536"
	like "and those that were not started are one line of the summary" "$(cat "$D/summary")" "[0-9]+ of them were not started"
}

# What can be seen between the return of the write and the end of the freeing: there may be a moment too short to see.
while_freeing() {
	local line="allocs=alloc_pages sizes=4K patterns=batch depth=80000 samples=10000000 budget_ms=60000 facts=none"
	/kab/tool -a 2000 write "$D/run" "$line" >/tmp/answer
	/kab/tool write "$D/run" "allocs=null sizes=8 samples=10" >>/tmp/answer
	is "the write is told of the end" "$(head -n 1 /tmp/answer | cut -d ' ' -f 1)" ECANCELED
	case $(sed -n '2s/ .*//p' /tmp/answer) in
	EBUSY) like "the next line is told why it has to wait" "$(cat "$D/error")" "freeing" ;;
	*) is "or the next one runs" "$(state)" "done" ;;
	esac
	wait_for 60 settled
}

lonely_newline() {
	local before
	is "a line for later" "$(put "allocs=null sizes=8 samples=10 budget_ms=60000")" ok
	before=$(cat "$D/results" "$D/run" | md5sum)
	is "an empty line is refused" "$(put " ")" EINVAL
	like "with what to write instead" "$(cat "$D/error")" "write .defaults. to run the defaults"
	awk 'BEGIN { for (i = 0; i < 5000; i++) printf "," }' >/tmp/commas
	printf '%s\n' "$(cat /tmp/commas)" >"$D/run" 2>/dev/null
	like "what was said about a long line outlives its newline" "$(cat "$D/error")" "4095"
	is "and the last results do" "$(cat "$D/results" "$D/run" | md5sum)" "$before"
	is "another line is refused by itself" "$(put "bogus")" EINVAL
	like "with its own sentence" "$(cat "$D/error")" "bogus"
	is "memory that is not there is EFAULT" "$(/kab/tool fault "$D/run" 20 | cut -d ' ' -f 1)" EFAULT
	like "which is said, too" "$(cat "$D/error")" "memory"
	is "defaults runs the defaults" "$(put "defaults") $(cells .)" "ok 40"
}

# stopped_by SIGNAL: what it does to a run in the background.
stopped_by() {
	/kab/tool write "$D/run" "allocs=kmalloc sizes=64 samples=10000000 budget_ms=60000" >/tmp/answer &
	wait_for 10 running
	kill "-$1" $!
	ok "SIG$1 stops a run" wait_for 10 settled
	kill -CONT $!
	wait $!
	is "and its write is told when it goes on" "$(cut -d ' ' -f 1 /tmp/answer) $(state)" "ECANCELED aborted"
}

# frozen: the cgroup freezer.
frozen() {
	local group=/tmp/cgroup/kab
	mkdir -p /tmp/cgroup
	if ! mount -t cgroup2 none /tmp/cgroup || ! mkdir "$group"; then
		skip "the freezer stops a run" "there is no cgroup2"
		return 0
	fi
	/kab/tool write "$D/run" "allocs=kmalloc sizes=64 samples=10000000 budget_ms=60000" >/tmp/answer &
	wait_for 10 running
	echo $! >"$group/cgroup.procs"
	echo 1 >"$group/cgroup.freeze"
	ok "the freezer stops a run" wait_for 10 settled
	echo 0 >"$group/cgroup.freeze"
	wait $!
	is "and its write is told when it goes on" "$(cut -d ' ' -f 1 /tmp/answer) $(state)" "ECANCELED aborted"
}

main() {
	dmesg -c >/dev/null
	load
	lonely_newline
	phases
	while_freeing
	stopped_by STOP
	frozen
	ok "the module unloads" unload
	is "the kernel had nothing to say" "$(splats)" ""
	finish
}

main
