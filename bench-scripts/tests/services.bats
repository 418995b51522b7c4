#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# The ready files for services, each by what its consumer checks it with.

bats_require_minimum_version 1.5.0

load lava.bash

setup() {
	scripts=$(cd "$BATS_TEST_DIRNAME/.." && pwd)
	files=$scripts/ci-files
	t=$BATS_TEST_TMPDIR
	tools=${KALLOCBENCH_CACHE:-$scripts/../.cache}/tools
	cd "$t" || return 1
}

@test "lava: the definition is one that lava-common takes, and its steps are commands of ours" {
	lava
	PYTHONPATH=$tools/lava/usr/lib/python3/dist-packages /usr/bin/python3 - "$files/lava.yaml" >steps <<-'END'
		import sys, yaml
		from lava_common.schemas.test.testdef import validate
		data = yaml.safe_load(open(sys.argv[1]))
		validate(data)
		bad = dict(data, metadata=dict(data["metadata"], format="another"))
		try:
		    validate(bad)
		    sys.exit("it takes anything")
		except Exception as fault:
		    assert "format" in str(fault), fault
		print("\n".join(data["run"]["steps"]))
	END
	[ "$(wc -l <steps)" -eq 5 ]
	step=$(grep ci.sh steps | sed "s|^kallocbench/bench-scripts|$scripts|; s/ || true//; s/--out out/--nonsense/")
	BASE=6.12 NEW=7.3 SUITE=quick run -2 sh -c "$step"
	[[ "$output" == *"unknown option --nonsense"* ]]
}

@test "lkp: parse finds every row of a result, and each is a key and a number" {
	parse=$files/lkp/programs/kallocbench/parse
	# A real result: of each of its cells and ops a median, and the mean of rounds.
	awk -f "$scripts/results.awk" -v table=cells,ops "$scripts"/../results/reference/default-6.12/boot-1/result-*.txt >tables
	"$parse" <tables >keys
	awk -F '\t' '$2 == "file" { next } $1 == "cells" { variant[$2, $3] = $15 }
		$1 == "ops" && $12 == "-" && $13 > 0 { print $4, $5, $6, $7, $8, variant[$2, $3], $11 }' tables | sort -u >rows
	[ "$(wc -l <rows)" -ge 200 ]
	[ "$(grep -c '\.mean: ' keys)" -eq "$(wc -l <rows)" ]
	grep -qx 'kmalloc.8.GFP_KERNEL.process.pair.alloc.mean: 116' keys
	grep -q '^kmalloc.8.GFP_KERNEL.process.pair.touch_page.alloc.p50: ' keys
	run ! grep -v -x -E '[A-Za-z0-9_.]+: [0-9]+(\.[0-9]+)?(e[+-]?[0-9]+)?' keys
	awk -f "$scripts/results.awk" -v table=cells,ops "$BATS_TEST_DIRNAME/data/two-cells.txt" | "$parse" >two
	cat two
	grep -q '^kmalloc\.64\.GFP_KERNEL\.process\.pair\.alloc\.p50: [0-9]' two
	# As the service says it: executable, parameters in the head, lists that multiply.
	[ -x "$parse" ] && [ -x "$files/lkp/programs/kallocbench/run" ]
	grep -qx '# - suite' "$files/lkp/programs/kallocbench/run"
	/usr/bin/python3 - "$files/lkp" <<-'END'
		import sys, yaml
		meta = yaml.safe_load(open(sys.argv[1] + "/programs/kallocbench/meta.yaml"))
		job = yaml.safe_load(open(sys.argv[1] + "/jobs/kallocbench.yaml"))
		assert set(job["kallocbench"]) == set(meta["parameters"]) == {"suite"}
		assert set(job["kallocbench"]["suite"]) <= set(meta["parameters"]["suite"])
		index = yaml.safe_load(open(sys.argv[1] + "/etc/index-perf-all.yaml"))
		import re
		(pattern, sign), = index.items()
		assert sign == -1
		assert re.fullmatch(pattern, "kallocbench.kmalloc.64.GFP_KERNEL.process.pair.alloc.p50")
	END
}

@test "lkp: run prints what parse reads" {
	mkdir -p root/kallocbench
	cp -r "$scripts" root/kallocbench/
	cat >root/kallocbench/bench-scripts/collect.sh <<-END
		#!/bin/sh
		[ "\$1 \$3" = "--out time" ] && mkdir -p "\$2" && cp "$BATS_TEST_DIRNAME/data/two-cells.txt" "\$2/result-01.txt"
	END
	BENCHMARK_ROOT=$t/root "$files/lkp/programs/kallocbench/run" | "$files/lkp/programs/kallocbench/parse" >keys
	[ "$(wc -l <keys)" -ge 3 ]
}

@test "kselftest: dropped into a kernel's tree the kernel's own make installs it, and its run script runs it" {
	source=$("$scripts/setup/kernels.sh" source)
	mkdir -p linux/tools/testing/selftests linux/scripts
	(cd "$source/tools/testing/selftests" && cp -r ./*.mk ./*.sh Makefile kselftest "$t/linux/tools/testing/selftests/")
	run -2 "$files/kselftest/into.sh" .
	"$files/kselftest/into.sh" linux
	[ -z "$(find linux -name .kallocbench)" ]
	run -2 "$files/kselftest/into.sh" linux
	cd linux/tools/testing/selftests/kallocbench
	grep -q '^TEST_PROGS := kallocbench.sh$' Makefile
	make -s install OUTPUT="$t/out" INSTALL_PATH="$t/installed/kallocbench"
	cp -r ../kselftest ../run_kselftest.sh "$t/installed/"
	echo kallocbench:kallocbench.sh >"$t/installed/kselftest-list.txt"
	# No module goes into the kernel of this machine.
	printf '#!/bin/sh\necho none here >&2\nexit 3\n' >"$t/installed/kallocbench/tree/bench-scripts/setup/module.sh"
	run "$t/installed/run_kselftest.sh"
	echo "$output"
	[ "$status" -eq 0 ]
	[[ "$output" == *"ok 1 selftests: kallocbench: kallocbench.sh # SKIP"* ]]
}
