#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# The time lane's gate on made-up boots whose answer is known.

load compare.bash

setup() {
	cd "$BATS_TEST_TMPDIR" || return 1
	compare=$BATS_TEST_DIRNAME/../compare.sh
	data=$BATS_TEST_DIRNAME/data/gate
	a=(1000 1010 990 1005 1020 985 1000 1015)
}

# judged STATUS VERDICT CENTRE...: of new's boots against those in a.
judged() {
	local code=$1 verdict=$2
	shift 2
	time_side a base "${a[@]}"
	time_side b new "$@"
	run "$compare" --save v a b
	echo "$output"
	[ "$status" -eq "$code" ]
	[ "$(row - - p50 13)" = "$verdict" ]
}

# unsound WORDS CENTRE...: base booted again at these centres calls a change between equals.
unsound() {
	local words=$1
	shift
	time_side a base "${a[@]}"
	time_side aa base "$@"
	run "$compare" --aa aa a b
	echo "$output"
	[ "$status" -eq 3 ]
	[[ "$output" == *"the A/A arm calls $words: kmalloc 64 pair alloc"* ]]
}

@test "a steady rise of 10 % is a regression, p by the brute force" {
	judged 1 REGRESSION 1100 1115 1087 1109 1118 1085 1103 1112
	# p50 of these boots: half of the samples lie below centre - 10 + 1/2.
	python3 - >cells <<-'END'
		import math
		a = [1000, 1010, 990, 1005, 1020, 985, 1000, 1015]
		b = [1100, 1115, 1087, 1109, 1118, 1085, 1103, 1112]
		d50 = [math.log((y - 9.5) / (x - 9.5)) for x, y in zip(a, b)]
		d99 = [math.log((y + 20.5) / (x + 20.5)) for x, y in zip(a, b)]
		print("flip", *(",".join(map(repr, d)) for d in (d50, d99)))
		print("walsh", *map(repr, d50))
	END
	python3 "$data/brute.py" <cells >expected
	awk -F '\t' '$1 == "row" && $4 == "p50" { print $12, log(1 + $8 / 100), log(1 + $10 / 100), log(1 + $11 / 100) }' v/verdict.tsv >got
	awk 'NR == 1 { p = $1 } NR == 2 { e = $1; l = $2; h = $3 }
		NR == 3 { exit !(near($1, p) && near($2, e) && near($3, l) && near($4, h)) }
		function near(x, y) { return x - y < 2e-5 && y - x < 2e-5 }' expected got
}

@test "the same the other way round is an improvement and passes" {
	judged 0 IMPROVEMENT 900 909 893 901 922 885 903 912
}

@test "no difference beyond delta is equivalent and passes" {
	judged 0 EQUIVALENT 1001 1009 991 1004 1021 984 1001 1014
	[ "$(row - - p99 13)" = EQUIVALENT ]
}

@test "a wide scatter is inconclusive, with the pairs it needs, and never passes" {
	judged 3 INCONCLUSIVE 1100 900 1050 980 1120 890 1010 1005
	[ "$(row - - p50 14)" -gt 8 ]
	[[ "$output" == *"needs"*"pairs"* ]]
}

@test "five pairs are inconclusive however large the rise: needs 6 pairs" {
	time_side a base 1000 1010 990 1005 1020
	time_side b new 2000 2010 1990 2005 2020
	run "$compare" --save v a b
	[ "$status" -eq 3 ]
	[[ "$output" == *"needs 6 pairs"* ]]
	time_side a base 1000 1010 990 1005 1020 1001
	time_side b new 2000 2010 1990 2005 2020 2003
	run "$compare" a b
	[ "$status" -eq 1 ]
}

@test "a significant change below delta is no regression; a smaller delta makes it one" {
	judged 0 EQUIVALENT 1010 1020 1000 1015 1030 995 1010 1025
	run "$compare" --delta 0.5 a b
	[ "$status" -eq 1 ]
}

@test "the A/A arm's worst estimate is the floor of its figure" {
	time_side a base "${a[@]}"
	time_side aa base 1060 1060 1059 965 1081 1034 970 1056
	time_side b new 1030 1040 1021 1034 1051 1014 1031 1044
	run "$compare" --save v a b
	[ "$status" -eq 1 ]
	run "$compare" --save v --aa aa a b
	echo "$output"
	[ "$status" -eq 0 ]
	floor=$(sed -n 's/^run\tnoise_floor_p50_percent\t//p' v/verdict.tsv)
	awk -v f="$floor" 'BEGIN { exit !(f > 3.5 && f < 6) }'
	[ "$(row - - p50 9)" = "$floor" ]
}

