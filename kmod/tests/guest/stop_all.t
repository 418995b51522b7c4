#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# slow
# kernels: 6.12
# debug: none
# vm: --smp 2 --mem 1G --append init_on_alloc=0
# vm: --add kmod/tests/guest/tap.sh --add kmod/tests/guest/stop.sh --add .cache/unit/tool --add .cache/unit/stopwatch
# How long each phase of a run takes to stop: the table of results/reference/stop.md. Wants a host with nothing else to do.
# shellcheck source-path=SCRIPTDIR source=stop.sh
. /kab/stop.sh

row() {
	phase "$@"
	ok "$1: the longest is $((most / 1000)) ms" test "$most" -le "$LIMIT_US"
	# shellcheck disable=SC2016 # the backquotes are Markdown's
	printf '| %s | `%s` | %d | %d | %d |\n' "$1" "$4" "$tries" "$((most / 1000))" "$((longest / 1000))" >>/tmp/table
}

LONG="samples=10000000 budget_ms=60000"

before_samples() {
	row "admission of 65,536 cells" "" "1 20 60" "allocs=kmalloc sizes=1..65536+1 samples=1 warmup=0 facts=none"
	row "clock calibration" "" "1 3 6 12" "allocs=null sizes=8 $LONG"
	row "facts of a large object" "" "20 100 300" "allocs=vmalloc sizes=200M $LONG"
	row "search for the largest size" "" "20 100 200 400" "allocs=vmalloc,kvmalloc sizes=64 $LONG facts=all"
	row "warm-up" "" "50 300 900" "allocs=kmalloc sizes=64 $LONG warmup=10000000 facts=none"
	row "filling the slots of churn" "" "50 300 900" "allocs=kmalloc sizes=64 patterns=churn depth=1000000 $LONG facts=none"
	row "pinning" "" "50 150 300 500" "allocs=kmalloc sizes=4M patterns=fragmented share=45 $LONG facts=none"
}

samples() {
	row "samples" "" "50 300 900" "allocs=kmalloc sizes=64 $LONG"
	row "samples, a signal" "-s 10" "50 300 900" "allocs=kmalloc sizes=64 $LONG"
	row "stretches" "" "100 300 900" "allocs=kmalloc sizes=64 timing=batch calls=10000 $LONG"
	row "remote, two workers" "" "100 300" "allocs=kmalloc sizes=64 patterns=remote cpus=0,1 $LONG"
	row "eviction" "" "50 100 300" "allocs=kmalloc sizes=64 patterns=cold $LONG"
	row "touching 64 MiB" "" "200 700 1100" "allocs=vmalloc sizes=64M touch=line $LONG facts=none"
	row "hard interrupts" "" "100 300" "allocs=kmalloc sizes=64 contexts=hardirq flags=GFP_ATOMIC $LONG"
	row "a hog on the worker's CPU" "-h 0" "100 200 300" "allocs=kmalloc sizes=64 cpus=0 $LONG"
	row "a hog on the other CPU" "-h 1" "100 200 300" "allocs=kmalloc sizes=64 cpus=0 $LONG"
}

freeing() {
	row "a million objects of 8 B" "" "200 700 1500" "allocs=kmalloc sizes=8 patterns=batch depth=1000000 $LONG facts=none"
	row "300 MB in pages" "" "200 500 1500" "allocs=alloc_pages sizes=4K patterns=batch depth=80000 $LONG facts=none"
	row "30,000 objects of vmalloc" "" "500 1500 3000" "allocs=vmalloc sizes=4K patterns=batch depth=30000 $LONG facts=none"
	row "exhaust" "" "200 700 1500" "allocs=kmalloc sizes=4K patterns=exhaust bytes=200M $LONG facts=none"
	row "a cache of 300,000 objects" "" "200 700 1500" "allocs=kmem_cache sizes=256 patterns=batch depth=300000 $LONG facts=none"
	row "kfree_rcu, waiting for others" "" "200 700" "allocs=kfree_rcu sizes=4K patterns=batch depth=30000 $LONG facts=none"
	row "unpinning" "" "600 900 1200" "allocs=kmalloc sizes=4M patterns=fragmented share=45 $LONG facts=none"
	row "percpu" "" "200 700" "allocs=percpu sizes=64 patterns=batch depth=20000 $LONG facts=none"
}

after_samples() {
	row "65,536 cells left" "" "300 900" "allocs=kmalloc sizes=1..65536+1 samples=2 warmup=0 facts=none"
	row "results of many cells" "" "3000" "allocs=null sizes=1..65536+1 samples=1 warmup=0 facts=none"
	row "caches made and destroyed" "" "300 900 1500" "allocs=kmem_cache,mempool sizes=8..8K+8 samples=2 warmup=0 facts=none"
}

main() {
	dmesg -c >/dev/null
	load
	before_samples
	samples
	freeing
	after_samples
	ok "the module unloads" unload
	is "the kernel had nothing to say" "$(splats)" ""
	cp /tmp/table /out/table
	finish
}

main
