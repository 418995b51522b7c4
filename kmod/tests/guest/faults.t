#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# In the guest, on a kernel with fault injection: each allocation of the module fails once, and each place that allocates.
# vm: --smp 2 --timeout 3600 --add kmod/tests/guest/robust.sh --add .cache/unit/faults --allow page.allocation.failure|FAULT_INJECTION
# slow
# debug: debug gcov
# shellcheck disable=SC2317 source=kmod/tests/guest/robust.sh
. /kab/robust.sh

if [ ! -d /sys/kernel/debug/failslab ]; then
	skip "every allocation point fails once" "this kernel has no fault injection"
	finish
fi

# The allocators that keep something of their own, as far as this kernel has them.
with_state() {
	local name
	insmod "$module"
	for name in kmem_cache mempool vmap gen_pool dma_pool dma_coherent kmem_buckets; do
		grep "^ *$name " "$dir/help" | grep -q 'not on this kernel' || printf '%s,' "$name"
	done | sed 's/,$//'
	rmmod kallocbench
}

# All but fragmented, which asks for each block that it pins: it gets a line of its own and a small share.
busy=pair,batch,churn,remote,cold,exhaust

# What counts events is come to where there is a PMU only, which no emulated x86 has.
pmu=/sys/bus/event_source/devices/cpu
counting='' uncounted='site=[^ ]*(counters|event)[^ ]* '
if [ -d "$pmu" ]; then
	counting='counters=instructions timing=batch' uncounted='^$'
fi

# kmalloc_array() is an inline function that is not always inlined into its timed loop: a place of its own then. 400 objects
# of 64K are a share of memory large enough for the module to try what one takes.
sweep() {
	/kab/faults "$module" \
		"sizes=64 samples=5 warmup=0 budget_ms=50 allocs=kmalloc,kmalloc_array,vmalloc $counting" \
		"sizes=64 samples=5 warmup=0 budget_ms=50 allocs=$(with_state)" \
		"sizes=64 samples=8 warmup=0 budget_ms=50 allocs=kmalloc cpus=0-1 patterns=$busy depth=8 order=random mix=2 bytes=64K" \
		"sizes=64 samples=5 warmup=0 budget_ms=50 allocs=kmalloc patterns=fragmented share=1" \
		"sizes=64,64K samples=400 warmup=0 budget_ms=50 allocs=kmalloc facts=all patterns=batch depth=400" \
		"sizes=wrong" >/out/faults.txt
}

# taken: "N of M" places in the module that allocate, from its relocations, were made to fail.
taken() {
	sed -n 's/^sites=//p' /out/faults.txt
}

all_taken() {
	! grep 'not-taken' /out/faults.txt | grep -v -E "$uncounted" && [ "$(taken | sed 's/.* //')" -ge 30 ]
}

# When sysfs_slab_add() fails behind kobject_init_and_add(), the name of the cache is lost (6.12, mm/slub.c).
kernel_leak=sysfs_slab_add
leaks_begin
check "each fault ends in ENOMEM and a module that works" sweep
sed 's/^/# /' /out/faults.txt
check "every call of the module that allocates was made to fail: $(taken)" all_taken
check "the module is gone" [ ! -d /sys/module/kallocbench ]
check "the kernel's log shows no bug" no_marks
check "nothing leaked" no_leaks
finish
