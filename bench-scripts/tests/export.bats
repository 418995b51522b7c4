#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# Each exporter against its consumer: a real parser where Debian has one
# (kernel's kunit_parser, LAVA's dispatcher, prometheus_client, junitparser,
# cmark-gfm), the published form restated for jq where there is only a schema.

load compare.bash
load lava.bash

setup() {
	cd "$BATS_TEST_TMPDIR" || return 1
	compare=$BATS_TEST_DIRNAME/../compare.sh
	consumers=$BATS_TEST_DIRNAME/data/gate/consumers
	tools=${KALLOCBENCH_CACHE:-$BATS_TEST_DIRNAME/../../.cache}/tools
	# Debian's packages belong to Debian's python.
	python=/usr/bin/python3
	# Regression, improvement, no change, and a cell that new could not run.
	insn_side a base $'kmalloc 64\nalloc 117:1000\nfree 78:1000\nvmalloc 4096\nalloc 2470:1000\nkvmalloc 8\nalloc 143:1000'
	insn_side b new $'kmalloc 64\nalloc 125:1000\nfree 78:1000\nvmalloc 4096\nalloc 2400:1000\nkvmalloc 8 state=skipped'
	"$compare" --save v a b >text || true
}

print_as() {
	local code=0
	"$compare" --verdict v/verdict.tsv --format "$1" || code=$?
	[ "$code" -eq 1 ]
}

# kunit: the kernel's kunit_parser into the cache, from Debian's source package.
kunit() {
	local tarball
	if [ ! -f "$tools/kunit/kunit_parser.py" ]; then
		tarball=$(find /usr/src -maxdepth 1 -name 'linux-source-6.12*.tar.xz' | sort | tail -n 1)
		mkdir -p "$tools/kunit.new"
		tar -xJf "$tarball" -C "$tools/kunit.new" --strip-components=4 --wildcards '*/tools/testing/kunit/kunit_p*.py'
		rm -rf "$tools/kunit"
		mv "$tools/kunit.new" "$tools/kunit"
	fi
}

@test "--verdict prints what --save stored, for every format" {
	print_as markdown >one
	cmp one v/verdict.md
	print_as json >one
	cmp one v/verdict.json
	print_as junit >one
	cmp one v/verdict.xml
	print_as text >one
	cmp one v/verdict.txt
	diff <(grep -v ^Reproduce one) <(grep -v ^Reproduce text)
}

@test "a table of an earlier day, whose sides are a and b, is read as ever" {
	sed 's/^run	base	/run	a	/; s/^run	new	/run	b	/' v/verdict.tsv >old.tsv
	grep -q '^run	a	' old.tsv
	"$compare" --verdict old.tsv >one || [ $? -eq 1 ]
	diff one v/verdict.txt
	grep -qx 'base: 6.12-base' one
	grep -qx 'new: 6.12-new' one
}

@test "the columns of a row are those that results/README.md names" {
	columns=$(sed -n 's/.*split("\(label [^"]*\)".*/\1/p' "$BATS_TEST_DIRNAME/../export/label.awk")
	[ "$(wc -w <<<"$columns")" -eq 14 ]
	grep -Fx "| \`row\` | $columns |" "$BATS_TEST_DIRNAME/../../results/README.md"
}

@test "json: every row, the verdict and the exit code, as jq reads them" {
	print_as json >v.json
	jq -e '.format == "kallocbench-verdict" and .version == 2 and .verdict == "FAIL" and .exit == 1' v.json
	jq -e '.rows | length == 7' v.json
	jq -e '[.rows[] | select(.verdict == "REGRESSION")] | length == 2 and all(.cell == "kmalloc 64 pair" and .op == "alloc" and .new - .base == 8)' v.json
	jq -e '[.rows[] | select(.verdict == "INCONCLUSIVE")] | length == 1 and .[0].base == null' v.json
	jq -e '.rows | all((.cell, .op, .figure, .verdict, .remark | type == "string") and
		(.base, .new, .percent, .tolerance, .low, .high, .p, .need | type | . == "number" or . == "null"))' v.json
}

@test "markdown: one table, as GitHub's own parser reads it" {
	print_as markdown | cmark-gfm -e table >page.html
	[ "$(grep -c '<table>' page.html)" -eq 1 ]
	[ "$(grep -c '<th' page.html)" -eq 9 ]   # <thead> and eight columns
	[ "$(grep -c '^<tr>' page.html)" -eq 4 ] # head, worse, better, unclear; their minima say the same
	[ "$(grep -c REGRESSION page.html)" -eq 1 ]
}

@test "markdown: a bar in a name does not split its column" {
	sed 's/kmalloc 64 pair/kmalloc 64 pair GFP_KERNEL|__GFP_ZERO/' v/verdict.tsv >bar.tsv
	"$compare" --verdict bar.tsv --format markdown >page.md || [ $? -eq 1 ]
	cmark-gfm -e table <page.md | grep -q '<td>kmalloc 64 GFP_KERNEL|__GFP_ZERO</td>'
}

