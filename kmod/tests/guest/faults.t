#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# In the guest, on a kernel with fault injection: each allocation of the module fails once.
# vm: --smp 2 --add kmod/tests/guest/robust.sh --add .cache/unit/faults --allow page.allocation.failure|FAULT_INJECTION
# slow
# debug: debug gcov
# shellcheck disable=SC2317 source=kmod/tests/guest/robust.sh
. /kab/robust.sh

if [ ! -d /sys/kernel/debug/failslab ]; then
	skip "every allocation point fails once" "this kernel has no fault injection"
	finish
fi

sweep() {
	/kab/faults "$module" \
		"sizes=64,8192 samples=5 allocs=kmalloc,vmalloc rounds=2" \
		"sizes=64 samples=5 cpus=all allocs=all contexts=all" \
		"sizes=64 samples=5 patterns=all depth=8 touch=page timing=batch" \
		"sizes=1..1M samples=3 flags=GFP_KERNEL,GFP_ATOMIC seed=7" \
		"sizes=wrong" >/out/faults.txt
}

some_failed() {
	[ "$(sed -n 's/^sites=//p' /out/faults.txt)" -ge 5 ]
}

leaks_begin
check "each fault ends in ENOMEM and a module that works" sweep
sed 's/^/# /' /out/faults.txt
check "the faults reached the module" some_failed
check "the module is gone" [ ! -d /sys/module/kallocbench ]
check "the kernel's log shows no bug" no_marks
check "nothing leaked" no_leaks
finish