@test "an A/A arm that moves nothing has the floor 0, by every awk" {
	time_side a base "${a[@]}"
	time_side aa base "${a[@]}"
	time_side b new 1100 1115 1087 1109 1118 1085 1103 1112
	mkdir bin
	for awk in mawk gawk original-awk; do
		ln -sf "$(command -v "$awk")" bin/awk
		PATH=$PWD/bin:$PATH run "$compare" --save v --aa aa a b
		echo "$output"
		[ "$status" -eq 1 ]
		grep -qx 'run	noise_floor_p50_percent	0.0000' v/verdict.tsv
	done
}

@test "an A/A arm that calls a regression makes the campaign an error" {
	time_side b new "${a[@]}"
	unsound "a regression" 1100 1115 1087 1109 1118 1085 1103 1112
}

@test "an A/A arm that calls an improvement is as unsound" {
	time_side b new 1080 1091 1069 1085 1102 1064 1080 1096
	unsound "an improvement" 900 909 893 901 922 885 903 912
}

@test "an A/A arm of few pairs, or of none that is one, is no floor but an error" {
	time_side a base "${a[@]}"
	time_side aa base 1100 1100 1100 1100 1100
	time_side b new 1001 1009 991 1004 1021 984 1001 1014
	run "$compare" --save v --aa aa a b
	echo "$output"
	[ "$status" -eq 3 ]
	grep -q '^error	the A/A arm has 5 pairs, needs 6$' v/verdict.tsv
	grep noise_floor v/verdict.tsv && return 1
	mkdir elsewhere
	mv aa/pair-* elsewhere/
	for k in 1 2 3 4 5; do mv elsewhere/pair-$k aa/other-$k; done
	run "$compare" --save v --aa aa a b
	[ "$status" -eq 3 ]
	grep -q '^error	the A/A arm has 0 pairs, needs 6: no boot of it' v/verdict.tsv
}

@test "an A/A arm of another kernel, module or command line is refused" {
	time_side a base "${a[@]}"
	time_side b new "${a[@]}"
	time_side aa other "${a[@]}"
	run "$compare" --aa aa a b
	echo "$output"
	[ "$status" -eq 2 ]
	[[ "$output" == *"different kernel: 6.12-base in"*"6.12-other in"* ]]
	[[ "$output" == *"different module: mbase in"*"mother in"* ]]
	rm -r aa
	time_side aa base "${a[@]}"
	sed -i 's/^meta /meta cmdline=quiet /' {a,b}/pair-*/boot-1/result-01.txt
	sed -i 's/^meta /meta cmdline=quiet\\040init_on_alloc=1 /' aa/pair-*/boot-1/result-01.txt
	run "$compare" --aa aa a b
	echo "$output"
	[ "$status" -eq 2 ]
	[[ "$output" == *"different command line of the A/A arm: nothing in"*" init_on_alloc=1 in"* ]]
}

@test "a boot missing on one side takes its pair away" {
	time_side a base "${a[@]}" 1000
	time_side b new 1100 1115 1087 1109 1118 1085 1103 1112 1104
	rm -r b/pair-9
	run "$compare" --save v a b
	[ "$status" -eq 1 ]
	grep -q $'^run\tpairs\t8$' v/verdict.tsv
}

@test "pooled scatter within a boot does not count: one boot a side is never judged" {
	time_side a base 1000
	time_side b new 2000
	run "$compare" a b
	[ "$status" -eq 3 ]
}

