#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# vm: --append init_on_alloc=0
# vm: --add kmod/tests/guest/tap.sh --add .cache/unit/tool --add bench-scripts/results.awk
# debug: kcsan
# What the numbers say of themselves: for how many objects, from whose cache, promised or seen, blamed on what.
# KASAN keeps freed objects, and slub_debug has a cache for everybody: not on the kernel debug.
# shellcheck source-path=SCRIPTDIR source=tap.sh
. /kab/tap.sh

# facts: "alloc size key" of each fact line.
facts() {
	awk -v want="$1" '
	function value(key,   i) {
		for (i = 1; i <= NF; i++)
			if (index($i, key "=") == 1)
				return substr($i, length(key) + 2)
	}
	$1 == "fact" && value("size") != "" { print value("alloc"), value("size"), value(want) }' "$D/results"
}

# A cache like a dozen others is a cache of its own all the same: sysfs has a folder for it, and a link for one that was
# merged. It is there while a cell is measured.
own_cache() {
	local cache tries=0
	put "allocs=$1 sizes=$2 samples=10000000 budget_ms=60000 facts=none" >/tmp/stopped &
	while cache=$(find /sys/kernel/slab -name 'kallocbench-[0-9]*') && [ -z "$cache" ] && [ "$tries" -lt 100 ]; do
		tries=$((tries + 1))
		sleep 0.1
	done
	[ -n "$cache" ] && [ -d "$cache" ] && [ ! -L "$cache" ] && echo "own $(cat "$cache/object_size")"
	echo 1 >"$D/abort"
	wait
	# A busy host frees later than the write returns, and the next line would be refused: results wait for it.
	state >/dev/null
}

own_caches() {
	local alloc
	for alloc in kmem_cache kmem_cache_align kmem_cache_ctor kmem_cache_bulk; do
		is "$alloc of 192 lies in a cache of its own" "$(own_cache "$alloc" 192)" "own 192"
	done
}

# What was seen is what is promised, or more; the promise for other sizes than powers of two came with 6.12.
promises() {
	local other=8
	[ "$(uname -r | cut -d . -f 1)" -lt 7 ] && [ "$(uname -r | cut -d . -f 2)" -lt 12 ] || other=32
	is "all allocators" "$(put "allocs=all sizes=64,96,4K,64K samples=10")" ok
	facts promised >/tmp/promised
	facts align >/tmp/align
	ok "facts of all of them" test "$(wc -l </tmp/promised)" -ge 100
	is "no alignment that was seen is less than what is promised" \
		"$(paste -d ' ' /tmp/promised /tmp/align | awk '!($3 >= 1 && $6 >= $3 && $6 % $3 == 0)')" ""
	is "kmalloc promises 64 bytes their size" "$(grep '^kmalloc 64 ' /tmp/promised)" "kmalloc 64 64"
	is "and 96 what this version does" "$(grep '^kmalloc 96 ' /tmp/promised)" "kmalloc 96 $other"
	is "though 32 is seen" "$(grep '^kmalloc 96 ' /tmp/align)" "kmalloc 96 32"
	is "vmalloc promises a page" "$(grep '^vmalloc 65536 ' /tmp/promised)" "vmalloc 65536 4096"
	like "people see both" "$(head -n 1 "$D/properties")" "promised aligned"
}

many_objects() {
	is "rows of several objects a call" "$(put "allocs=kmem_cache,kmem_cache_bulk,alloc_pages_bulk sizes=64K samples=1000 facts=none")" ok
	is "a call is for 16 objects" "$(grep -c '^op .* objects=16$' "$D/results")" 2
	is "or comes in 16 pieces" "$(grep -c '^op .* pieces=16$' "$D/results")" 2
	is "all others for one" "$(grep -c '^op .* under=[0-9]*$' "$D/results")" 2
	is "summary says what one costs" "$(grep -c '^    16 objects a call: [0-9]* an object at the median$' "$D/summary")" 2
	is "and in how many pieces" "$(grep -c '^    in 16 pieces$' "$D/summary")" 2
	like "its first line" "$(head -n 1 "$D/summary")" "^kallocbench, in ns per call$"
	is "stretches" "$(put "allocs=kmalloc sizes=64 timing=batch calls=7 samples=100 facts=none")" ok
	is "are no calls" "$(head -n 1 "$D/summary")" "kallocbench, in ns"
	ok "but so many" grep -q '^each value is the cost of 7 calls, less that of an empty loop$' "$D/summary"
}

