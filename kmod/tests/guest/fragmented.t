#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# vm: --smp 2 --mem 1G --append init_on_alloc=0
# vm: --add kmod/tests/guest/tap.sh --add .cache/unit/tool --add bench-scripts/results.awk
# Pattern fragmented does what it is called: no block of the order is left, or the cell says how many are.
# shellcheck source-path=SCRIPTDIR source=tap.sh
. /kab/tap.sh

QUICK="samples=40 warmup=0 budget_ms=60000 facts=none"

# word KEY PATTERN: of the first cell line that matches.
word() {
	grep -E "^cell .*$2" "$D/results" | sed -n "1s/.* $1=\([^ ]*\).*/\1/p"
}

# median CELL: ticks of its allocations.
median() {
	sed -n "s/^op cell=$1 op=alloc .* p50=\([0-9]*\).*/\1/p" "$D/results"
}

# free_blocks WHEN: of order 10, in the zones of the buddy lines.
free_blocks() {
	sed -n "s/^buddy .* when=$1 .*,\([0-9]*\)$/\1/p" "$D/results" | awk '{ n += $1 } END { print n + 0 }'
}

# kmalloc fails, or has the kernel compact memory for it: which, is the kernel's affair.
largest_blocks() {
	is "4 MiB in pieces" "$(put "allocs=kmalloc,kvmalloc sizes=4M patterns=fragmented share=45 $QUICK")" ok
	is "no block of order 10 is left" "$(word frag_order alloc=kmalloc) $(word frag_left alloc=kmalloc) $(free_blocks pinned)" "10 0 0"
	ok "there were some before" test "$(free_blocks before)" -gt 20
	is "kvmalloc falls, each time" "$(word fell alloc=kvmalloc) $(word fail alloc=kvmalloc)" "$(word looked alloc=kvmalloc) 0"
	like "and is seen to" "$(word fell alloc=kvmalloc)" "^[1-9]"
	ok "at a price: $(median 1) ticks, $piece in one piece" test "$(median 1)" -gt "$piece"
	like "summary says so" "$(tr -s ' \n' ' ' <"$D/summary")" "free blocks of order 10 left; [1-9][0-9]* of [0-9]+ objects came from vmalloc"
	ok "the reader takes it" whole "$D/results"
}

nothing_falls() {
	is "4 MiB in one piece" "$(put "allocs=kmalloc,kvmalloc sizes=4M $QUICK")" ok
	is "kmalloc does not fail" "$(word fail alloc=kmalloc)" 0
	is "and kvmalloc does not fall" "$(word fell alloc=kvmalloc)" 0
	piece=$(median 1)
	is "stretches of pairs are not looked at" \
		"$(put "allocs=kvmalloc sizes=64K timing=batch calls=2 $QUICK") $(word fell .)" "ok "
}

# One page of each block is enough, and the block is whole again when that is freed.
a_small_share() {
	is "a percent is enough for 4 MiB" "$(put "allocs=kmalloc sizes=4M patterns=fragmented share=1 $QUICK")" ok
	is "no block of order 10 is left, either" "$(word frag_left .)" 0
	ok "most of them are back afterwards: $(free_blocks after) of $(free_blocks before)" \
		test $(($(free_blocks after) * 4)) -gt $(($(free_blocks before) * 3))
	is "but not for 64 KiB" "$(put "allocs=kmalloc sizes=64K patterns=fragmented share=1 $QUICK")" ok
	like "which it says" "$(grep '^cell ' "$D/results")" "state=short .*blocks.*of.*order.*4.*left.*share=1.*frag_left=[1-9]"
	ok "to people, too" grep -q 'share=1 was used up' "$D/summary"
}

# It is of what half is counted of, and not of what the kernel keeps for itself: that is more after memory was cut up
# (watermark_boost).
the_largest_share() {
	local admitted=0
	for _ in 1 2 3 4 5 6; do
		put "allocs=kmalloc sizes=64K patterns=fragmented share=1 $QUICK" >/dev/null
		[ "$(put "allocs=kmalloc sizes=16K,32K patterns=fragmented share=45 $QUICK")" != ok ] ||
			admitted=$((admitted + 1))
	done
	is "the largest share is admitted, each time" "$admitted" 6
}

# The kernel kills for blocks of up to 32 KiB: some stay, and it is said.
others_have_theirs() {
	is "16 KiB in pieces" "$(put "allocs=kmalloc sizes=16K,32K patterns=fragmented share=45 $QUICK")" ok
	is "blocks are left for others, which is said" "$(cells 'state=short .*others.*frag_left=[1-9]')" 2
	is "nobody was killed" "$(grep -c '^oom_kill [^0]' /proc/vmstat)" 0
}

main() {
	dmesg -c >/dev/null
	load
	nothing_falls
	largest_blocks
	a_small_share
	the_largest_share
	others_have_theirs
	ok "the module unloads" unload
	is "the kernel had nothing to say" "$(splats)" ""
	finish
}

main
