#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# vm: --append slub_debug=FZ,kmalloc-1k;U,kmalloc-64;F,kmalloc-2k --append page_owner=on
# vm: --add kmod/tests/guest/tap.sh --add .cache/unit/tool --add bench-scripts/results.awk --add bench-scripts/collect.sh
# vm: --add bench-scripts/lib/lib.sh
# debug: none
# Slab debugging of some caches, and a kernel that clears what it allocates: both are said, and what an object takes
# is what it takes.
# shellcheck source-path=SCRIPTDIR source=tap.sh
. /kab/tap.sh

# meta KEY: of the last results.
meta() {
	sed -n 's/^meta //p' "$D/results" | tr ' ' '\n' | sed -n "s/^$1=//p"
}

# slot SIZE: what a fact says that an object of kmalloc takes; waste SIZE: percent.
slot() {
	sed -n "s/^fact alloc=kmalloc size=$1 .* slot=\([0-9]*\).*/\1/p" "$D/results"
}

waste() {
	sed -n "s/^fact alloc=kmalloc size=$1 .* waste=\([0-9]*\).*/\1/p" "$D/results"
}

# slab_size CACHE: what the kernel says.
slab_size() {
	cat "/sys/kernel/slab/$1/slab_size"
}

takes() {
	local size
	for size in 64 512 1024 2048; do
		case $size in
		[12]*) name=kmalloc-$((size / 1024))k ;;
		*) name=kmalloc-$size ;;
		esac
		is "kmalloc $size takes what $name says" "$(slot $size)" "$(slab_size $name)"
		is "and wastes the rest" "$(waste $size)" $((100 * ($(slab_size $name) - size) / $(slab_size $name)))
	done
	is "of kmalloc-1k two thirds" "$(waste 1024)" 66
}

collected() {
	local out=/tmp/out/result-01.txt
	sh /kab/collect.sh --guest --out /tmp/out 'allocs=kmalloc sizes=64 samples=10' >/tmp/said 2>&1 || cat /tmp/said
	like "collect.sh says which letters" "$(grep '^meta slab_debug=' $out)" "F:kmalloc-2k"
	like "and which caches" "$(grep '^meta slab_debug=' $out)" "FZ:kmalloc-1k"
	ok "the reader takes it" whole $out
}

main() {
	dmesg -c >/dev/null
	load
	is "a run" "$(put "allocs=kmalloc sizes=64,512,1K,2K samples=100")" ok
	is "not all caches are debugged" "$(meta slub_debug_on)" 0
	is "these of kmalloc are" "$(meta slub_debug_kmalloc)" 64,1024
	ok "summary says so" grep -x "warning: slab debugging of kmalloc 64,1024" "$D/summary"
	ok "and the results" grep -x 'warning text=slab\\040debugging\\040of\\040kmalloc\\04064,1024' "$D/results"
	ok "what is cleared is said" grep "^warning: init_on_alloc=1 " "$D/summary"
	is "summary has at most 80 columns" "$(awk 'length > 80' "$D/summary")" ""
	ok "the reader takes it" whole "$D/results"
	takes
	collected
	unload
	is "the kernel had nothing to say" "$(splats)" ""
	finish
}

main
