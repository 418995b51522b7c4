#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Which objects are freed in which order, and on which CPU, as the kernel's own
# tracer saw it: patterns do what they say, and a seed decides the rest. On both
# kernels. The guest only records, for its awk is slow.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=kmod/tests/host.sh
. "$here/host.sh"

# none NAME COMMAND...: the command finds nothing wrong, and prints nothing therefore.
none() {
	local name="$series: $1" status=0
	shift
	"$@" >"$tmp/wrong" || status=1
	[ ! -s "$tmp/wrong" ] || status=1
	head -n 5 "$tmp/wrong" >"$tmp/some"
	say "$status" "$name" "$tmp/some"
}

boot() {
	"$top/bench-scripts/vm.sh" --kernel "$series" --lane time --accel tcg --smp 4 --timeout 400 \
		--append trace_event=kmem:kmalloc,kmem:kfree,kmem:mm_page_alloc,kmem:mm_page_free \
		--script "$here/order/guest.sh" --add "$here/guest/tap.sh" --add "$cache/unit/tool" --out "$tmp/$series"
}

# events FILE: what was traced, in few words: see events.awk.
events() {
	awk -v sizes=1234,617,308 -f "$here/order/events.awk" "$tmp/$series/boot-1/$1"
}

# remote FILE WORKERS SAMPLES: a worker's last act is to free what nobody came for; until then it frees the objects of
# one other, always the same.
remote() {
	events "$1" | awk -v workers="$2" -v samples="$3" '
	$1 == "lost" { print "the trace is not whole" }
	$1 == "sample" { sampling[$2] = 1 }
	$1 == "warmup" { sampling[$2] = 0 }
	$1 == "drain" { drains[$2]++ }
	$1 == "alloc" { at[$3] = $2; allocs[$2] += sampling[$2] }
	$1 == "free" {
		frees[$2] += sampling[$2]
		if (drains[$2]) {
			if (at[$3] != $2) print "object " $3 " of CPU " at[$3] " is left to CPU " $2
		} else {
			if (at[$3] == $2) print "object " $3 " is freed where it was allocated, on CPU " $2
			if ((at[$3] in to) && to[at[$3]] != $2) print "CPU " at[$3] " gives to " to[at[$3]] " and to " $2
			to[at[$3]] = $2
		}
		delete at[$3]
	}
	END {
		for (i in at) print "object " i " is never freed"
		for (cpu = 0; cpu < workers; cpu++) {
			if (allocs[cpu] != samples) print "CPU " cpu " sampled " allocs[cpu] + 0 " allocations"
			if (frees[cpu] < samples) print "CPU " cpu " freed " frees[cpu] + 0 " while it sampled"
			if (drains[cpu] != 1) print "CPU " cpu " was drained " drains[cpu] + 0 " times"
			if (!(cpu in to) || givers[to[cpu]]++) print "CPU " cpu " gives to nobody, or to one who has a giver"
		}
	}'
}

# far FILE: as a comment, how many objects were freed where.
far() {
	events "$1" | awk -v name="$series: $1" '
	$1 == "alloc" { at[$3] = $2 }
	$1 == "free" { n[at[$3] == $2]++ }
	END { print "# " name ": " n[0] + 0 " objects freed elsewhere, " n[1] + 0 " left for the end" }'
}

# freed FILE: sizes allocated and objects freed, until a worker is drained. How long it warms up is not the seed's.
freed() {
	events "$1" | awk '$1 == "lost" || $1 == "drain" { exit } $1 == "alloc" { print "alloc", $4 } $1 == "free" { print "free", $3 }'
}

# given_back FILE: positions in their blocks of the pages given back before the workers start.
given_back() {
	events "$1" | awk '$1 == "lost" || $1 == "sample" { exit } $1 == "page" { print $3 }'
}

# alike OF FILE FILE LINES: both begin with the same lines, so many at least.
alike() {
	"$1" "$2" >"$tmp/one"
	"$1" "$3" >"$tmp/other"
	awk -v least="$4" -v what="$2 and $3" '
	NR == FNR { line[FNR] = $0; next }
	FNR in line && !bad { if (line[FNR] != $0) bad = FNR; n++ }
	END {
		if (bad || n < least) print what ": alike in " (bad ? bad - 1 : n + 0) " lines"
		exit bad || n < least
	}' "$tmp/one" "$tmp/other"
}