@test "ktap: the kernel's kunit_parser" {
	kunit
	print_as ktap | "$python" "$consumers/ktap.py" "$tools/kunit" >got
	cat got
	[ "$(tail -n 1 got)" = "passed 4 failed 3 skipped 0 crashed 0 errors 0" ]
	grep -qx 'FAILURE kmalloc 64 pair alloc mode' got
	grep -qx 'SUCCESS vmalloc 4K pair alloc mode' got
}

@test "junit: junitparser, and well-formed XML" {
	print_as junit >v.xml
	xmllint --noout v.xml
	"$python" "$consumers/junit.py" v.xml >got
	cat got
	grep -qx 'suite kallocbench 7 2 1 0' got
	grep -qx $'kmalloc 64 pair alloc mode\tFailure' got
	[ "$(grep -c $'\tError$' got)" -eq 1 ]
}

@test "openmetrics: the parser of the Prometheus client" {
	print_as openmetrics | "$python" "$consumers/openmetrics.py" >got
	cat got
	grep -qx $'kallocbench_cost_instructions\tcell=kmalloc 64 pair\tfigure=mode\top=alloc\tside=new\t125' got
	grep -qx $'kallocbench_regression\tcell=kmalloc 64 pair\tfigure=mode\top=alloc\t1' got
	grep -q $'^kallocbench_regression\tcell=kvmalloc 8.*\tnan$' got
	grep -qx $'kallocbench_exit_code\t1' got
}

@test "openmetrics: time is in seconds" {
	time_side t1 base 1000 1010 990 1005 1020 1001
	time_side t2 new 2000 2010 1990 2005 2020 2003
	"$compare" --format openmetrics t1 t2 >time.txt || [ $? -eq 1 ]
	"$python" "$consumers/openmetrics.py" <time.txt >got
	awk -F '\t' '/^kallocbench_cost_seconds.*figure=p50.*side=base/ { n++; bad += $NF < 9e-7 || $NF > 1.1e-6 } END { exit !(n == 1 && !bad) }' got
}

@test "lava: the dispatcher's own code" {
	lava
	print_as lava | "$python" "$consumers/lava.py" "$tools/lava/usr/lib/python3/dist-packages" >got
	cat got
	grep -qx 'kmalloc-64-pair-alloc-mode fail insn 125.0' got
	grep -qx 'vmalloc-4K-pair-alloc-mode pass insn 2400.0' got
	grep -qx 'kvmalloc-8-pair-mode unknown - -' got
	grep -qx 'kallocbench-verdict fail - -' got
}

@test "kcidb: valid under Draft-07, an object per figure, and the run" {
	print_as kcidb | "$python" "$consumers/kcidb.py" >got
	cat got
	[ "$(head -n 1 got)" = "1 1 8" ]
	grep -qx 'kallocbench.kmalloc-64-pair-alloc-mode FAIL 125 instructions' got
	grep -qx 'kallocbench.vmalloc-4K-pair-alloc-mode PASS 2400 instructions' got
	grep -qx 'kallocbench.kvmalloc-8-pair-mode MISS - -' got
	grep -qx 'kallocbench FAIL - -' got
	KCIDB_ORIGIN=my_ci KCIDB_BUILD=my_ci:7 print_as kcidb | tee v.json | "$python" "$consumers/kcidb.py" >got
	[ "$(head -n 1 got)" = "0 0 8" ]
	jq -e '.tests | all(.build_id == "my_ci:7" and .origin == "my_ci" and (.id | startswith("my_ci:")))' v.json
	KCIDB_ORIGIN='My CI' run "$compare" --verdict v/verdict.tsv --format kcidb
	[[ "$output" == *"KCIDB_ORIGIN: small letters"* ]]
	time_side t1 base 1000 1010 990 1005 1020 1001
	time_side t2 new 2000 2010 1990 2005 2020 2003
	"$compare" --format kcidb t1 t2 >time.json || [ $? -eq 1 ]
	"$python" "$consumers/kcidb.py" <time.json | awk '$1 ~ /p50/ { n++; bad += $3 < 1.9e-6 || $3 > 2.1e-6 || $4 != "s" } END { exit bad || !n }'
}

# What the action's extractCustomBenchmarkResult asks of its input.
@test "benchmark-action: an array of name, unit, numeric value; range and extra are text" {
	print_as benchmark-action >v.json
	jq -e 'type == "array" and length == 6 and all(
		(.name | type == "string" and length > 0) and (.unit | type == "string") and (.value | type == "number") and
		(.range | type == "string") and (.extra | type == "string") and (keys - ["name", "unit", "value", "range", "extra"] == []))' v.json
	jq -e '([.[].name] | unique | length) == length' v.json
	jq -e '.[] | select(.name == "kmalloc 64 pair alloc mode") | .value == 125' v.json
}