# on ALLOCATOR: whether this kernel has it; help says why not.
on() {
	! grep -q "^ *$1 .*needs" "$D/help"
}

# objects CACHE: allocated ones.
objects() {
	cut -d ' ' -f 1 "/sys/kernel/slab/$1/objects"
}

# What kfree_rcu() has only queued is back when the write returns: it is not freed in the next cell.
deferred() {
	local before after
	before=$(objects kmalloc-1k)
	# Fewer than make it begin at once: it would wait 5 s for more.
	is "300 objects freed by kfree_rcu" \
		"$(put "allocs=kfree_rcu sizes=1K patterns=batch depth=300 samples=300 warmup=0 budget_ms=60000 facts=none")" ok
	after=$(objects kmalloc-1k)
	ok "are back when the write returns: $before before, $after after" test "$after" -le $((before + 100))
	if ! on kfree_rcu_barrier; then
		is "where a batch cannot be waited for" "$(put "allocs=kfree_rcu_barrier sizes=64 patterns=batch")" EINVAL
		ok "it says so" grep -q 'needs kvfree_rcu_barrier' "$D/error"
		return 0
	fi
	is "batches that are waited for" \
		"$(put "allocs=kfree_rcu_barrier sizes=64 patterns=batch depth=100 samples=1000 budget_ms=60000 facts=none")" ok
	like "an op of its own, for the objects of a batch" "$(grep '^op .*op=settle' "$D/results")" " n=10 .* objects=100$"
	ok "summary says what is in it" grep -q '^    until 100 objects are back, a grace period in it$' "$D/summary"
	is "a pair does not wait" "$(put "allocs=kfree_rcu_barrier sizes=64")" EINVAL
	ok "it says what does" grep -q 'patterns=batch' "$D/error"
}

tails() {
	is "enough samples for p99.9" "$(put "allocs=vmalloc sizes=64 samples=20000 budget_ms=60000 facts=none")" ok
	is "the slowest lie above it" "$(grep -c '^tail .* above=p999 chunks=[0-9]* of=[12][0-9][0-9] ' "$D/results")" 2
	is "in at most one chunk for each" "$(awk '/^tail/ { sub(/.*chunks=/, ""); if ($1 > 20) print }' "$D/results")" ""
	like "summary says of how many" "$(cat "$D/summary")" "slow alloc, [0-9]+ of [12][0-9][0-9] chunks:"
	is "and no more than 80 columns" "$(awk 'length > 80' "$D/summary")" ""
}

# What a refusal asks for is not refused, too: no flags of vmalloc make it right in a softirq.
advice() {
	local alloc
	for alloc in vmalloc vzalloc; do
		is "$alloc with GFP_ATOMIC in a softirq" "$(put "allocs=$alloc sizes=64 flags=GFP_ATOMIC contexts=softirq")" EINVAL
		like "is told of the context" "$(cat "$D/error")" "$alloc may sleep: not in context softirq"
	done
	is "where flags are all that is wrong" "$(put "allocs=vmalloc sizes=64 flags=GFP_ATOMIC")" EINVAL
	like "they are named" "$(cat "$D/error")" "its flags need __GFP_DIRECT_RECLAIM"
}

main() {
	dmesg -c >/dev/null
	load
	own_caches
	promises
	many_objects
	deferred
	tails
	advice
	ok "the reader takes the results" awk -f /kab/results.awk -v table=ops,tail,fact "$D/results"
	unload
	is "the kernel had nothing to say" "$(dmesg | grep -c -E 'BUG|WARNING|Oops')" 0
	finish
}

main
