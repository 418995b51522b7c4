#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# vm: --smp 2 --mem 1G
# vm: --add kmod/tests/guest/tap.sh --add .cache/unit/tool --add bench-scripts/results.awk
# Runs on a booted kernel: every allocator, one run at a time, how a run is
# stopped, results of any length, and that nothing stays behind.
# shellcheck source-path=SCRIPTDIR source=tap.sh
. /kab/tap.sh

LONG="allocs=kmalloc sizes=64 samples=10000000 budget_ms=60000"
SHORT="allocs=kmalloc sizes=64 samples=100 budget_ms=60000"

# every_allocator: at least one cell of each is measured, and no other state
# than measured or skipped with a reason.
every_allocator() {
	local name
	is "all allocators run" "$(put "allocs=all sizes=64,4K samples=40 warmup=0 budget_ms=60000")" ok
	ok "the reader takes the results" whole "$D/results"
	is "no cell but ok and skipped" "$(cells 'state=(failed|aborted|short)')" 0
	is "what is skipped says why" "$(cells 'state=skipped')" "$(cells 'state=skipped .*reason=[^ ]')"
	ok "help lists allocators" test "$(allocators | wc -l)" -ge 8
	for name in $(allocators); do
		# It waits for batches, and is measured in said.t.
		[ "$name" != kfree_rcu_barrier ] || continue
		ok "$name is measured" grep -q "^cell .* alloc=$name .* state=ok" "$D/results"
	done
}

# start LINE: a run in the background; its answer goes to /tmp/answer.
start() {
	rm -f /tmp/answer
	/kab/tool write "$D/run" "$1" >/tmp/answer &
	writer=$!
	wait_for 10 running
}

# ended: what the tool said of the background run.
ended() {
	wait "$writer" 2>/dev/null
	cut -d ' ' -f 1 /tmp/answer
}

one_at_a_time() {
	local before
	put "$SHORT" >/dev/null
	before=$(md5sum <"$D/results")
	ok "a long run starts" start "$LONG"
	like "status of a run" "$(cat "$D/status")" "^state=running cell=0/1 percent=[0-9]+ eta_ms=[0-9]+ held_bytes=[0-9]+"
	is "a second writer is sent away" "$(put "$SHORT")" EBUSY
	like "and told so" "$(cat "$D/error")" "run"
	is "the defaults are sent away, too" "$(put "defaults")" EBUSY
	is "syntax comes before EBUSY" "$(put "bogus")" EINVAL
	is "results are the last ones meanwhile" "$(md5sum <"$D/results")" "$before"
	not_ok "the module cannot be unloaded under a run" unload
	is "abort is taken" "$(answer write "$D/abort" 1)" ok
	ok "the run ends" wait_for 10 idle
	is "the writer learns of it" "$(ended)" ECANCELED
	is "the results say aborted" "$(state)" aborted
	like "status says aborted" "$(cat "$D/status")" "^state=aborted"
	ok "the reader takes aborted results" whole "$D/results"
	like "samples so far are kept" "$(cat "$D/results")" "^op .* n=[1-9]"
	is "the next run is not aborted" "$(put "$SHORT") $(state)" "ok done"
}

# Whatever signal reaches the writer, and whatever it does with it.
signals() {
	/kab/tool -a 300 write "$D/run" "$LONG" >/tmp/answer
	is "a signal with SA_RESTART ends a run" "$(cut -d ' ' -f 1 /tmp/answer)" ECANCELED
	is "and its results are aborted ones" "$(state)" aborted
	ok "a run starts" start "$LONG"
	kill -INT "$writer"
	ok "Ctrl-C ends it" wait_for 10 idle
	wait "$writer" 2>/dev/null
	ok "a run starts" start "$LONG"
	kill -KILL "$writer"
	ok "kill -9 ends it" wait_for 10 idle
	wait "$writer" 2>/dev/null
	is "the next run is whole" "$(put "$SHORT") $(state)" "ok done"
	ok "a run of many cells starts" start "allocs=kmalloc sizes=1..9000+1 samples=2000"
	ok "and comes to its second cell" wait_for 60 grep -q 'cell=[1-9]' "$D/status"
	kill -TERM "$writer"
	ok "it is stopped in the middle" wait_for 10 idle
	wait "$writer" 2>/dev/null
	is "and says so" "$(state)" aborted
	ok "its finished cells are kept" test "$(cells 'state=(ok|short)')" -gt 0
	ok "the others are there, unstarted" test "$(cells 'state=aborted .*reason=')" -gt 0
	is "all cells are accounted for" "$(cells .)" "$(sed -n 's/^end cells=\([0-9]*\).*/\1/p' "$D/results")"
	ok "the reader takes them" whole "$D/results"
}