@test "a figure below three times the clock's cost is not judged without its batch" {
	for k in 1 2 3 4 5 6; do
		for side in a b; do
			result $side/pair-$k/boot-1/result-01.txt "$(common $side)" -v lane=time -v accel=tcg -v unit=tick -v overhead=40 <<-END
				kmalloc 64
				alloc 100:1000
			END
		done
	done
	run "$compare" a b
	[ "$status" -eq 3 ]
	[[ "$output" == *clock-limited* ]]
	for k in 1 2 3 4 5 6; do
		for side in a b; do
			result $side/pair-$k/boot-1/result-02.txt "$(common $side)" -v lane=time -v accel=tcg -v unit=tick -v overhead=40 -v timing=batch <<-END
				kmalloc 64
				pair calls=100 $((9000 + k))-$((9002 + k)):1000
			END
		done
	done
	run "$compare" --save v a b
	echo "$output"
	[ "$status" -eq 0 ]
	# The middle of 9003 to 9007, the median boots' p10, per call.
	[ "$(row - pair p10 5)" = 90.0 ]
}

@test "ticks become ns by each side's clock rate" {
	for k in 1 2 3 4 5 6; do
		result a/pair-$k/boot-1/result-01.txt "$(common base)" -v lane=time -v unit=tick -v khz=2000000 <<<$'kmalloc 64\nalloc 2000:1000'
		result b/pair-$k/boot-1/result-01.txt "$(common new)" -v lane=time -v unit=tick -v khz=1000000 <<<$'kmalloc 64\nalloc 1000:1000'
	done
	run "$compare" --save v a b
	[ "$status" -eq 0 ]
	[ "$(row - - p50 5)" = 1000.0 ]
}

# Each round's buckets come in order, those of both together do not: the second round begins below the first.
two_rounds() {
	local dir=$1 name=$2 k
	for k in 1 2 3 4 5 6; do
		printf 'kmalloc 64 round=0\nalloc %s\nkmalloc 64 round=1\nalloc %s\n' "$3" "$4" |
			result "$dir/pair-$k/boot-1/result-01.txt" "$(common "$name")" -v lane=time -v accel=tcg -v unit=tick -v param=rounds=2
	done
}

@test "rounds in another order are the same boots" {
	two_rounds a base "110:200 120:10" "50:300 100:410"
	two_rounds b new "50:300 100:410" "110:200 120:10"
	run "$compare" --save v a b
	echo "$output"
	[ "$(row - - p50 5)" = "$(row - - p50 6)" ]
	[ "$(row - - p50 13)" != IMPROVEMENT ]
	[ "$(row - - p50 13)" != REGRESSION ]
}

# clocked SIDE PAIR OPTION...: one boot of kmalloc 64, cells on stdin.
clocked() {
	local side=$1 pair=$2 file=$3
	shift 3
	result "$side/pair-$pair/boot-1/result-$file.txt" "$(common "$side")" -v lane=time -v accel=tcg -v unit=tick "$@"
}

@test "every boot has its own clock rate and cost" {
	for k in 1 2 3 4 5 6; do
		rate=1000000 cost=4
		[ "$k" != 1 ] || rate=2000000 cost=900
		clocked a "$k" 01 -v khz=$rate -v overhead=$cost <<<$'kmalloc 64\nalloc '$((rate / 1000)):1000
		clocked b "$k" 01 <<<$'kmalloc 64\nalloc 1000:1000'
	done
	run "$compare" --save v a b
	echo "$output"
	[ "$status" -eq 0 ]
	[ "$(row - - p50 5)" = 1000.0 ]
	[ "$(row - - p50 13)" = EQUIVALENT ]
}

@test "the batch of a clock-limited cell is found behind other words and another length" {
	for k in 1 2 3 4 5 6; do
		for side in a b; do
			clocked "$side" "$k" 01 -v overhead=40 -v param=node=0 <<<$'kmalloc 64\nalloc 100:1000'
			clocked "$side" "$k" 02 -v overhead=40 -v timing=batch -v param="calls=50 node=0" <<<$'kmalloc 64\npair calls=50 9000-9002:1000'
		done
	done
	run "$compare" --save v a b
	echo "$output"
	[ "$status" -eq 0 ]
	[ "$(row - alloc p50 15)" = "clock-limited: see timing=batch" ]
	sed -i 's/ node=0/ node=1/' {a,b}/pair-*/boot-1/result-02.txt
	run "$compare" --save v a b
	[ "$status" -eq 3 ]
	[ "$(row - alloc p50 15)" = "clock-limited: add timing=batch" ]
}

# stretched SIDE PAIR CELLS: one boot of stretches of 100 calls.
stretched() {
	result "$1/pair-$2/boot-1/result-01.txt" "$(common "$1")" -v lane=time -v accel=tcg -v unit=tick -v timing=batch -v param=calls=100 <<<"$3"
}

