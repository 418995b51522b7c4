# SPDX-License-Identifier: GPL-2.0
# How often does the time lane cry wolf, and how often does it find a change? Made-up campaigns of stretches, judged by
# the gate itself; in bench-scripts:
#
#	awk -f tests/data/gate/simulate.awk -v runs=400 -v pairs=12 [-v change=10] [-v delay=0] [-v cells=10] [-v seed=1]
#
# change: percent by which the first cell, a call of 12 ns, is slower in new. delay=0: a plan without it.
# Prints: runs, those that called a cell that did not change, those that found the one that did.
#
# The machine: its speed differs from boot to boot by 8 % (standard deviation), and a boot in six runs at half of it,
# beside a busy neighbour; a cell of one boot by 2.1 % of its own, so that the ratio of two scatters by 3 %, a boot in
# ten three times as far. Stretches within a boot scatter by 5 %, and one in fifty holds an interrupt, 2 to 20 times
# as long. As seen over 25 boots at real speed: quartiles 8 % apart, 3.1 % once divided by delay.

BEGIN {
	OFS = "\t"
	if (!runs)
		runs = 100
	if (!pairs)
		pairs = 12
	if (!cells)
		cells = 10
	if (delay == "")
		delay = 1
	stretches = 100
	calls = 100
	state = 20261130 + 7919 * seed
	"mktemp" | getline verdicts
	gate = "awk -f export/label.awk -f lib/filter.awk -f gate/stats.awk -f gate/tolerance.awk -f gate/judge.awk -f gate/delay.awk -f gate/time.awk -v delta=2 >" verdicts
	for (run = 1; run <= runs; run++)
		campaign()
	system("rm -f " verdicts)
	printf "%d runs of %d pairs, %d cells, %s delay: %d called what did not change (%.1f%%)", runs, pairs, cells, \
		(delay ? "with" : "without"), alarms, 100 * alarms / runs
	printf change ? ", %d found +" change "%% (%.1f%%)\n" : "\n", found, 100 * found / runs
}

# Park and Miller's, the same in every awk.
function uniform() {
	state = (state * 16807) % 2147483647
	return state / 2147483647
}

function normal() {
	return sqrt(-2 * log(uniform())) * cos(6.283185307179586 * uniform())
}

function campaign(    c, k, s, side, speed) {
	for (c = delay ? 0 : 1; c <= cells; c++)
		print "cell", key_of(c), "cell " c | gate
	for (k = 1; k <= pairs; k++)
		for (s = 1; s <= 2; s++) {
			side = s == 1 ? "base" : "new"
			print "clock", side, "pair-" k, 2000000, 40, "tick" | gate
			speed = exp(0.08 * normal()) * (uniform() < 1 / 6 ? 2 : 1)
			for (c = delay ? 0 : 1; c <= cells; c++)
				boot_of(c, side, "pair-" k, speed)
		}
	close(gate)
	read_verdicts()
}

function key_of(c) {
	return "1/" (c ? "kmalloc/" 8 * c : "delay/8") "/GFP_KERNEL/process/pair/0"
}

# Two ticks are a nanosecond; delay's 2,000 instructions take 350 ns.
function ticks_of(c, side) {
	if (!c)
		return 700
	return 24 * (1 + (c - 1) * 0.7) * (c == 1 && side == "new" ? 1 + change / 100 : 1)
}

function boot_of(c, side, unit, speed,    own, i, x, lo, wide, n, sum, bucket, width, order) {
	own = 0.021 * normal()
	if (uniform() < 0.1)
		own *= 3
	for (i = 1; i <= stretches; i++) {
		x = calls * ticks_of(c, side) * speed * exp(own + 0.05 * normal())
		if (uniform() < 0.02)
			x *= 2 + 18 * uniform()
		wide = 1
		while (x / wide >= 256)
			wide *= 2
		if (x < 4096)
			wide = 1
		lo = wide * int(x / wide)
		if (!(lo in bucket))
			order[++n] = lo
		bucket[lo]++
		width[lo] = wide
		sum += lo
	}
	sort_few(order, n)
	print "state", key_of(c), side, unit, "ok", "-", 0 | gate
	print "sum", key_of(c), "pair", side, unit, stretches, order[1], order[n], sum, calls | gate
	for (i = 1; i <= n; i++)
		print "bucket", key_of(c), "pair", side, unit, order[i], order[i] + width[order[i]] - 1, bucket[order[i]] | gate
}

function sort_few(v, n,    i, j, x) {
	for (i = 2; i <= n; i++) {
		x = v[i]
		for (j = i - 1; j >= 1 && v[j] > x; j--)
			v[j + 1] = v[j]
		v[j + 1] = x
	}
}

function read_verdicts(    line, f, wrong, hit) {
	while ((getline line <verdicts) > 0) {
		split(line, f, OFS)
		if (f[1] != "row" || f[13] !~ /REGRESSION|IMPROVEMENT/)
			continue
		if (change && f[2] == "cell 1" && f[13] == "REGRESSION")
			hit = 1
		else
			wrong = 1
	}
	close(verdicts)
	alarms += wrong
	found += hit
}
