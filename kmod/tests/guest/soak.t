#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# In the guest: torture and random plans for as long as /kab/soak.conf says, an hour without; what the kernel holds must stay flat.
# vm: --smp 2 --timeout 9000 --add kmod/tests/guest/robust.sh --add .cache/unit/torture
# slow
# kernels: debug
# debug: none
# shellcheck disable=SC2317 source=kmod/tests/guest/robust.sh
. /kab/robust.sh

seconds=3600 seed=1
# shellcheck source=/dev/null
[ ! -f /kab/soak.conf ] || . /kab/soak.conf

held() {
	totals | tr '\n' ' '
	awk '{ kb[$1] = $2 }
		END { print kb["MemTotal:"] - kb["MemFree:"] - kb["Cached:"] - kb["Buffers:"], kb["PageTables:"] + kb["KernelStack:"] }' /proc/meminfo
}

uptime_s() {
	sed 's/[. ].*//' /proc/uptime
}

# pick WORD...: one of them, drawn from the seed, in $picked.
pick() {
	draw=$(((draw * 1103515245 + 12345) % 2147483648))
	shift $((draw / 65536 % $#))
	picked=$1
}

# random_plan: every allocator in every context; all sizes and patterns at once would take a round half an hour.
random_plan() {
	local sizes patterns keys=''
	draw=$seed
	pick 8 16 64 100 192
	sizes=$picked
	pick 512 1K 4097 8K 16K 64K
	sizes=$sizes,$picked
	pick pair batch churn remote cold fragmented exhaust
	patterns=$picked
	pick pair,batch churn remote cold fragmented exhaust
	[ "$patterns" = "$picked" ] || [ "$picked" = pair,batch ] || patterns=$patterns,$picked
	# What fills memory does so for each of hundreds of cells.
	case $patterns in *fragmented*) keys="$keys share=1" ;; esac
	case $patterns in *exhaust*) keys="$keys bytes=4M" ;; esac
	case $patterns in *batch* | *churn*) keys="$keys depth=20" ;; esac
	echo "allocs=all sizes=$sizes contexts=all patterns=$patterns$keys cpus=all samples=200 budget_ms=20 seed=$seed"
}

# One round: some hundred writes out of a fresh seed, then a random plan.
one_round() {
	local plan
	/kab/torture "$seed" 300 3 >/tmp/round || {
		cat /tmp/round
		return 1
	}
	grep -E '^(writes|accepted|reads|killed_writers)=' /tmp/round >>/out/soak.counts
	plan=$(random_plan)
	echo "$plan" >>/out/soak.plans
	sh -c 'echo "$1" >"$2"' sh "$plan" "$dir/run" || {
		echo "$plan"
		cat "$dir/error"
		return 1
	}
	grep -c '^cell ' "$dir/results" >>/out/soak.cells
	seed=$((seed + 10))
}

soak() {
	local until=$(($(uptime_s) + seconds))
	while [ "$(uptime_s)" -lt "$until" ]; do
		one_round || return
		held >>/out/soak.held
		echo "soak: $(grep -c . /out/soak.held) rounds, $((until - $(uptime_s))) s to go" >/dev/console
	done
}

# The medians of the second and of the last quarter: the first is the kernel warming up.
flat_over_time() {
	awk '
		{ for (i = 1; i <= NF; i++) v[NR, i] = $i; n = NF }
		function median(from, to, i,   a, k, j, t) {
			for (k = from; k <= to; k++) a[k] = v[k, i]
			for (k = from; k <= to; k++)
				for (j = k + 1; j <= to; j++)
					if (a[j] < a[k]) { t = a[j]; a[j] = a[k]; a[k] = t }
			return a[int((from + to) / 2)]
		}
		END {
			q = int(NR / 4)
			if (q < 2) { print "only " NR " rounds: too few to judge"; exit 1 }
			split("SUnreclaim VmallocUsed Percpu in_use PageTables+KernelStack", name, " ")
			# KASAN keeps freed objects, up to a 32nd of memory, in no fixed number. The percpu allocator
			# keeps a chunk that a long-lived object of the kernel lies in, and fills it with pages in
			# steps (mm/percpu.c): two in an hour of 81 rounds, 320 and 288 KiB; a chunk is 1 MiB per CPU.
			split("16384 1024 2048 32768 1024", slack, " ")
			for (i = 1; i <= n; i++) {
				early = median(q + 1, 2 * q, i); late = median(NR - q + 1, NR, i)
				printf "%s KiB: %d, then %d\n", name[i], early, late
				bad += late - early > slack[i]
			}
			exit bad > 0
		}' /out/soak.held
}

check "the module loads" insmod "$module"
# What the kernel makes once and keeps is made now; the percpu allocator keeps a chunk with all its pages.
for plan in pair batch exhaust; do
	run "allocs=percpu sizes=8..32K contexts=all cpus=all patterns=$plan samples=200 budget_ms=20"
done
check "a first round" one_round
leaks_begin
check "$seconds s of torture and random plans from seed $seed" soak
awk -F= '{ n[$1] += $2 } END { for (k in n) printf "# %s=%d\n", k, n[k] }' /out/soak.counts
echo "# rounds=$(grep -c . /out/soak.held) cells=$(awk '{ n += $1 } END { print n + 0 }' /out/soak.cells)"
check "what the kernel holds stays flat" flat_over_time
flat_over_time | sed 's/^/# /'
check "the module unloads" rmmod kallocbench
check "the kernel's log shows no bug" no_marks
check "nothing leaked" no_leaks
finish