unlike() {
	! alike "$@" >/dev/null && [ "$(grep -c . "$tmp/one")" -ge "$4" ] && [ "$(grep -c . "$tmp/other")" -ge "$4" ]
}

# by_seed FILE OF LINES
by_seed() {
	none "$1: the same seed does the same, $3 events at least" alike "$2" "$1-7" "$1-7-again" "$3"
	echo "# $series: $1: $(grep -c . "$tmp/one") and $(grep -c . "$tmp/other") events"
	none "$1: another seed does not" unlike "$2" "$1-7" "$1-8" "$3"
}

# always FILE DEPTH: that many objects are live whenever one was freed.
always() {
	events "$1" | awk -v depth="$2" '
	$1 == "drain" { exit }
	$1 == "alloc" { live++ }
	$1 == "free" { n++; if (--live != depth) print live " objects after free " n }
	END { if (!n) print "no frees" }'
}

sizes() {
	events "$1" | sed -n 's/^alloc .* //p' | sort -u | tr '\n' ' ' | grep -v '^1234 308 617 $' || :
}

# turns FILE DEPTH [STEP]: that many allocations, then as many frees, of these very objects; each of the object that
# was allocated STEP after the last. What is left from warming up, and at the end, is drained.
turns() {
	events "$1" | awk -v depth="$2" -v step="${3:-0}" '
	$1 == "lost" { print "the trace is not whole" }
	$1 == "drain" {
		draining = 1
		frees = filled = 0
		split("", mine)
	}
	$1 == "alloc" {
		draining = 0
		if (frees && frees != depth) print "only " frees " frees before object " $3
		if (++filled > depth) print "object " $3 " is one too many"
		frees = 0
		mine[$3]
	}
	$1 == "free" && !draining {
		if (!frees && filled != depth) print "a free after " filled " allocations"
		if (!($3 in mine)) print "object " $3 " was freed already"
		if (step && frees && $3 - last != step) print "object " $3 " is freed after " last
		delete mine[$3]
		last = $3
		frees++
		filled = 0
		n++
	}
	END { if (n < depth) print n + 0 " frees" }'
}

# halves FILE: of each pair of pages one is given back before the workers start, the other when they are through.
halves() {
	events "$1" | awk '
	$1 == "lost" { print "the trace is not whole" }
	$1 == "block" { blocks++ }
	$1 == "sample" { over = 1 }
	$1 == "page" {
		if (!over && pair[$2, int($3 / 2)]++) print "both pages of a pair of block " $2 " are given back"
		soon[$2] += !over
		all[$2]++
	}
	END {
		if (blocks < 100) print blocks + 0 " blocks"
		for (i = 1; i <= blocks; i++)
			if (soon[i] != 8 || all[i] != 16) print "block " i ": " soon[i] + 0 " pages at once, " all[i] + 0 " in all"
	}'
}

judge() {
	none "remote, two CPUs: each object is freed on the other, those left at the end on its own" remote remote-2 2 100
	none "remote, four CPUs: each gives to one, and only what is left at the end is freed at home" remote remote-4 4 100
	far remote-2
	far remote-4
	by_seed churn freed 900
	none "churn: 40 objects are live after each free" always churn-7 40
	by_seed sizes freed 900
	none "churn of mix=3: three sizes are asked for" sizes sizes-7
	by_seed batch freed 600
	none "batch, random: 40 allocations, then their frees" turns batch-7 40
	none "batch, fifo: 200 allocations, then the first goes first" turns fifo 200 1
	none "batch, lifo: 200 allocations, then the last goes first" turns lifo 200 -1
	by_seed fragmented given_back 800
	none "fragmented: one page of each pair is pinned, and all come back" halves fragmented-7
}

main() {
	local status
	make -s -C "$here" tool >&2
	for series in 6.12 6.1; do
		status=0
		boot >"$tmp/log" 2>&1 || status=$?
		cat "$tmp/$series/boot-1/script.out" >>"$tmp/log" 2>/dev/null || :
		say "$status" "$series: every run is done, and traced" "$tmp/log"
		[ "$status" != 0 ] || judge
	done
	echo "1..$tests"
	[ "$failed" = 0 ]
}

main "$@"
