#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# results.awk against known answers, under every awk there is, and against
# damaged files: each must be refused with file, line and reason.

setup() {
	cd "$BATS_TEST_DIRNAME/.." || return 1
	good=tests/data/two-cells.txt
	bad=$BATS_TEST_TMPDIR/bad.txt
}

read_table() {
	awk -f results.awk -v table="$1" "$2"
}

# refused EXPRESSION LINE REASON: the good file after sed EXPRESSION.
refused() {
	sed "$1" "$good" >"$bad"
	! cmp -s "$good" "$bad" || {
		echo "sed '$1' changed nothing"
		return 1
	}
	run read_table ops "$bad"
	echo "$output"
	[ "$status" -eq 2 ]
	[ "${output%%: *}" = "$bad:$2" ]
	[[ "$output" == *"$3"* ]]
	[ "${#lines[@]}" -eq 1 ]
}

@test "every table of the good file, in every awk" {
	for awk in mawk gawk 'busybox awk' original-awk; do
		for table in meta param clock fact cells ops hist hists tail end; do
			$awk -f results.awk -v table="$table" tests/data/two-cells.txt
		done >"$BATS_TEST_TMPDIR/out"
		diff "$BATS_TEST_TMPDIR/out" tests/data/two-cells.tables
	done
}

# A vector of the good file's first op, whose 1000 samples take 117 each.
with_vector() {
	sed "/^end /i vector cell=0 op=alloc n=${2-1000} $1" "$good" >"$BATS_TEST_TMPDIR/vector.txt"
}

@test "vector: a row for each metric, in every awk" {
	with_vector "insns=$(grep -m 1 '^op cell=0 op=alloc' "$good" | sed 's/.* sum=\([0-9]*\) min=\([0-9]*\) p50=\([0-9]*\) .* max=\([0-9]*\) .*/\2:\3:\4:\1/') locked=0:0:2:11"
	for awk in mawk gawk 'busybox awk' original-awk; do
		$awk -f results.awk -v table=vector "$BATS_TEST_TMPDIR/vector.txt" | cut -f 3- >"$BATS_TEST_TMPDIR/out"
		[ "$(wc -l <"$BATS_TEST_TMPDIR/out")" -eq 3 ]
		grep -q -P '^kmalloc\t64\t.*\tpair\t0\t0\talloc\t.*\tlocked\t1000\t0\t0\t2\t11$' "$BATS_TEST_TMPDIR/out"
	done
	# Who asks for other tables sees none of it.
	read_table ops "$BATS_TEST_TMPDIR/vector.txt" | cut -f 2- >"$BATS_TEST_TMPDIR/with"
	read_table ops "$good" | cut -f 2- | diff - "$BATS_TEST_TMPDIR/with"
}

@test "counter: a row for each, and refused where it contradicts its op or itself" {
	local line
	sed "/^end /i counter cell=0 op=alloc name=cycles n=1000 sum=2100 min=2 p50=2 p90=2 p99=- p999=- max=3 under=0 calls=100 overhead=7" "$good" >"$BATS_TEST_TMPDIR/counter.txt"
	for awk in mawk gawk 'busybox awk' original-awk; do
		$awk -f results.awk -v table=counter "$BATS_TEST_TMPDIR/counter.txt" | cut -f 3- >"$BATS_TEST_TMPDIR/out"
		grep -q -P '^kmalloc\t64\t.*\tpair\t0\t0\talloc\t.*\tcycles\t1000\t2100\t2\t2\t3\t100\t7$' "$BATS_TEST_TMPDIR/out"
	done
	while read -r line; do
		sed "${line% !*}" "$BATS_TEST_TMPDIR/counter.txt" >"$BATS_TEST_TMPDIR/bad.txt"
		run read_table ops "$BATS_TEST_TMPDIR/bad.txt"
		echo "$output"
		[ "$status" -eq 2 ]
		[[ "$output" == *"counter: ${line#*! }"* ]]
	done <<-'EOF'
		s/^counter cell=0 op=alloc name=cycles n=1000/counter cell=0 op=alloc name=cycles n=999/ ! n=999, the op line says n=1000
		s/^counter cell=0 op=alloc/counter cell=0 op=touch/ ! no op line for cell 0 op touch
		s/ name=cycles// ! name= is missing
		/^counter/s/sum=2100/sum=5000/ ! sum=5000 does not fit
	EOF
}

