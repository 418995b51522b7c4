#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# In the guest: every allocator as close to ENOMEM as the module admits it, in the plight that /kab/brink.conf names;
# nobody is killed for it, nothing is printed, all comes back. bench-scripts/tests/memory.sh boots it.
# shellcheck disable=SC2016,SC2317 source=kmod/tests/guest/robust.sh
. /kab/robust.sh

# sizes: three that page_frag takes, too; plight: none, pipes, pipes MIB, bind NODE or group LIMIT; from: the first line to try; only: a regex of lines.
sizes='512 2K 4K' plight=none from=1 only=.
# shellcheck source=/dev/null
. /kab/brink.conf

# turn: the sizes, the next one first: a size a line, and all of them over three allocators.
turn() {
	# shellcheck disable=SC2086 # words
	set -- $sizes
	sizes="$2 $3 $1"
}

# fill ALLOC FLAGS: batch and churn with as many objects as are admitted, remote with as large ones: it has no depth.
fill() {
	local words="allocs=$1 flags=$2" quick='warmup=0 budget_ms=120000'
	case $plight,$1 in
	bind*,*_node) words="$words node=${plight#* }" ;;
	esac
	turn
	case $1 in
	# Its reserve of 16 is all it may hand out to who waits.
	mempool) echo "$words sizes=@1048576 patterns=batch,churn depth=12 samples=100 $quick" ;;
	*)
		echo "$words sizes=${sizes%% *} patterns=batch depth=@1000000 samples=@1000000 $quick"
		echo "$words sizes=${sizes##* } patterns=churn depth=@1000000 samples=1000 $quick"
		;;
	esac
	echo "$words sizes=@4194304 patterns=remote cpus=0-1 samples=96 $quick"
}

# accounts ALLOC: it takes __GFP_ACCOUNT. The module says so, before it looks at memory.
accounts() {
	! refused 'nvalid argument' "allocs=$1 sizes=64,4K flags=GFP_KERNEL|__GFP_ACCOUNT samples=1 warmup=0 facts=none" >/dev/null
}

# lacking: allocators that this kernel does not have, as a regex.
lacking() {
	awk '/not on this kernel/ { printf "%s|", $1 } END { print "none" }' "$dir/help"
}

# What is no fill, but fills as well.
others() {
	cat <<-'END'
		allocs=kmalloc,vmalloc patterns=exhaust sizes=4K,16K,1M
		allocs=all patterns=exhaust sizes=16K facts=none
		allocs=vmalloc sizes=64 samples=10 facts=all
		allocs=all sizes=4K samples=10 facts=all
		allocs=kmalloc,kvmalloc,vmalloc,alloc_pages sizes=64K,4M patterns=fragmented share=45 samples=50
		allocs=alloc_pages sizes=4096 patterns=batch,cold depth=@1000000 samples=@1000000 facts=none warmup=0 budget_ms=2000
		allocs=page_frag sizes=4096 patterns=churn,cold depth=@1000000 samples=1000 facts=none warmup=0 budget_ms=2000
		allocs=mempool sizes=1M samples=10 facts=none
		allocs=kmalloc,vmalloc sizes=4K cpus=0-1 patterns=batch order=random touch=page depth=@1000000 samples=@1000000 warmup=0 budget_ms=120000
		allocs=kmalloc,alloc_pages sizes=16K flags=GFP_ATOMIC contexts=irqs_off patterns=batch depth=@1000000 samples=@1000000 warmup=0 budget_ms=120000
		allocs=kmalloc sizes=16K mix=4 cpus=0-1 patterns=churn depth=@1000000 samples=1000 warmup=0 budget_ms=120000
		allocs=gen_pool sizes=4M patterns=batch depth=@1000000 samples=@1000000 facts=none warmup=0 budget_ms=120000
		allocs=kmalloc sizes=8K patterns=batch depth=@1000000 samples=@1000000 warmup=0 budget_ms=120000
		allocs=alloc_pages sizes=8K patterns=batch depth=@1000000 samples=@1000000 warmup=0 budget_ms=120000
		allocs=vmalloc sizes=64K patterns=batch depth=@1000000 samples=@1000000 warmup=0 budget_ms=120000
		allocs=kmalloc,vmalloc sizes=1M patterns=batch,churn depth=@1000000 samples=@1000000 warmup=0 budget_ms=120000
		allocs=kmalloc sizes=1K flags=GFP_KERNEL|__GFP_ACCOUNT patterns=exhaust samples=1000000 budget_ms=120000
		allocs=kmalloc sizes=64K flags=GFP_ATOMIC patterns=exhaust samples=1000000 budget_ms=120000
	END
	# A million of them fill no more than that.
	[ "$(awk '/^MemTotal:/ { print $2 }' /proc/meminfo)" -gt 262144 ] || cat <<-'END'
		allocs=kmalloc sizes=8 flags=GFP_KERNEL|__GFP_ACCOUNT patterns=batch depth=@1000000 samples=@1000000 warmup=0 budget_ms=120000
		allocs=kmem_cache_ctor sizes=8 patterns=churn depth=@1000000 samples=1000 warmup=0 budget_ms=120000
	END
}