# What an interrupt or two do to a stretch moves its mean by a half, and a busy neighbour through most of a boot its p50 by a
# quarter; the p10 not at all.
@test "stretches are judged by their p10, not by their mean or p50" {
	local k late
	for k in 1 2 3 4 5 6 7 8; do
		stretched a "$k" $'kmalloc 64\npair calls=100 '"$((1200 + k)):200"
		late=$((k * k % 5 * 9000 + 9000))
		stretched b "$k" $'kmalloc 64\npair calls=100 '"$((1320 + k)):96 $((1320 + k + (1 + k % 3) * 400)):100 $late-$((late + late / 256)):4"
	done
	run "$compare" --save v a b
	echo "$output"
	[ "$status" -eq 1 ]
	[ "$(row - pair p10 5)" = 12.0 ]
	[ "$(row - pair p10 6)" = 13.2 ]
	[ "$(row - pair p10 13)" = REGRESSION ]
	[ -z "$(row - - mean 13)" ]
	[[ "$(tr -s '[:space:]' ' ' <<<"$output")" == *"note: no delay beside the stretches of 1 figures"* ]]
}

# drifting SIDE FACTOR [ALLOC]: eight boots on a machine of another speed each; kmalloc costs 12 ticks times FACTOR
# where delay costs 400, or what ALLOC stands for.
drifting() {
	local side=$1 factor=$2 other=${3:-delay} k slow
	for k in 1 2 3 4 5 6 7 8; do
		slow=$((100 + k * 37 % 50 + (k + factor) % 7 * 11))
		stretched "$side" "$k" "$other 64"$'\npair calls=100 '"$((400 * slow)):200"$'\nkmalloc 64\npair calls=100 '"$((12 * factor * slow / 100 + k % 2)):200"
	done
}

@test "stretches beside delay are judged by their ratio to it in the same boot" {
	drifting a 100
	drifting b 110
	run "$compare" --all --save v a b
	echo "$output"
	[ "$status" -eq 1 ]
	[ "$(row 'kmalloc 64 pair timing=batch' pair p10 13)" = REGRESSION ]
	[ "$(row 'kmalloc 64 pair timing=batch' pair p10 15)" = "relative to delay" ]
	awk -v got="$(row 'kmalloc 64 pair timing=batch' pair p10 8)" 'BEGIN { exit !(got > 9.7 && got < 10.3) }'
	[ "$(row 'delay 64 pair timing=batch' pair p10 13)" = UNGATED ]
	[ "$(row 'delay 64 pair timing=batch' pair p10 15)" = "a reference, no allocator" ]
	[[ "$(tr -s '[:space:]' ' ' <<<"$output")" == *"note: stretches of calls are judged by their p10 relative to that of delay in the same boot"* ]]
	# The same figures beside an allocator: the machine's speed hides the change.
	rm -r a b
	drifting a 100 vmalloc
	drifting b 110 vmalloc
	run "$compare" --save v a b
	[ "$status" -eq 3 ]
	[ "$(row 'kmalloc 64 pair timing=batch' pair p10 13)" = INCONCLUSIVE ]
}

@test "a boot without delay leaves its pair out" {
	drifting a 100
	drifting b 110
	sed -i '/^cell id=0/s/state=ok/state=failed reason=planted/; /^op cell=0/d; /^hist cell=0/d' b/pair-3/boot-1/result-01.txt
	run "$compare" --save v a b
	echo "$output"
	[ "$status" -eq 3 ] || [ "$status" -eq 1 ]
	[ "$(row 'kmalloc 64 pair timing=batch' pair p10 13)" = REGRESSION ]
	grep -qx 'run	pairs	7' v/verdict.tsv
}

