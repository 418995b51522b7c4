#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# In a guest whose objects are larger than they look and whose memory is of little use: nobody pays for a plan.
# Debugging of slabs makes 32K of 8K; half of the larger node is movable, which GFP_KERNEL must not have; the other node is small.
# vm: --smp 2 --mem 448M --append slub_debug=FZ --append kernelcore=256M --append init_on_alloc=0
# vm: --qemu-arg -object --qemu-arg memory-backend-ram,id=m0,size=384M --qemu-arg -numa --qemu-arg node,nodeid=0,cpus=0-1,memdev=m0
# vm: --qemu-arg -object --qemu-arg memory-backend-ram,id=m1,size=64M --qemu-arg -numa --qemu-arg node,nodeid=1,memdev=m1
# vm: --add kmod/tests/guest/robust.sh --add .cache/unit/plight
# debug: none
# Whoever is killed for memory is on the console, and that fails the test.
# shellcheck disable=SC2317 source=kmod/tests/guest/robust.sh
. /kab/robust.sh

# half: of what is available, as the module says it for a plan that nobody can hold.
half() {
	refused 'annot allocate memory' "allocs=vmalloc sizes=1T samples=1 facts=none" >/dev/null ||
		refused 'ut of memory' "allocs=vmalloc sizes=1T samples=1 facts=none" >/dev/null
	sed -n '1s/.* is \([0-9]*\)$/\1/p' "$dir/error"
}

too_much() {
	refused 'annot allocate memory' "$1" || refused 'ut of memory' "$1" || return
	cat "$dir/error"
}

# said WORDS: how many of the lines of the last results match.
said() {
	grep -E "$1" "$dir/results" || {
		grep -E '^(cell|memory|exhaust|end) ' "$dir/results"
		return 1
	}
}

# A page for what describes a mapping is too much: it is looked at, too.
less_than_computed() {
	run "allocs=vmalloc sizes=2K patterns=batch depth=3000 samples=3000 facts=none" || return
	said '^memory cell=0 ' | awk '{
		sub(".*estimate=", "")
		estimate = $1 + 0
		sub(".*taken=", "")
		print estimate, $1
		exit !($1 > estimate * 0.4 && $1 < estimate * 0.8) }'
}

half_of_the_zones() {
	local half
	half=$(half)
	echo "half $half"
	# Of 448M some 192M are movable.
	[ "$half" -gt 67108864 ] && [ "$half" -lt 134217728 ]
}

# estimate_and_truth: kmalloc of 8K takes four times what is asked.
estimate_and_truth() {
	run "allocs=kmalloc sizes=8K patterns=batch depth=1500 samples=1500 facts=none budget_ms=10000" || return
	said '^memory cell=0 ' | awk '{
		split($3, e, "="); split($4, t, "=")
		print "estimate " e[2] " taken " t[2]
		exit !(e[1] == "estimate" && t[1] == "taken" && t[2] > 3.9 * e[2] && t[2] < 4.1 * e[2])
	}'
}

# grouped COMMAND...: in a group without a limit, whose parent has one.
group=/sys/fs/cgroup/kab
grouped() {
	(
		echo 0 >"$group"/child/cgroup.procs
		exec "$@"
	)
}

limit_group() {
	mount -t cgroup2 none /sys/fs/cgroup || return
	echo +memory >/sys/fs/cgroup/cgroup.subtree_control
	mkdir "$group"
	echo +memory >"$group"/cgroup.subtree_control
	mkdir "$group"/child
	echo 8M >"$group"/memory.max
}

charged() {
	# shellcheck disable=SC2016 # for the inner shell
	grouped sh -c 'echo "$1" >"$2"' sh "$1" "$dir/run" || {
		cat "$dir/error"
		return 1
	}
	cat "$group"/memory.events
	grep -q '^oom_kill 0' "$group"/memory.events && said 'exhaust .* ended=(bytes|others)'
}

refused_in_group() {
	# shellcheck disable=SC2016
	! grouped sh -c 'echo "$1" >"$2"' sh "$1" "$dir/run" 2>/tmp/said || return
	cat "$dir/error"
	awk '{ exit !($NF > 0 && $NF < 4194305) }' "$dir/error"
}

bound() {
	# shellcheck disable=SC2016
	/kab/plight bind 1 sh -c 'echo "$1" >"$2"' sh "$1" "$dir/run" || {
		cat "$dir/error"
		return 1
	}
	ended 'done'
}

evicts() {
	too_much "allocs=vmalloc,null sizes=1T patterns=pair,cold samples=1 facts=none" || return
	awk 'NR == 1 { match($0, /into [0-9]+/); exit !(substr($0, RSTART + 5, RLENGTH - 5) > 4194304) }' "$dir/error"
}

# In memory that lies in single pages.
in_pieces() {
	run "allocs=kmalloc sizes=16K patterns=exhaust,batch depth=2000 samples=2000 facts=none budget_ms=3000" || return
	said '^cell .*pattern=exhaust .*reason=the.040free.040blocks' && said '^cell .*pattern=batch .*reason=the.040free.040blocks' || return
	# A reserve of 16: made or not, the kernel prints nothing.
	run "allocs=mempool sizes=1M samples=10 facts=none"
}

# pipes COMMAND...: beside somebody whose pages lie between the free ones.
pipes() {
	mkfifo /tmp/ready
	/kab/plight pipes 185 sh -c 'echo >/tmp/ready; sleep 600' &
	read -r _ </tmp/ready
	cat /proc/buddyinfo
	"$@"
}

no_complaint() {
	! dmesg | grep -E 'oom|Out of memory|allocation failure|Killed process'
}

check "the module loads" insmod "$module"
leaks_begin
check "memory that is movable is not counted for GFP_KERNEL" half_of_the_zones
check "a plan of debugged objects is weighed by what they take" \
	too_much "allocs=kmalloc sizes=8K patterns=batch depth=6000 samples=6000 facts=none"
check "pages of the kernel's zones alone are counted" \
	too_much "allocs=alloc_pages sizes=4K patterns=batch depth=36000 samples=36000 facts=none"
check "estimate and truth are both in the results" estimate_and_truth
check "an object that takes less than is computed is weighed by what it takes" less_than_computed
check "the buffer of pattern cold is counted for the whole plan" evicts
check "exhaust at the brink of what the zones hold" run "allocs=kmalloc,vmalloc sizes=1K,16K patterns=exhaust facts=none budget_ms=500"
check "a group is limited" limit_group
check "exhaust ends before a limit of the group's parent" \
	charged "allocs=kmalloc sizes=1K flags=GFP_KERNEL|__GFP_ACCOUNT patterns=exhaust budget_ms=3000"
check "a plan larger than half of what the group may take is refused" \
	refused_in_group "allocs=kmalloc sizes=1K flags=GFP_KERNEL|__GFP_ACCOUNT patterns=batch depth=5000 samples=5000 facts=none"
check "facts are not found within the writer's memory policy" bound "allocs=vmalloc sizes=64 samples=10 facts=all"
check "in memory of single pages cells end before somebody is killed" pipes in_pieces
check "nobody was killed, and no failure was printed" no_complaint
check "the module unloads" rmmod kallocbench
check "the kernel's log shows no bug" no_marks
finish