@test "vector: refused where it contradicts its op or itself" {
	local n line
	while read -r n line; do
		with_vector "${line% !*}" "$n"
		run read_table ops "$BATS_TEST_TMPDIR/vector.txt"
		echo "$output"
		[ "$status" -eq 2 ]
		[[ "$output" == *"vector: ${line#*! }"* ]]
	done <<-'EOF'
		999 locked=0:0:0:0 ! n=999, the op line says n=1000
		1000 insns=1:1:1:1000 ! insns=1:1:1:1000, but the op line says min, max, sum
		1000 locked=0:0:2 ! locked=0:0:2 is not least:median:most:sum
		1000 locked=2:1:2:2000 ! locked=2:1:2:2000 is not in order
		1000 locked=0:0:1:1001 ! locked=0:0:1:1001 is not in order, or its sum
	EOF
	sed '/^end /i vector cell=9 op=alloc n=1' "$good" >"$bad"
	run read_table ops "$bad"
	[[ "$output" == *"vector: no cell id=9 before this line" ]]
}

@test "several tables in one pass carry their name" {
	run read_table cells,end "$good"
	[ "$status" -eq 0 ]
	[[ "${lines[1]}" == cells*kmalloc* ]]
	[ "${lines[4]}" = "$(printf 'end\t%s\t2\tdone' "$good")" ]
}

