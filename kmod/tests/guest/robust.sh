# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
# What the robustness tests in the guest share: TAP, the module, and the marks a bug leaves behind.

# shellcheck disable=SC2034 # read by the tests
dir=/sys/kernel/debug/kallocbench
module=${KAB_MODULE:-/kab/kallocbench.ko}
tests=0 failed=0

# check NAME COMMAND...: one line of TAP; what the command prints shows when it fails.
check() {
	local name="$1"
	shift
	tests=$((tests + 1))
	if "$@" >/tmp/check.out 2>&1; then
		echo "ok $tests - $name"
	else
		echo "not ok $tests - $name"
		sed 's/^/# /' /tmp/check.out | head -n 60
		failed=$((failed + 1))
	fi
}

# skip NAME WHY
skip() {
	tests=$((tests + 1))
	echo "ok $tests - $1 # SKIP $2"
}

# finish: the plan comes last, for the tests count themselves.
finish() {
	echo "1..$tests"
	exit $((failed > 0))
}

# refused ERRNO-TEXT LINE: the write of LINE must fail so; busybox prints the text of the errno.
refused() {
	local said
	if said=$({ echo "$2" >"$dir/run"; } 2>&1); then
		echo "accepted: $2"
		return 1
	fi
	case $said in
	*"$1"*) ;;
	*)
		echo "$2: $said"
		return 1
		;;
	esac
}

run() {
	echo "$1" >"$dir/run" || {
		cat "$dir/error"
		return 1
	}
}

ended() {
	tail -n 1 "$dir/results" | grep -q "state=$1\$" || {
		tail -n 1 "$dir/results"
		cat "$dir/error"
		return 1
	}
}

# Marks of a bug in the kernel's log since the test began.
marks='WARNING:|BUG:|Oops|KASAN|KCSAN:|KFENCE:|UBSAN:|ODEBUG:|general protection|nable to handle|circular locking'
marks="$marks|recursive locking|inconsistent lock|suspicious RCU|[Ll]ockup|LOCKUP|scheduling while atomic"
marks="$marks|invalid context|blocked for more|rcu.*(stall|self-detected)|corruption|Bad page|suspected memory leak"
marks="$marks|locks held|refcount_t:"

no_marks() {
	# The kernel races with itself; a race of the module names it in brackets.
	if dmesg | grep -v -E -e 'Unprivileged eBPF' -e 'IRQ lockup detection disabled' \
		-e 'Return Stack Overflow: WARNING' -e 'KCSAN: data-race in [a-zA-Z0-9_.]+( / [a-zA-Z0-9_.]+)?$' |
		grep -E "$marks"; then
		return 1
	fi
}

# leaks: what kmemleak finds that was allocated since leaks_begin. Two scans, for one may catch a pointer in flight.
leaks_begin() {
	[ ! -e /sys/kernel/debug/kmemleak ] || echo clear >/sys/kernel/debug/kmemleak
	totals >/tmp/totals
}

no_leaks() {
	if [ ! -e /sys/kernel/debug/kmemleak ]; then
		flat
		return
	fi
	echo scan >/sys/kernel/debug/kmemleak
	sleep 6
	echo scan >/sys/kernel/debug/kmemleak
	# Objects whose backtrace has $kernel_leak are the kernel's own to lose; a test that provokes that says so.
	awk -v own="${kernel_leak-}" '
		function flush() { if (text != "" && (own == "" || text !~ own)) printf "%s", text; text = "" }
		/^unreferenced object/ { flush() }
		{ text = text $0 "\n" }
		END { flush() }' /sys/kernel/debug/kmemleak >/tmp/leaks
	head -n 40 /tmp/leaks
	[ ! -s /tmp/leaks ] && flat
}

# totals: KiB of slab that nothing can reclaim, of vmalloc, and pages of page tables. Empty slabs that the kernel keeps
# for later are given back first: some megabytes, where each cache was used.
totals() {
	local file
	echo 3 >/proc/sys/vm/drop_caches
	for file in /sys/kernel/slab/*/shrink; do
		[ ! -w "$file" ] || echo 1 >"$file"
	done
	awk '{ kb[$1] = $2 } END { print kb["SUnreclaim:"], kb["VmallocUsed:"], kb["Percpu:"] }' /proc/meminfo
}

# flat: a few pages stay on lists of each CPU, the percpu allocator keeps a chunk that is empty, and debugging
# kernels keep freed objects for a while.
flat() {
	totals >>/tmp/totals
	awk -v percpu="${percpu_slack-1024}" -v slack="$(if [ -e /sys/kernel/debug/kmemleak ]; then echo 16384; else echo 2048; fi)" '
		NR == 1 { for (i = 1; i <= 3; i++) first[i] = $i }
		END {
			print "SUnreclaim VmallocUsed Percpu KiB: " first[1], first[2], first[3] " then " $0
			exit $1 - first[1] > slack || $2 - first[2] > 1024 || $3 - first[3] > percpu
		}' /tmp/totals
}
