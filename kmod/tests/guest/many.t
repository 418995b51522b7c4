#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# vm: --smp 8 --qemu-arg -smp --qemu-arg sockets=2,cores=4,threads=1 --mem 2G --add kmod/tests/guest/tap.sh --add .cache/unit/tool --add bench-scripts/results.awk
# vm: --qemu-arg -object --qemu-arg memory-backend-ram,id=m0,size=1G
# vm: --qemu-arg -object --qemu-arg memory-backend-ram,id=m1,size=1G
# vm: --qemu-arg -numa --qemu-arg node,nodeid=0,cpus=0-3,memdev=m0
# vm: --qemu-arg -numa --qemu-arg node,nodeid=1,cpus=4-7,memdev=m1
# Eight CPUs on two nodes: contexts, patterns, many workers, nodes, stretches.
# shellcheck source-path=SCRIPTDIR source=tap.sh
. /kab/tap.sh

# Cheap and patient: a busy host must not turn a cell into a short one.
QUICK="samples=24 warmup=0 budget_ms=600000"
CONTEXTS="process preempt_off bh_off irqs_off softirq hardirq"

# run LINE: it must be taken, end well, and be read.
run() {
	is "$1" "$(put "$1 $QUICK") $(state)" "ok done"
	ok "the reader takes it" whole "$D/results"
}

contexts() {
	local c
	run "allocs=kmalloc,vmalloc,null sizes=64 flags=GFP_ATOMIC,GFP_KERNEL contexts=all"
	for c in $CONTEXTS; do
		is "kmalloc that does not sleep is measured in $c" \
			"$(cells "alloc=kmalloc .*flags=GFP_ATOMIC context=$c .*state=ok")" 1
		is "null is measured in $c" "$(cells "alloc=null .*flags=GFP_ATOMIC context=$c .*state=ok")" 1
		[ "$c" != process ] || continue
		is "kmalloc that sleeps is skipped in $c" \
			"$(cells "alloc=kmalloc .*flags=GFP_KERNEL context=$c .*state=skipped .*reason=[^ ]")" 1
		is "vmalloc is skipped in $c" "$(cells "alloc=vmalloc .*context=$c .*state=skipped .*reason=[^ ]")" 2
	done
	is "nothing failed" "$(cells 'state=(failed|aborted|short)')" 0
}

# Every worker has its samples, of both sides.
patterns() {
	local p
	run "allocs=kmalloc sizes=64,4K patterns=pair,batch,churn,cold,fragmented,remote cpus=2,5 depth=10"
	for p in pair batch churn cold fragmented remote; do
		is "$p is measured" "$(cells "pattern=$p .*cpus=2,5 .*state=ok")" 2
	done
	is "each cell has 24 allocations of each worker" "$(grep -c '^op .*op=alloc cpu=[25] n=24 ' "$D/results")" 24
	is "and 48 together" "$(grep -c '^op .*op=alloc n=48 ' "$D/results")" 12
	is "every object is freed by somebody" \
		"$(awk '/^op .*op=free n=/ { sub(/.* n=/, ""); n += $1 } END { print (n >= 10 * 48) }' "$D/results")" 1
}

orders() {
	local o
	for o in fifo lifo random; do
		run "allocs=kmalloc,vmalloc sizes=64 patterns=batch depth=9 order=$o"
		is "order $o: 24 frees" "$(grep -c '^op .*op=free n=24 ' "$D/results")" 2
	done
	refused EINVAL "patterns=pair depth=3" 3
	refused EINVAL "patterns=remote cpus=1 allocs=kmalloc sizes=64" - "CPU"
}

workers() {
	run "allocs=null,kmalloc sizes=64 cpus=all"
	is "all is eight CPUs" "$(cells 'cpus=0-7 ')" 2
	is "each has lines of its own" "$(grep -c '^op .* cpu=[0-7] n=24 ' "$D/results")" 32
	is "merged lines add up" "$(grep -c '^op .*op=[a-z]* n=192 ' "$D/results")" 4
	run "allocs=vmalloc sizes=8K cpus=0-2,7"
	is "a list of CPUs" "$(cells 'cpus=0-2,7 ')" 1
	run "allocs=kmalloc sizes=64 cpus=3"
	is "a single worker has merged lines alone" "$(grep -c ' cpu=' "$D/results")" 0
}

