#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Inside the guest of order.t: runs, and what the kernel's tracer saw of each as
# a file in /out. The events of slabs and pages are on from the start, by the
# command line: who turns them on later replaces code under running CPUs, which
# an old QEMU does not survive.
# shellcheck source-path=SCRIPTDIR source=../guest/tap.sh
. /kab/tap.sh

T=/sys/kernel/tracing
# No size that the module asks for itself.
LINE="allocs=kmalloc sizes=1234 budget_ms=120000"

# from_module: as a filter for events that say who called.
from_module() {
	awk '$1 == "kallocbench" { print $2, $6 }' /proc/modules | {
		read -r size start
		printf 'call_site >= %s && call_site < 0x%x\n' "$start" $((start + size))
	}
}

tracer() {
	mount -t tracefs tracefs "$T" || return
	echo 0 >"$T/tracing_on"
	# The order of the trace is that of the events, on all CPUs.
	echo counter >"$T/trace_clock"
	echo 16384 >"$T/buffer_size_kb"
	# Two pointers could have one hash.
	echo 0 >"$T/options/hash-ptr"
	from_module >"$T/events/kmem/kmalloc/filter" || return
	from_module >"$T/events/kmem/kfree/filter" || return
	# The pages are pinned by the thread that does the runs, with __GFP_NORETRY | __GFP_NOMEMALLOC.
	echo 'COMM == "kallocbench" && order == 4 && gfp_flags & 0x10000 && gfp_flags & 0x80000' >"$T/events/kmem/mm_page_alloc/filter" || return
	echo 'COMM == "kallocbench" && order == 0' >"$T/events/kmem/mm_page_free/filter" || return
}

# What the workers do between their objects.
marks() {
	{
		echo 'p:kab/cell kallocbench:kab_mark_cell'
		echo 'p:kab/sample kallocbench:kab_mark_sample'
		echo 'p:kab/warmup kallocbench:kab_mark_warmup'
		echo 'p:kab/drain kallocbench:kab_calls_drain'
	} >"$T/kprobe_events" || return
	echo 1 >"$T/events/kab/enable"
}

# traced FILE WORDS
traced() {
	local got
	echo >"$T/trace"
	echo 1 >"$T/tracing_on"
	got="$(put "$LINE $2") $(state)"
	echo 0 >"$T/tracing_on"
	cat "$T/trace" >"/out/$1"
	is "$2" "$got" "ok done"
}

# seeded FILE WORDS: twice with one seed, once with another.
seeded() {
	traced "$1-7" "$2 seed=7"
	traced "$1-7-again" "$2 seed=7"
	traced "$1-8" "$2 seed=8"
}

main() {
	local few="samples=200 warmup=300 depth=40"
	dmesg -c >/dev/null
	load
	ok "the tracer is set up" tracer
	ok "the marks are set" marks
	traced remote-2 "patterns=remote cpus=0-1 samples=100 warmup=0"
	traced remote-4 "patterns=remote cpus=0-3 samples=100 warmup=0"
	seeded churn "patterns=churn $few"
	seeded sizes "patterns=churn mix=3 $few"
	seeded batch "patterns=batch order=random $few"
	# Deeper than a chunk of 128.
	traced fifo "patterns=batch order=fifo samples=400 depth=200"
	traced lifo "patterns=batch order=lifo samples=400 depth=200"
	seeded fragmented "patterns=fragmented share=1 samples=10 warmup=0"
	echo 0 >"$T/events/kab/enable"
	echo >"$T/kprobe_events"
	ok "the module unloads" unload
	is "the kernel had nothing to say" "$(splats)" ""
	finish
}

main