# bencher.dev/bmf.json: benchmark -> measure -> value, lower_value, upper_value, numbers all; names to 1,024 characters.
@test "bmf: objects of objects of numbers" {
	print_as bmf >v.json
	jq -e 'type == "object" and length == 6 and ([keys[] | length <= 1024] | all) and ([.[][] |
		(.value | type == "number") and (keys - ["value", "lower_value", "upper_value"] == []) and ([.[] | type == "number"] | all)] | all)' v.json
	jq -e '."kmalloc 64 pair alloc mode".instructions.value == 125' v.json
}

@test "bmf: the interval of the time lane encloses the estimate" {
	time_side t1 base 1000 1010 990 1005 1020 1001
	time_side t2 new 2000 2010 1990 2005 2020 2003
	"$compare" --format bmf t1 t2 >v.json || [ $? -eq 1 ]
	jq -e '[.[].latency | .lower_value < .value * 1.01 and .value < .upper_value * 1.01] | length == 2 and all' v.json
}

# exported FORMAT FILTER: what jq finds in the format, of v/verdict.tsv.
exported() {
	"$compare" --verdict v/verdict.tsv --format "$1" >v.json || [ $? -ne 2 ]
	jq -c "$2" v.json
}

# A chart cannot say that a point means nothing.
@test "benchmark-action and bmf: a figure that was not judged is left out" {
	sed -i '/^row	kmalloc 64 pair	alloc/s/REGRESSION/INCONCLUSIVE/; /^row	vmalloc/s/IMPROVEMENT/UNGATED/' v/verdict.tsv
	[ "$(exported benchmark-action '[.[].name]')" = '["kmalloc 64 pair free mode","kmalloc 64 pair free min"]' ]
	[ "$(exported bmf keys)" = '["kmalloc 64 pair free min","kmalloc 64 pair free mode"]' ]
}

@test "benchmark-action and bmf: nothing of a run that could not be judged" {
	time_side t1 base 1000 1010
	time_side t2 new 2000 2010
	"$compare" --save v t1 t2 || [ $? -eq 3 ]
	[ "$(exported benchmark-action .)" = '[]' ]
	[ "$(exported bmf .)" = '{}' ]
	# Equal boots that differ.
	result b/phase-1/boot-2/result-01.txt "$(common new)" <<<$'kmalloc 64\nalloc 300:1000'
	"$compare" --save v a b || [ $? -eq 3 ]
	grep -q '^row	.*REGRESSION' v/verdict.tsv
	[ "$(exported benchmark-action .)" = '[]' ]
	[ "$(exported bmf .)" = '{}' ]
}

@test "quotes and backslashes come back as they were, from every awk" {
	# In the command, which only json has, and in a label, which all have.
	odd='a\b"c" & <d>'
	"$compare" --save v --command "$odd" a b || [ $? -eq 1 ]
	sed -i 's/^\(row	\)kmalloc 64 pair	/\1a\\b"c" \& <d>	/' v/verdict.tsv
	mkdir bin
	# busybox exports, but Debian's has no logarithm for the gate.
	for awk in mawk gawk original-awk 'busybox awk'; do
		printf '#!/bin/sh\nexec %s "$@"\n' "$awk" >bin/awk
		chmod +x bin/awk
		for format in json benchmark-action bmf openmetrics junit; do
			PATH=$PWD/bin:$PATH "$compare" --verdict v/verdict.tsv --format "$format" >"odd.$format" || [ $? -eq 1 ]
		done
		[ "$(jq -r .command odd.json)" = "$odd" ]
		jq -e --arg name "$odd alloc mode" '[.[] | select(.name == $name)] | length == 1' odd.benchmark-action
		jq -e --arg name "$odd alloc mode" '.[$name]' odd.bmf
		"$python" "$consumers/openmetrics.py" <odd.openmetrics | grep -F "cell=$odd	"
		"$python" "$consumers/junit.py" odd.junit | grep -F "$odd alloc mode"
	done
}

@test "an error is a failure in every format that counts" {
	echo "hung" >b/phase-2/boot-1/verdict
	run "$compare" --format ktap a b
	[ "$status" -eq 3 ]
	[[ "$output" == *"not ok 8 the run could be judged"* ]]
	run "$compare" --format junit a b
	[[ "$output" == *'errors="2"'* ]]
	run "$compare" --format lava a b
	[[ "$output" == *"TEST_CASE_ID=kallocbench-verdict RESULT=unknown"* ]]
	run "$compare" --format openmetrics a b
	[[ "$output" == *"kallocbench_exit_code 3"* ]]
	run "$compare" --format json a b
	jq -e '.verdict == "ERROR" and (.errors | length) == 1' <<<"$output"
}

@test "--verdict refuses what would judge anew" {
	for option in '--threshold 5' '--delta 3' '--aa a' '--boot-noise 1' '--failed f' --blind --strict; do
		# shellcheck disable=SC2086 # words on purpose
		run "$compare" --verdict v/verdict.tsv $option
		[ "$status" -eq 2 ]
		[[ "${lines[0]}" == *"--verdict prints what was judged before"* ]]
	done
}

@test "a file that is no verdict table is refused" {
	run "$compare" --verdict text --format json
	[ "$status" -eq 2 ]
}
