#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# vm: --append slub_debug=Z --append init_on_alloc=0 --append init_on_free=1
# vm: --add kmod/tests/guest/tap.sh --add .cache/unit/tool --add bench-scripts/results.awk
# debug: none
# Slab debugging of all caches by one letter, and a kernel that clears what is freed.
# shellcheck source-path=SCRIPTDIR source=tap.sh
. /kab/tap.sh

main() {
	local size
	dmesg -c >/dev/null
	load
	is "a run" "$(put "allocs=kmalloc,kmem_cache sizes=100,8K samples=100")" ok
	like "the results say so" "$(grep '^meta' "$D/results")" " slub_debug_on=1 "
	ok "and summary" grep -x "warning: slab debugging takes the fast paths away" "$D/summary"
	is "once" "$(grep -c 'slab debugging' "$D/summary")" 1
	ok "what is cleared is said" grep "^warning: init_on_free=1 " "$D/summary"
	is "nothing is said of what is not cleared" "$(grep -c 'init_on_alloc=1' "$D/summary")" 0
	size=$(cat /sys/kernel/slab/kmalloc-8k/slab_size)
	like "an object of 8K takes what the kernel says, or a slab" \
		"$(sed -n 's/^fact alloc=kmalloc size=8192 .* slot=\([0-9]*\).*/\1/p' "$D/results")" "^($size|32768)\$"
	unload
	is "the kernel had nothing to say" "$(splats)" ""
	finish
}

main