@test "variant: what of the parameter line is not the default of the module" {
	# KEY(CALLS, "calls", "100", ...
	defaults=$(sed -n 's/^KEY([A-Z_]*, "\([a-z_]*\)", "\([^"]*\)".*/\1=\2/p' ../kmod/keys.def)
	[ "$(wc -l <<<"$defaults")" -ge 20 ]
	named=
	for word in $defaults; do
		case $word in
		allocs=* | sizes=* | flags=* | patterns=* | contexts=* | cpus=*) continue ;;  # columns of their own
		facts=* | samples=* | warmup=* | rounds=* | budget_ms=* | seed=*) continue ;; # how much, not what
		esac
		named="$named ${word%=*}"
		sed "3s/ ${word%=*}=[^ ]*//; 3s/\$/ $word/" "$good" >"$bad"
		[ "$(read_table cells "$bad" | sed -n '2s/.*	//p')" = - ]
		sed "3s/ ${word%=*}=[^ ]*//; 3s/\$/ ${word%=*}=3/" "$good" >"$bad"
		[ "$(read_table cells "$bad" | sed -n '2s/.*	//p')" = "${word%=*}=3" ]
	done
	[ "$(tr ' ' '\n' <<<"${named# }" | sort | tr '\n' ' ')" = "bytes calls counters depth mix node order share timing touch " ]
	sed '3s/timing=op/timing=batch/; 3s/touch=none/touch=page/; 3s/depth=64/depth=65/' "$good" >"$bad"
	[ "$(read_table cells "$bad" | sed -n '2s/.*	//p')" = "touch=page,timing=batch,depth=65" ]
	# a picture puts the default where no word does
	depth=$(sed -n 's/.*depth=.* : \([0-9]*\)$/\1/p' draw/sweeps.awk)
	grep -qx "depth=$depth" <<<"$defaults"
}

@test "fact lines and unknown kinds, keys and further cell words" {
	run read_table fact,cells tests/data/facts.txt
	[ "$status" -eq 0 ]
	[[ "${lines[1]}" == *"$(printf 'kmalloc\t64\tGFP_KERNEL\tusable=64')"* ]]
	[[ "${lines[2]}" == *"$(printf 'kmalloc\t-\t-\tlargest=>=4194304')"* ]]
	[[ "${lines[4]}" == *"$(printf 'out of memory\twall=0 colour=blue\t-')" ]]
}

@test "tail lines: causes of the slowest samples" {
	sed '7a tail cell=0 op=alloc above=p99 chunks=3 of=8 interrupt=1 switch=0 migration=0 slab=2 all_interrupt=3 all_switch=0 all_migration=0 all_slab=2 blamed=slab unexplained=1 unseen=0' "$good" >"$bad"
	run read_table tail "$bad"
	[ "$status" -eq 0 ]
	[ "${lines[1]}" = "$(printf '%s\t0\tkmalloc\t64\tGFP_KERNEL\tprocess\tpair\t0\talloc\tp99\t3\t%s' "$bad" \
		'of=8 interrupt=1 switch=0 migration=0 slab=2 all_interrupt=3 all_switch=0 all_migration=0 all_slab=2 blamed=slab unexplained=1 unseen=0')" ]
	refused '7a tail cell=0 op=touch chunks=1' 8 "no op line"
	refused '7a tail cell=0 op=alloc chunks=x' 8 "not a number"
	refused '4s/unit=insn/unit=tick/; 4s/khz=1000000/khz=0/' 4 "khz=0"
}

@test "a table that does not exist is wrong use" {
	run read_table nonsense "$good"
	[ "$status" -eq 2 ]
	[[ "$output" == *"no table is called 'nonsense'"* ]]
}

@test "truncated after every line" {
	total=$(wc -l <"$good")
	for n in $(seq 1 $((total - 1))); do
		head -n "$n" "$good" >"$bad"
		run read_table ops "$bad"
		[ "$status" -eq 2 ]
		[ "${output%%: *}" = "$bad:$n" ]
		[[ "$output" == *truncated* ]]
	done
}

@test "truncated within the end line" {
	size=$(wc -c <"$good")
	for cut in $(seq 2 21); do
		head -c $((size - cut)) "$good" >"$bad"
		run read_table ops "$bad"
		[ "$status" -eq 2 ]
	done
}

@test "empty, missing and foreign files" {
	: >"$bad"
	run read_table ops "$bad"
	[ "$status" -eq 2 ]
	[[ "$output" == *"$bad:0: truncated"* ]]
	run read_table ops "$bad.none"
	[ "$status" -eq 2 ]
	run read_table ops /bin/true
	[ "$status" -eq 2 ]
	[[ "$output" == *"not a kallocbench result"* ]]
	run awk -f results.awk -v table=ops "$good" "$bad"
	[ "$status" -eq 2 ]
	[ "${#lines[@]}" -eq 1 ]
}

@test "a bad file among good ones: nothing is printed" {
	head -n 5 "$good" >"$bad"
	run awk -f results.awk -v table=cells "$bad" "$good"
	[ "$status" -eq 2 ]
	[ "${lines[0]%%: *}" = "$bad:5" ]
	[ "${#lines[@]}" -eq 1 ]
}

@test "version and framing" {
	refused '1s/1/2/' 1 "version 2"
	refused '1s/.*/hello/' 1 "not a kallocbench result"
	refused '11s/cells=2/cells=3/' 11 "cells=3"
	refused '11s/done/don/' 11 "state=don"
	refused '11s/$/\nmeta a=b/' 12 "after the end line"
	refused '11d' 10 "truncated"
	refused '2s/^/kallocbench 1\n/' 2 "a second first line"
	refused '2s/$/\nmeta lane=time/' 3 "lane=time, but insn before"
}

@test "damaged words" {
	refused '2s/arch=/arch/' 2 "not key=value"
	refused '2s/$/ arch=b/' 2 "stands twice"
	refused '2s/\\040/\\041/' 2 "unknown escape"
	refused '2s/ arch/  arch/' 2 "one blank"
	refused '2s/arch/\tarch/' 2 "control character"
	refused '2s/^meta/META/' 2 "not a kind of line"
}

@test "damaged cells" {
	refused '5s/id=0/id=x/' 5 "not a number"
	refused '10s/id=1/id=0/' 10 "stands twice"
	refused '5s/size=64/size=-4/' 5 "not a number"
	refused '5s/cpus=[0-9]*/cpus=x/' 5 "not a list of CPUs"
	refused '4a fact alloc=kmalloc size=6x4 flags=GFP_KERNEL usable=64' 5 "not a number"
	refused '5s/state=ok/state=fine/' 5 "state=fine"
	refused '5s/ flags=[A-Z_]*//' 5 "flags= is missing"
	refused '10s/ reason=.*//' 10 "without a reason"
	refused '5s/wall=260000/wall=194999/' 5 "more than wall"
	refused '3s/samples=1000/samples=1001/' 5 "expected samples times workers"
	refused '3d' 4 "before the param line"
	refused '10s/skipped/ok/' 10 "without an op line"
}

@test "damaged ops" {
	refused '6s/cell=0/cell=7/' 6 "no cell id=7"
	refused '6s/n=1000/n=10x/' 6 "not a number"
	refused '6s/p999=-/p999=117/' 6 "n(1-q) >= 10"
	refused '6s/p90=117/p90=116/' 6 "ascending"
	refused '6s/sum=117000/sum=117001/' 6 "outside n*min"
	refused '6s/under=0/under=1001/' 6 "under=1001"
	refused '6s/ max=117//' 6 "max= is missing"
	refused '7d' 6 "without a hist line"
	refused '6p' 7 "stands twice"
	refused '4d' 5 "before the clock line"
}

@test "damaged histograms" {
	refused '7s/:1000/:999/' 7 "add up to 999"
	refused '7s/117-117/116-117/' 7 "wider than the format"
	refused '7s/117-117/118-118/' 7 "first bucket"
	refused '7s/117-117:1000/117-117:999 118-118:1/' 7 "last bucket"
	refused '7s/117-117:1000/117-117:0 118-118:1/' 7 "is empty"
	refused '7s/117-117:1000/117-117:500 117-117:500/' 7 "above the one before"
	refused '7s/117-117:1000/117:1000/' 7 "not lowest-highest:count"
	refused '9s/op=free/op=alloc/' 9 "stands twice"
}

@test "percentiles must be those of the buckets" {
	tests/sample --sizes 65536 --allocs vmalloc --noise 0.3 >"$bad"
	run read_table ops "$bad"
	[ "$status" -eq 0 ]
	p90=$(sed -n 's/^op .*op=alloc.* p90=\([0-9]*\).*/\1/p' "$bad")
	sed -i "s/p90=$p90/p90=$((p90 + 1))/" "$bad"
	run read_table ops "$bad"
	[ "$status" -eq 2 ]
	[[ "$output" == *"but the buckets say $p90"* ]]
}

@test "a worker's lines must add up to the merged one" {
	run read_table ops tests/data/workers.txt
	[ "$status" -eq 0 ]
	[ "${#lines[@]}" -eq 4 ]
	sed 's/cpu=1 n=40 sum=4000/cpu=1 n=39 sum=3900/; s/cpu=1 100-100:40/cpu=1 100-100:39/' \
		tests/data/workers.txt >"$bad"
	run read_table ops "$bad"
	[ "$status" -eq 2 ]
	[[ "$output" == *"the workers have 79"* ]]
}

# The awk program replaces the byte at a seeded place by a seeded printable one.
flip_byte() {
	awk -v seed="$1" 'BEGIN { srand(seed); RS = "\001" } {
		at = int(rand() * length($0)) + 1
		printf "%s%c%s", substr($0, 1, at - 1), int(rand() * 90) + 33, substr($0, at + 1)
	}' "$good" >"$bad"
}

@test "a hundred random flips of one byte never crash the reader" {
	refusals=0
	for seed in $(seq 100); do
		flip_byte "$seed"
		run read_table ops "$bad"
		[ "$status" -eq 0 ] || [ "$status" -eq 2 ]
		[ "$status" -eq 0 ] && continue
		refusals=$((refusals + 1))
		[[ "$output" == "$bad":[0-9]*": "* ]]
	done
	echo "$refusals of 100 refused"
	[ "$refusals" -ge 60 ]
}