@test "the floor of stretches is their own, not that of single calls" {
	local k cells name
	time_side a base "${a[@]}"
	time_side aa base 1060 1060 1059 965 1081 1034 970 1056
	time_side b new 1030 1040 1021 1034 1051 1014 1031 1044
	for k in 1 2 3 4 5 6 7 8; do
		for side in a aa b; do
			cells=$'kmalloc 64\npair calls=100 '"$((1200 + k + (${#side} - 1) * (k % 2 * 6 - 3))):200"
			name=base
			[ "$side" != b ] || cells=${cells/12/13} name=new
			result $side/pair-$k/boot-1/result-02.txt "$(common $name)" \
				-v lane=time -v accel=tcg -v unit=tick -v timing=batch -v param=calls=100 <<<"$cells"
		done
	done
	run "$compare" --save v --aa aa a b
	echo "$output"
	[ "$(row 'kmalloc 64 pair' alloc p50 13)" = INCONCLUSIVE ] || [ "$(row 'kmalloc 64 pair' alloc p50 13)" = EQUIVALENT ]
	[ "$(row - pair p10 13)" = REGRESSION ]
	grep -q '^run	noise_floor_stretch_percent	0\.' v/verdict.tsv
}

# Simulated in the statistics: 8 (sd / distance)^2 for one cell; the distance is that from the change seen to the one
# that counts.
@test "the pairs needed are those that settle the change seen, and the row says which" {
	judged 3 INCONCLUSIVE 1500 900 1450 980 1520 890 1010 1505
	need=$(row - - p50 14)
	[ "$(row - - p50 15)" = "needs about $need pairs to call that change" ]
	# Both figures are one family.
	python3 - >expected <<-'END'
		import math, statistics
		a = [1000, 1010, 990, 1005, 1020, 985, 1000, 1015]
		b = [1500, 900, 1450, 980, 1520, 890, 1010, 1505]
		d = [math.log((y - 9.5) / (x - 9.5)) for x, y in zip(a, b)]
		e = statistics.median((d[i] + d[j]) / 2 for i in range(8) for j in range(i, 8))
		factor = 8 + 22 * math.log(2) / math.log(40)
		print(max(9, math.ceil(factor * (statistics.stdev(d) / (abs(e) - math.log(1.02))) ** 2)))
	END
	[ "$need" = "$(cat expected)" ]
	judged 3 INCONCLUSIVE 1100 900 1050 980 1120 890 1010 1005
	[ "$(row - - p50 15)" = "needs about $(row - - p50 14) pairs to call it equal" ]
}

@test "the same kernel on both sides: judged as an A/A arm, and no change called is one" {
	time_side a base "${a[@]}"
	time_side b base 1100 1115 1087 1109 1118 1085 1103 1112
	run "$compare" --save v a b
	echo "$output"
	[ "$status" -eq 3 ]
	[ "$(row - - p50 13)" = INCONCLUSIVE ]
	[[ "$(row - - p50 15)" == "false alarm: the same kernel"* ]]
	time_side b base 1001 1009 991 1004 1021 984 1001 1014
	run "$compare" --save v a b
	[ "$status" -eq 0 ]
	[[ "$output" == *"SAME: nothing was compared"* ]]
	run "$compare" --save v a a
	[ "$status" -eq 0 ]
	[ "$(row - - p50 13)" = UNGATED ]
	[[ "$output" == *"SAME: nothing was compared"*"and so is every"* ]]
}

@test "too few pairs: the command that would settle it" {
	time_side a base 1000 1010
	time_side b new 2000 2010
	run "$compare" --format json a b
	[ "$status" -eq 3 ]
	jq -r '.notes[]' <<<"$output" | grep -F ' && bench-scripts/ci.sh --base 6.12-base --new 6.12-new --suite ./plan --lane time --accel tcg --pairs 6'
}

# The arithmetic means of these boots say 1128 and 1104, all pairs but one say +10 %.
@test "base, new and their difference never contradict the change" {
	time_side a base 1000 1010 990 1005 1020 985 1000 3000
	time_side b new 1100 1115 1087 1109 1118 1085 1103 1112
	run "$compare" --all --save v a b
	echo "$output"
	# Half of the samples lie below centre - 10 + 1/2; the median boots of base are 1000 and 1005.
	[ "$(row - - p50 5)" = 993.0 ]
	awk -v a="$(row - - p50 5)" -v b="$(row - - p50 6)" -v d="$(row - - p50 7)" -v c="$(row - - p50 8)" 'BEGIN {
		exit !(c > 9 && near(b, a * (1 + c / 100)) && near(d, b - a))
	}
	function near(x, y) { return x - y < 0.11 && y - x < 0.11 }'
}