lines() {
	local alloc
	# shellcheck disable=SC2013 # names
	for alloc in $(awk '/^[a-z]+:/ { inside = $1 == "allocs:"; next }
		inside && NF && !/not on this kernel/ && !/reference:/ { print $1 }' "$dir/help"); do
		fill "$alloc" GFP_KERNEL
		case $plight in
		group*) ! accounts "$alloc" || fill "$alloc" 'GFP_KERNEL|__GFP_ACCOUNT' ;;
		esac
	done
	others | grep -v -E -e "allocs=($(lacking)) "
}

# in_plight COMMAND...
in_plight() {
	case $plight in
	none) "$@" ;;
	# Four fifths go into the pipes, two come back as single pages.
	pipes) /kab/plight pipes "$(awk '/^MemAvailable:/ { print int($2 * 0.8 / 1024) }' /proc/meminfo)" "$@" ;;
	group*)
		mkdir -p /sys/fs/cgroup
		mount -t cgroup2 none /sys/fs/cgroup
		echo +memory >/sys/fs/cgroup/cgroup.subtree_control
		mkdir /sys/fs/cgroup/parent
		echo "${plight#* }" >/sys/fs/cgroup/parent/memory.max
		echo +memory >/sys/fs/cgroup/parent/cgroup.subtree_control
		mkdir /sys/fs/cgroup/parent/child
		# shellcheck disable=SC2016 # that shell's variables
		sh -c 'echo $$ >/sys/fs/cgroup/parent/child/cgroup.procs && exec "$@"' sh "$@"
		;;
	*)
		# shellcheck disable=SC2086 # words
		/kab/plight $plight "$@"
		;;
	esac
}

# bad CONDITION: no row is so.
bad() {
	awk -F '\t' "$1"' { print "line " $1 ": " $2 " at " $3 ", " $9 " " $10 ": " $14 ": " $15; n++ } END { exit n > 0 }' /out/brink.tsv
}

# Every allocator was measured as far as it is admitted; where memory is in the movable zone, fragmenting the rest is not.
everyone() {
	awk -F '\t' '$15 !~ /fragmented/ { split($15, word, /[ =]/); seen[word[2]] += $2 == "ok" }
		END { for (name in seen) if (!seen[name]) { print name; n++ } exit n > 0 }' /out/brink.tsv
}

# What the module admits of what it could: half, or it would refuse for ever and pass.
close_enough() {
	awk -F '\t' '$15 ~ /allocs=(kmalloc|alloc_pages|vmalloc) sizes=(8K|64K) .*batch/ {
			n++
			took = ($7 - $6) * 1024
			printf "%s: took %d MB of %d MB that may be held\n", $15, took / 1e6, $5 / 1e6
			few += took < $5 / 2
		}
		END { exit !n || few }' /out/brink.tsv
}

# Something that lives on may lie in a chunk of the percpu allocator, two megabytes with two CPUs.
# shellcheck disable=SC2034 # read by robust.sh
percpu_slack=4096
# From here on children inherit it: the writers alone are victims.
echo -1000 >/proc/self/oom_score_adj
# The percpu allocator keeps a chunk with all its pages.
check "the module loads" insmod "$module"
run "allocs=percpu sizes=32K cpus=all patterns=batch samples=200 budget_ms=200"
if [ -f /kab/brink.lines ]; then cat /kab/brink.lines; else lines | grep -E -e "$only"; fi >/tmp/lines
check "the module unloads" rmmod kallocbench
leaks_begin
check "the module loads again" insmod "$module"
check "$(grep -c . /tmp/lines) lines are tried" in_plight /kab/brink /tmp/lines /out/brink.tsv "$from"
check "nobody is killed" bad '$11'
check "no failed allocation is printed" bad '$12'
check "the kernel finds no bug" bad '$13'
check "a line runs, or is refused for want of memory" bad '$2 != "ok" && $2 != "ENOMEM" && $2 != "EINVAL"'
# What waits for others to free, kfree_rcu() for its timer of 5 s, is as slow as they are.
check "no line is cut short by its budget" bad '$10 ~ /budget/ && $15 ~ /budget_ms=120000/ && $15 !~ /kfree_rcu/'
check "no line takes more than half of what is available" bad '$15 !~ /exhaust|fragmented/ && $7 - $6 > 0.6 * $7'
[ "$plight" != none ] || [ -f /kab/brink.lines ] || check "and not much less" close_enough
[ -f /kab/brink.lines ] || check "every allocator was measured" everyone
check "the module unloads" rmmod kallocbench
check "the kernel's log shows no bug" no_marks
check "nothing leaked" no_leaks
finish
