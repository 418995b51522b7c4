#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# In a guest with little memory: plans that do not fit are refused, and runs survive beside someone who takes it all.
# vm: --smp 2 --mem 128M --add kmod/tests/guest/robust.sh
# The OOM killer is provoked here, on a victim of our own.
# vm: --allow Out.of.memory|oom-kill|invoked.oom|page.allocation.failure|Killed.process
# debug: kcsan
# shellcheck disable=SC2317 source=kmod/tests/guest/robust.sh
. /kab/robust.sh

# Two numbers in the refusal: what the plan would hold, and what there is.
says_numbers() {
	refused 'ut of memory' "$1" || refused 'annot allocate memory' "$1" || return
	cat "$dir/error"
	head -n 1 "$dir/error" | grep -q '[0-9][^0-9]*[^0-9][0-9]'
}

no_oom() {
	! dmesg | grep -E 'invoked oom-killer|Out of memory'
}

# survives LINE: a run that may be refused for want of memory, and in no other way.
survives() {
	echo "$1" >"$dir/run" 2>/tmp/said || grep -q -e 'memory' /tmp/said "$dir/error"
}

# beside LINE: while a process of this test eats all the memory there is and is killed for it.
beside() {
	(
		echo 1 >/proc/sys/vm/overcommit_memory
		echo 1000 >/proc/self/oom_score_adj
		exec dd if=/dev/zero of=/dev/null bs=512M
	) >/dev/null 2>&1 &
	local hog=$! code=0
	# From a process of its own: the victim's end is a signal to its parent, and a signal ends a run.
	sh -c 'echo "$1" >"$2"' sh "$1" "$dir/run" 2>/tmp/said || code=1
	cat /tmp/said "$dir/error"
	tail -n 3 "$dir/results"
	kill -9 "$hog" 2>/dev/null
	wait "$hog" 2>/dev/null
	[ "$code" = 0 ] || grep -q 'memory' /tmp/said "$dir/error"
}

victim_died() {
	dmesg | grep -E 'Killed process [0-9]+ \(dd\)' || return
	! dmesg | grep -E 'Killed process' | grep -v '(dd)'
}

whole() {
	head -n 1 "$dir/results" | grep -q '^kallocbench 1$' && tail -n 1 "$dir/results" | grep -q '^end '
}

check "the module loads" insmod "$module"
leaks_begin
check "the default plan runs and nobody is killed" run "budget_ms=50"
check "all allocators at all sizes: nobody is killed" survives "allocs=all sizes=8..16M samples=10 budget_ms=50"
check "one object larger than half of the memory is refused, with both numbers" \
	says_numbers "allocs=vmalloc sizes=1G samples=1"
while read -r words; do
	check "refused for what it really takes: $words" \
		says_numbers "$words patterns=batch samples=100000 facts=none"
done <<'END'
allocs=alloc_pages sizes=8 depth=20000
allocs=dma_coherent sizes=8 depth=20000
allocs=kmem_cache_ctor sizes=16K depth=1700
allocs=vmalloc_huge sizes=2100K depth=15
END
check "and so are objects that wait for a grace period" \
	says_numbers "allocs=kfree_rcu sizes=4096 timing=batch calls=20000 samples=100 facts=none"
check "as much as half of the memory is not" survives "allocs=vmalloc sizes=16M samples=3"
check "recorders that do not fit are refused or run" survives "cpus=all samples=10000000 rounds=300 sizes=8 budget_ms=1"
check "no OOM so far" no_oom
check "a run beside a process that takes all memory" \
	beside "allocs=kmalloc,vmalloc,kvmalloc sizes=4096,64K,1M samples=100000 budget_ms=1500 rounds=2"
check "its results are whole" whole
check "atomic allocations beside a process that takes all memory" \
	beside "allocs=kmalloc flags=GFP_ATOMIC,GFP_NOWAIT sizes=4096,64K samples=100000 budget_ms=1500"
check "its results are whole" whole
check "the OOM killer came, for nobody but the victim" victim_died
check "a plain run works afterwards" run "sizes=64 samples=100"
check "the module unloads" rmmod kallocbench
check "the kernel's log shows no bug" no_marks
check "nothing leaked" no_leaks
finish