# The kernel makes no further thread after so many, and who forks fails, too: builtins alone.
no_threads() {
	local more most threads _ said refused=''
	most=$(cat /proc/sys/kernel/threads-max)
	for more in 0 1 5; do
		read -r _ _ _ threads _ </proc/loadavg
		echo $((${threads#*/} + more)) >/proc/sys/kernel/threads-max
		said=refused
		! echo "allocs=null sizes=64 cpus=all" 2>/dev/null >"$D/run" || said=taken
		echo "$most" >/proc/sys/kernel/threads-max
		refused="$refused $more:$said"
	done
	is "workers that cannot be made: the line is refused" "$refused" " 0:refused 1:refused 5:refused"
	like "and says so" "$(cat "$D/error")" "recorders of [0-9]+ bytes do not fit into memory"
	run "allocs=null sizes=64 cpus=all"
}

# A kernel without NUMA, as the debug ones are, sees one node.
nodes() {
	local n nodes
	nodes=$(find /sys/devices/system/node -name 'node[0-9]' 2>/dev/null | sed 's/.*node//' | sort)
	for n in ${nodes:-0}; do
		run "allocs=kmalloc_node,vmalloc_node sizes=4K node=$n cpus=0"
		is "node $n is measured" "$(cells 'state=ok')" 2
	done
	refused EINVAL "node=2" 2
}

# GFP_NOWAIT gets of percpu what is populated already: a handful of this size.
stretch_that_fails() {
	timeout 10 /kab/tool write "$D/run" "allocs=percpu sizes=32K flags=GFP_NOWAIT patterns=batch \
timing=batch calls=500 depth=500 samples=10 warmup=0 budget_ms=1 facts=none" >/dev/null
	is "a stretch ends with its first failure, and the cell with its budget" "$(state) $(cells 'state=(failed|short)')" "done 1"
}

stretches() {
	local calls=50
	# With KASAN in a busy emulator, so many would keep the CPU for too long: the stretch is not begun.
	! grep -q '^meta .* kasan=1 ' "$D/results" || calls=5
	run "allocs=kmalloc,null sizes=64 timing=batch calls=$calls"
	is "an op pair of $calls calls" "$(grep -c "^op .*op=pair n=24 .*calls=$calls overhead=" "$D/results")" 2
	refused EINVAL "calls=50" 50
	run "allocs=kmalloc,null sizes=64 patterns=batch timing=batch calls=5 depth=20"
	is "live objects are filled and emptied in stretches" \
		"$(grep -c '^op .*op=\(alloc\|free\) n=24 .*calls=5' "$D/results")" 4
	# QEMU emulates no PMU of x86.
	refused EINVAL "allocs=kmalloc sizes=64 timing=batch counters=cycles" - "this machine counts no cycles: it has no PMU"
	refused EINVAL "allocs=kmalloc sizes=64 patterns=batch timing=batch calls=5 depth=21" - "depth=21 is not a multiple of calls=5"
	stretch_that_fails
	run "allocs=kmalloc,kmem_cache sizes=64 patterns=churn depth=20 mix=2"
	is "a cache is for one size" "$(cells 'alloc=kmem_cache .*state=skipped .*mix=1')" 1
}

# Every allocator, in two patterns and in the contexts furthest apart.
every_allocator() {
	local name
	run "allocs=all sizes=64 flags=GFP_ATOMIC,GFP_KERNEL patterns=pair,batch contexts=process,softirq depth=4 cpus=1,6"
	is "nothing failed" "$(grep '^cell ' "$D/results" | grep -E 'state=(failed|aborted|short)' | head -n 3)" ""
	is "what was skipped says why" "$(cells 'state=skipped')" "$(cells 'state=skipped .*reason=[^ ]+')"
	for name in $(allocators); do
		ok "$name is measured" grep -q "^cell .* alloc=$name .* context=process .*state=ok" "$D/results"
	done
}

# back BEFORE: all but 16 MiB of MemAvailable is there again; pages on the lists of a CPU count only once it has looked.
back() {
	[ $(($1 - $(kib MemAvailable))) -lt 16384 ]
}

exhaust() {
	local before
	before=$(kib MemAvailable)
	run "allocs=kmalloc,vmalloc sizes=64K patterns=exhaust bytes=64M"
	is "exhaust ends by itself" "$(cells 'pattern=exhaust .*state=(ok|short)')" 2
	ok "and gives everything back" wait_for 10 back "$before"
}

# n_of CELL OP: samples of an op of the merged workers.
n_of() {
	sed -n "s/^op cell=$1 op=$2 n=\([0-9]*\) .*/\1/p" "$D/results" | head -n 1
}

# What one pattern of a plan takes must not reach the others.
keys_stay_home() {
	local before
	run "allocs=vmalloc sizes=64K patterns=pair,churn mix=16 depth=4 touch=page"
	is "objects of pair have the size asked for" "$(cells 'pattern=pair .*state=ok')" 1
	if allocators | grep -qx gen_pool; then
		run "allocs=gen_pool sizes=64 patterns=batch,churn mix=2 order=lifo depth=8"
		is "and those of batch" "$(cells 'pattern=batch .*state=ok')" 1
	fi
	before=$(kib MemAvailable)
	run "allocs=alloc_pages_exact sizes=256K patterns=batch,churn mix=2 order=lifo depth=20 rounds=8"
	ok "and are freed with it" wait_for 10 back "$before"
	run "allocs=kmalloc sizes=64 patterns=batch,exhaust order=random depth=8"
	is "exhaust frees each of its objects" "$(n_of 1 alloc) $(n_of 1 free)" "24 24"
}

cannot_be() {
	refused EINVAL "flags=GFP_KERNEL|GFP_DMA|GFP_DMA32 allocs=alloc_pages" - "GFP_DMA and GFP_DMA32 exclude each other"
	run "allocs=mempool sizes=64 patterns=pair,batch flags=GFP_KERNEL,GFP_NOWAIT depth=20"
	is "a mempool may not wait for itself" "$(cells 'flags=GFP_KERNEL .*pattern=batch .*state=skipped .*reserve')" 1
	is "one that fails instead may hold as many" "$(cells 'flags=GFP_NOWAIT .*pattern=batch .*state=ok')" 1
	run "allocs=null,vmalloc sizes=64,20G contexts=irqs_off"
	is "no facts are looked at that would not fit" "$(grep -c '^fact .*size=21474836480' "$D/results")" 0
	run "allocs=kmalloc sizes=64K contexts=process,irqs_off flags=GFP_ATOMIC touch=line"
	run "allocs=kmalloc sizes=128K contexts=process,irqs_off flags=GFP_ATOMIC touch=line"
	is "not so much is touched with interrupts off" "$(cells 'context=irqs_off .*state=skipped .*touched')" 1
	put "allocs=vmalloc sizes=1M,65M samples=1 warmup=0 touch=page budget_ms=60000" >/dev/null
	is "nor as much as keeps a CPU for long" "$(cells 'size=68157440 .*state=skipped .*touched')" 1
}

# What pattern churn replaces has to be there first. GFP_NOWAIT gets of percpu what is populated: a page or two on every
# kernel (PCPU_EMPTY_POP_PAGES_LOW), some dozens on most, and 32K in one piece not on all.
churn() {
	put "allocs=percpu sizes=4K flags=GFP_NOWAIT patterns=churn depth=2000 samples=100 budget_ms=600000" >/dev/null
	like "churn without its live objects is short, and says so" "$(grep '^cell ' "$D/results")" \
		'state=short .*an.040allocation.040failed.040before.040depth=2000'
	put "allocs=vmalloc sizes=4K patterns=churn depth=20000 samples=100 budget_ms=1" >/dev/null
	is "as it is where they take too long" "$(cells 'state=short .*half.040of.040budget_ms=1.040was.040over.040before.040depth')" 1
	put "allocs=kmalloc sizes=64 patterns=churn depth=20000 samples=100 budget_ms=600000" >/dev/null
	is "and where they are there it is measured" "$(cells 'state=ok')" 1
}

main() {
	dmesg -c >/dev/null
	load
	contexts
	patterns
	orders
	workers
	no_threads
	nodes
	stretches
	exhaust
	keys_stay_home
	cannot_be
	churn
	every_allocator
	ok "the module unloads" unload
	is "the kernel had nothing to say" "$(splats)" ""
	finish
}

main