@test "calls that fail on one side only leave the others unjudged" {
	time_side a base "${a[@]}"
	time_side b new 900 909 893 901 922 885 903 912
	sed -i '/^cell/s/fail=0/fail=50/' b/pair-*/boot-1/result-01.txt
	run "$compare" --save v a b
	echo "$output"
	[ "$status" -eq 3 ]
	[ "$(row - - p50 13)" = INCONCLUSIVE ]
	[ "$(row - - p99 13)" = INCONCLUSIVE ]
	[ "$(row - - p50 15)" = "400 calls failed in new, 0 in base" ]
	# As many on either side are a property of the cell.
	sed -i '/^cell/s/fail=0/fail=50/' a/pair-*/boot-1/result-01.txt
	run "$compare" --save v a b
	[ "$status" -eq 0 ]
	[ "$(row - - p50 13)" = IMPROVEMENT ]
	sed -i '/^cell/s/fail=50/fail=0/' b/pair-*/boot-1/result-01.txt
	run "$compare" --save v a b
	[ "$status" -eq 3 ]
	[ "$(row - - p50 15)" = "0 calls failed in new, 400 in base" ]
}

@test "a rise in spite of more failures is a regression still" {
	time_side a base "${a[@]}"
	time_side b new 1100 1115 1087 1109 1118 1085 1103 1112
	sed -i '/^cell/s/fail=0/fail=1/' b/pair-1/boot-1/result-01.txt
	run "$compare" --save v a b
	[ "$status" -eq 1 ]
	[ "$(row - - p50 15)" = "1 calls failed in new, 0 in base" ]
}

@test "the cost of the clock is printed in the unit of the table" {
	for k in 1 2 3 4 5 6; do
		for side in a b; do
			clocked "$side" "$k" 01 -v khz=2000000 -v overhead=41 <<<$'kmalloc 64\nalloc 1000:1000'
		done
	done
	run "$compare" a b
	echo "$output"
	[[ "$output" == *"in ns"*"clock cost 20.5"* ]]
}

# dated SIDE MONTH PAIR: one boot on that day.
dated() {
	clocked "$1" "$3" 01 <<<$'kmalloc 64\nalloc 1000:1000'
	sed -i "s/^meta /meta date=2026-$2-0$3T10:00:00Z /" "$1/pair-$3/boot-1/result-01.txt"
}

@test "all of base, then all of new is noted" {
	for k in 1 2 3 4 5 6; do
		dated a 01 "$k"
		dated b 02 "$k"
	done
	run "$compare" a b
	echo "$output"
	[ "$status" -eq 0 ]
	[[ "$(tr -s '[:space:]' ' ' <<<"$output")" == *"note: base and new were not interleaved: a drift of the machine counts as a change"* ]]
	run "$compare" b a
	[[ "$output" == *"base and new were not interleaved"* ]]
	dated b 01 1
	run "$compare" a b
	[ "$status" -eq 0 ]
	[[ "$output" != *"not interleaved"* ]]
}

@test "a figure that the A/A arm does not have in every pair cannot be judged" {
	local k cells
	for k in 1 2 3 4 5 6; do
		for side in a r b; do
			cells=$'kmalloc 64\nalloc '$((1000 + k)):1000$'\nkmalloc 128\nalloc '$((2000 + k)):1000
			[ "$side$k" != r3 ] || cells=${cells%alloc*}
			[ "$side$k" != r3 ] || cells=${cells/128/128 state=skipped}
			result $side/pair-$k/boot-1/result-01.txt "$(common ${side/r/a})" -v lane=time -v accel=tcg -v unit=tick <<<"$cells"
		done
	done
	run "$compare" --save v --aa r a b
	echo "$output"
	[ "$status" -eq 3 ]
	[ "$(row 'kmalloc 64 pair' alloc p50 13)" = EQUIVALENT ]
	[ "$(row 'kmalloc 128 pair' alloc p50 15)" = "not in every pair of the A/A arm" ]
}

# found KIND PAIRS CENTRE...: what that many pairs find, in percent, from the centres of a and these, by the textbook:
# two figures are judged, and 2 % is of no interest.
found_by_hand() {
	python3 - "$@" <<-'END'
		import math, statistics, sys
		a = [1000, 1010, 990, 1005, 1020, 985, 1000, 1015]
		d = [math.log((int(y) - 9.5) / (x - 9.5)) for x, y in zip(a, sys.argv[2:])]
		factor = 8 + 22 * math.log(2) / math.log(40)
		one = math.log(1.02) + statistics.stdev(d) * math.sqrt(factor / int(sys.argv[1]))
		print(f"{100 * (math.exp(one) - 1):.2f}")
	END
}

