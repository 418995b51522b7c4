#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Inside the guest of clocks.t: clocks that go wrong, one after the other, and
# last the module as it is while the host stops the machine.
# shellcheck source-path=SCRIPTDIR source=../guest/tap.sh
. /kab/tap.sh

# Edges, as fault.c counts them: a sample begins, it ends, and all other readings.
begin=0 end=1 now=2
# The calibration ends and begins some 25,000 samples, and takes 370 other readings: the faults come after it.
LINE="allocs=kmalloc sizes=64 samples=20000 budget_ms=5000"
half=35000
half_now=600
# Both CPUs of a pair are calibrated, and each goes on reading until the other is through.
half_now_two=6000

# wrong LINE PARAMETER...: a run with a clock that goes wrong so; what it left is in /tmp. Never longer than 30 s.
wrong() {
	local line
	line=$1
	shift
	insmod /kab/faulty.ko "$@" || return
	timeout 30 /kab/tool write "$D/run" "$line" >/tmp/answer || :
	answer=$(cut -d ' ' -f 1 /tmp/answer)
	happened=$(cat /sys/module/kallocbench/parameters/happened)
	cat "$D/error" >/tmp/error
	cat "$D/results" >/tmp/results
	cat "$D/summary" >/tmp/summary
	ok "it can be unloaded" unload
}

# ended: how the last run did.
ended() {
	sed -n 's/^end .*state=//p' /tmp/results
}

# about NAME: what a person sees goes to the log.
about() {
	echo "# $1: $answer; $(head -n 1 /tmp/error); $(sed -n 's/^cell .* \(state=\)/\1/; s/\\040/ /g; /^state/p' /tmp/results | head -n 1)"
}

# refuses NAME SENTENCE: the last run ended with EIO, says SENTENCE, and shows no cell as measured.
refuses() {
	about "$1"
	is "$1: the run fails" "$answer $(ended)" "EIO failed"
	like "$1: the sentence says why" "$(head -n 1 /tmp/error)" "$2"
	is "$1: no cell is called measured" "$(cells 'state=(ok|short)' /tmp/results)" 0
}

# fails NAME SENTENCE: so, with results that the reader of the format takes.
fails() {
	refuses "$@"
	ok "$1: the reader takes the results" whole /tmp/results
}

# sane NAME: no sample of the last run is longer than an hour, and all of them together not longer than the run.
sane() {
	ok "$1: the reader takes the results" whole /tmp/results
	# shellcheck disable=SC2016 # awk's
	ok "$1: every number can be true" awk '
		function value(key,   i) {
			for (i = 1; i <= NF; i++)
				if (index($i, key "=") == 1)
					return substr($i, length(key) + 2) + 0
		}
		/^clock / { hour = value("khz") * 3600000 }
		/^cell / { wall = value("wall"); sum = 0; if (wall > hour) bad = 1 }
		/^op / && !/ cpu=/ { sum += value("sum"); if (value("max") > hour || sum > wall) bad = 1 }
		bad { print; exit 1 }' /tmp/results
}

unknown() {
	wrong "$LINE" fault=unknown
	refuses "no frequency" "^the frequency of the TSC is unknown"
	not_ok "no frequency: the reader does not take the results" whole /tmp/results
	like "no frequency: and says why" "$(cat /tmp/said)" "khz=0, ticks cannot be turned into time"
}

unstable() {
	wrong "$LINE" fault=unstable edge=$now after=0
	fails "distrusted during the calibration" "calls the TSC unstable"
	wrong "$LINE" fault=unstable edge=$now after=$half_now
	is "the kernel loses its trust during a run" "$happened" Y
	fails "distrusted during a run" "calls the TSC unstable"
}

stops() {
	wrong "$LINE" fault=stop edge=$now after=0
	fails "never moved" "^the clock stands still"
	wrong "$LINE" fault=stop edge=$end after=$half
	is "the clock stops in the middle" "$happened" Y
	fails "stops within a sample" "^the clock stands still"
	wrong "$LINE" fault=stop edge=$now after=$half_now
	fails "stops between samples" "^the clock stands still"
}