# Results of any length in one cat and in one read(2), and one run from open to close.
long_results() {
	local bytes
	put "allocs=kmalloc,vmalloc sizes=8..8K+16 samples=2 warmup=0" >/dev/null
	cat "$D/results" >/tmp/by_cat
	bytes=$(wc -c </tmp/by_cat)
	ok "results of $bytes bytes are long" test "$bytes" -gt 65536
	is "one read(2) of 4 MiB has all" "$(/kab/tool read "$D/results" 4194304 0 2>&1 >/tmp/by_read | cut -d ' ' -f 1,2)" "ok $bytes"
	ok "cat and read agree" cmp /tmp/by_cat /tmp/by_read
	dd if="$D/results" bs=1 count=3 skip=70000 2>/dev/null >/tmp/by_byte
	dd if=/tmp/by_cat bs=1 count=3 skip=70000 2>/dev/null >/tmp/want
	ok "a piece from the middle is right" cmp /tmp/by_byte /tmp/want
	dd if="$D/results" bs=4095 2>/dev/null >/tmp/by_dd
	ok "odd reads add up" cmp /tmp/by_cat /tmp/by_dd
	ok "the reader takes them" whole /tmp/by_cat
	exec 3<"$D/results"
	head -c 100 <&3 >/tmp/held
	put "$SHORT" >/dev/null
	cat <&3 >>/tmp/held
	not_ok "an open file keeps the module" unload
	exec 3<&-
	ok "an open file is one run" cmp /tmp/by_cat /tmp/held
}

# What is not legal, or does not fit, is a skipped cell when others are left.
skipped() {
	is "a mixed plan runs" "$(put "allocs=kmalloc,vmalloc sizes=4K,64M flags=GFP_KERNEL,GFP_ATOMIC,GFP_DMA32 samples=3 warmup=0 budget_ms=60000")" ok
	is "kmalloc of 64 MiB is skipped" "$(cells 'alloc=kmalloc size=67108864 .*state=skipped .*reason=')" 3
	is "vmalloc that may not sleep is skipped" "$(cells 'alloc=vmalloc .*GFP_ATOMIC.*state=skipped .*reason=')" 2
	is "kmalloc of GFP_DMA32 is skipped" "$(cells 'alloc=kmalloc .*GFP_DMA32.*state=skipped .*reason=')" 2
	is "the rest is measured" "$(cells 'state=ok')" 4
	is "skipped cells have no op" "$(grep -c '^op ' "$D/results")" 8
	put "allocs=kmalloc,null sizes=8K samples=10 touch=line budget_ms=60000" >/dev/null
	is "touch is an op of its own" "$(grep -c '^op cell=0 op=\(alloc\|touch\|retouch\|free\) n=10 ' "$D/results")" 4
	put "allocs=vmalloc sizes=1M samples=100000 budget_ms=50" >/dev/null
	like "a cell out of budget is short" "$(grep '^cell ' "$D/results")" "state=short .*reason="
	ok "the reader takes a short cell" whole "$D/results"
}

totals() {
	awk '$1 == "SUnreclaim:" || $1 == "VmallocUsed:" { sum += $2 } END { print sum }' /proc/meminfo
}

# cycles N: load, run, unload.
cycles() {
	local i
	i=0
	while [ "$i" -lt "$1" ]; do
		load || return 1
		[ $((i % 10)) -ne 0 ] || [ "$(put "allocs=kmalloc,vmalloc sizes=64,64K samples=50")" = ok ] || return 1
		unload || return 1
		i=$((i + 1))
	done
}

nothing_stays() {
	local before after most=512
	! quarantines || most=8192
	before=$(totals)
	not_ok "3000 refused lines" /kab/tool -n 3000 write "$D/run" "allocs=nope"
	after=$(totals)
	ok "cost no memory: $((after - before)) KiB" test $((after - before)) -lt "$most"
	unload
	ok "10 cycles of load, run, unload" cycles 10
	before=$(totals)
	ok "50 more" cycles 50
	after=$(totals)
	ok "leave no memory behind: $((after - before)) KiB" test $((after - before)) -lt "$most"
	is "no cache and no mapping is left" "$(cat /proc/slabinfo /proc/vmallocinfo | grep -c kallocbench)" 0
	is "the kernel had nothing to say" "$(splats)" ""
	not_ok "lane=bogus is refused" load lane=bogus
	like "with a sentence" "$(splats)" "lane=bogus"
	not_ok "lane=insn is refused where the clock counts time" load lane=insn
	like "with a sentence" "$(splats)" "lane=insn: this clock does not count instructions: 1000 of them took [0-9-]* ticks"
}

main() {
	dmesg -c >/dev/null
	load
	every_allocator
	one_at_a_time
	signals
	long_results
	skipped
	nothing_stays
	is "and had none to the end nothing to say" "$(splats)" ""
	finish
}

main