@test "the smallest change that the pairs find is told, by hand" {
	b=(1003 1009 995 1001 1022 980 1004 1011)
	time_side a base "${a[@]}"
	time_side b new "${b[@]}"
	run "$compare" --save v a b
	want=$(found_by_hand 8 "${b[@]}")
	[ "$(sed -n 's/^run	finds_p50_percent	//p' v/verdict.tsv)" = "$want" ]
	[[ "$output" == *"8 pairs find a change of ${want%?} % in half of 1 p50"* ]]
	run "$compare" --foretell 30 a b
	[ "$status" -eq 0 ]
	want=$(found_by_hand 30 "${b[@]}")
	[[ "$output" == *"30 pairs find a change of $(printf %.1f "$want") % in half of 1 p50, by the 8 that are there"* ]]
}

@test "what the pairs scatter by in the A/A arm tells it, not what changed" {
	time_side a base "${a[@]}"
	time_side aa base 1003 1009 995 1001 1022 980 1004 1011
	time_side b new 1500 1100 1480 1200 1530 1600 1505 1300
	run "$compare" --aa aa --save v a b
	[ "$(sed -n 's/^run	finds_p50_percent	//p' v/verdict.tsv)" = "$(found_by_hand 8 1003 1009 995 1001 1022 980 1004 1011)" ]
}

# Cells of one pair: +1, -2, +3, -4 and +90 per mille: the median distance from none is 3.
@test "the first pair tells it before there are others, by all cells together" {
	local size side
	for side in a aa; do
		mkdir -p "$side/pair-1/boot-1"
		echo good >"$side/pair-1/boot-1/verdict"
		for size in 8:1001 16:998 32:1003 64:996 128:1090; do
			[ "$side" = aa ] || size=${size%:*}:1000
			printf 'kmalloc %s\npair calls=100 %s:50\n' "${size%:*}" "${size#*:}000"
		done | awk -v meta="$(common base)" -v lane=time -v accel=kvm -v unit=tick -v timing=batch -f "$data/make.awk" >"$side/pair-1/boot-1/result-01.txt"
	done
	cp -r aa new
	# 2 % and 3 per mille times 1.4826 times the root of (8 + 22 ln 5 / ln 40) / 12.
	run "$compare" --foretell 12 --aa aa a new
	echo "$output"
	[ "$status" -eq 0 ]
	[ "$output" = "12 pairs find a change of 2.6 % in half of 5 stretches, by the first" ]
}

@test "--foretell: what it does not go with" {
	time_side a base 1000
	for words in 0 x 1.5; do
		run "$compare" --foretell "$words" a a
		[ "$status" -eq 2 ]
	done
	insn_side i base $'kmalloc 64\nalloc 117:1000'
	run "$compare" --foretell 8 i i
	[ "$status" -eq 2 ]
	[[ "$output" == *"--foretell is for the time lane"* ]]
}

@test "what hardware counters saw stands beside what it took, and calls nothing" {
	local side n=0 file
	for side in a b; do
		time_side "$side" "$side" "${a[@]}"
		for file in "$side"/*/*/result-01.txt; do
			n=$((n + 1))
			[ "$side" = a ] || n=200
			sed -i "/^end /i counter cell=0 op=alloc name=instructions n=1000 sum=$((1000 * (12000 + n))) min=$((12000 + n)) p50=$((12000 + n)) p90=- p99=- p999=- max=$((12000 + n)) under=0 calls=100 overhead=5" "$file"
		done
	done
	run "$compare" --all --save v a b
	echo "$output"
	[ "$status" -eq 0 ]
	# The median of 1 to 8, and 200, over a hundred calls.
	[ "$(row - alloc instructions 5)" = 120.05 ]
	[ "$(row - alloc instructions 6)" = 122.00 ]
	[ "$(row - alloc instructions 13)" = UNGATED ]
	[[ "$output" =~ "alloc instructions "\ *"120.0 "\ *"122  +1.6%" ]]
}