# Far back, to before the zero of a machine that has just booted, and less than
# the run has lasted: each is harder to see than the one before.
backwards() {
	local edge after
	for edge in $begin $end $now; do
		after=$half
		[ "$edge" != $now ] || after=$half_now
		wrong "$LINE" fault=jump edge="$edge" after="$after" jump_us=-10000000
		is "the clock jumps back, edge $edge" "$happened" Y
		fails "10 s back, edge $edge" "^the clock ran backwards"
		wrong "$LINE" fault=jump edge="$edge" after="$after" jump_us=-2000000000
		is "the clock jumps to before its zero, edge $edge" "$happened" Y
		fails "2,000 s back, edge $edge" "^the clock ran backwards"
	done
	wrong "$LINE" fault=jump edge=$end after=$half jump_us=-1000
	fails "1 ms back within a sample" "^the clock ran backwards"
	wrong "$LINE" fault=jump edge=$begin after=$half jump_us=-1000
	about "1 ms back between two samples"
	sane "1 ms back between two samples"
	wrong "$LINE" fault=jump edge=$end after=5000 jump_us=-10000000
	fails "10 s back in the calibration" "^the clock ran backwards"
}

# As when the machine was stopped for a while: it may happen, and shows.
forwards() {
	wrong "$LINE" fault=jump edge=$end after=$half jump_us=10000000
	about "10 s ahead within a sample"
	is "10 s ahead within a sample: the run is done" "$answer $(ended)" "ok done"
	is "10 s ahead within a sample: its budget is over" "$(cells 'state=short .*reason=budget_ms' /tmp/results)" 1
	sane "10 s ahead within a sample"
	wrong "$LINE" fault=jump edge=$now after=$half_now jump_us=10000000
	about "10 s ahead between chunks"
	sane "10 s ahead between chunks"
	wrong "$LINE" fault=jump edge=$end after=5000 jump_us=20000000
	fails "20 s ahead in the calibration" "^the clock does not run evenly"
}

# ends_with NAME LINE PARAMETER...: the run fails with $sentence.
ends_with() {
	local name
	name=$1
	shift
	wrong "$@"
	is "$name" "$answer $(head -n 1 /tmp/error)" "EIO $sentence"
}

# Wherever the calls are made from, and in whatever order: no loop waits for the clock.
everywhere() {
	local word line after
	sentence="the clock stands still"
	for word in process preempt_off bh_off irqs_off softirq hardirq; do
		ends_with "stops, context $word" "$LINE flags=GFP_ATOMIC contexts=$word" fault=stop edge=$now after=$half_now
	done
	for word in pair batch churn cold fragmented exhaust remote; do
		after=$half_now
		case $word in
		batch | churn) line="$LINE depth=64" ;;
		fragmented) line="$LINE share=1" ;;
		exhaust) line="$LINE bytes=16M" ;;
		remote) line="$LINE cpus=all" after=$half_now_two ;;
		*) line=$LINE ;;
		esac
		ends_with "stops, pattern $word" "$line patterns=$word" fault=stop edge=$now after=$after
	done
	sentence="the clock ran backwards"
	ends_with "10 s back, interrupts off" "$LINE flags=GFP_ATOMIC contexts=irqs_off" \
		fault=jump edge=$begin after=$half jump_us=-10000000
	ends_with "10 s back, two CPUs" "$LINE cpus=all patterns=remote" fault=jump edge=$now after=$half_now_two jump_us=-10000000
}

# The host stops this machine for 4 s when it reads the word, halfway through a run whose cells take 3 each.
# Ten million calls of kmalloc fit into that on a fast host; those of vmalloc do not.
stopped_from_outside() {
	local since
	load
	/kab/tool write "$D/run" "allocs=vmalloc sizes=64,128 samples=10000000 budget_ms=3000" >/tmp/answer &
	ok "a run of the module as it is comes to its second cell" wait_for 20 grep -q 'cell=1/2' "$D/status"
	since=$(cut -d . -f 1 /proc/uptime)
	echo running >/dev/ttyS2
	wait $!
	answer=$(cut -d ' ' -f 1 /tmp/answer)
	cat "$D/error" >/tmp/error
	cat "$D/results" >/tmp/results
	about "stopped for 4 s"
	ok "the machine was stopped" test $(($(cut -d . -f 1 /proc/uptime) - since)) -ge 4
	is "stopped for 4 s: the run is done" "$answer $(ended)" "ok done"
	is "stopped for 4 s: its budget is over" "$(cells 'state=short .*reason=budget_ms')" 2
	sane "stopped for 4 s"
	unload
}

main() {
	dmesg -c >/dev/null
	unknown
	unstable
	stops
	backwards
	forwards
	everywhere
	stopped_from_outside
	is "the kernel had nothing to say" "$(splats)" ""
	finish
}

main
