#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# shellcheck disable=SC2016 # shell text of others
# The files for hosted CI: their steps are run, as the services would, on a kernel's tree of ours whose image says what
# an allocation costs, with a QEMU of ours that measures just that. No change is green, a planted one is red.

load image.bash

setup() {
	export t=$BATS_TEST_TMPDIR
	export KALLOCBENCH_CACHE=$t/cache KALLOCBENCH_QEMU=$t/bin/qemu GITHUB_STEP_SUMMARY=$t/summary
	export MAKE_AWK=$BATS_TEST_DIRNAME/data/gate/make.awk
	export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null
	# shellcheck disable=SC2046 # names
	unset GIT_TEMPLATE_DIR $(git rev-parse --local-env-vars)
	files=$BATS_TEST_DIRNAME/../ci-files
	mkdir -p "$t/bin" "$t/job/kallocbench" "$t/k"
	cp -r "$BATS_TEST_DIRNAME/.." "$t/job/kallocbench/bench-scripts"
	cd "$t/job" || return 1
	# It runs no plugin.
	sed -i "s/ vector=1 / vector='' /" kallocbench/bench-scripts/ci.sh
	played qemu '
		[ "$1" != --version ] || { echo "QEMU emulator version ${QEMU_VERSION-7.2.0} (Debian)"; exit 0; }
		words="$*"
		while [ "$1" != -kernel ]; do shift; done
		d=$(mktemp -d)
		printf "kmalloc 64\nalloc %s:1000\nfree 78:1000\n" "$(tail -c +519 "$2")" |
			awk -v lane=insn -v unit=insn -v accel=tcg-icount -v meta="kernel=fake arch=x86_64 cmdline=x" -f "$MAKE_AWK" >"$d/result-01.txt"
		tar -czf "$d.tgz" -C "$d" .
		{ printf "kab-results %s\n" "$(wc -c <"$d.tgz")"; cat "$d.tgz"; printf "\nkab-verdict good\n"; } >port
		echo "[ 0.1] booting" >console.log
		rm -r "$d" "$d.tgz"'
	printf '#!/bin/sh\necho "%s/k.ko"\n' "$t" >kallocbench/bench-scripts/setup/module.sh
	cp /bin/true "$t/k.ko"
	# What the job installs and fetches is not the question here.
	for name in apt-get git-clone; do played "$name" ':'; done
	printf '#!/bin/sh\n' >kallocbench/bench-scripts/setup/deps.sh
	printf '#!/bin/sh\nprintf "image=%%s\\nkdir=%%s\\nrelease=6.12.9\\nname=6.12.9\\n" "%s/k/image" "%s/k"\n' "$t" "$t" \
		>kallocbench/bench-scripts/setup/kernel.sh
	echo all: >"$t/k/Makefile"
	fake_bzimage "$t/k/image" 117
	PATH=$t/bin:$PATH
}

# played NAME SHELL
played() {
	printf '#!/bin/sh\n%s\n' "$2" >"$t/bin/$1"
	chmod +x "$t/bin/$1"
}

# steps FILE JOB: the shell lines of a job, one a line; the service's own actions are not among them.
steps() {
	/usr/bin/python3 - "$files/$1" "$2" <<-'END'
		import sys, yaml
		y = yaml.safe_load(open(sys.argv[1]))
		job = y["jobs"][sys.argv[2]] if "jobs" in y else y[sys.argv[2]]
		lines = [s["run"] for s in job["steps"] if "run" in s] if "steps" in job else \
		    [l for l in y[job["extends"]]["before_script"] if not l.startswith("git clone")] + job["script"]
		print("\n".join(lines))
	END
}

# job FILE NAME: its steps up to the first that fails; a summary is written in any case.
job() {
	rm -rf out "$t/summary"
	code=0
	steps "$1" "$2" >"$t/steps"
	[ -s "$t/steps" ]
	while IFS= read -r step; do
		case $step in
		*GITHUB_STEP_SUMMARY*) ;;
		*) [ "$code" = 0 ] || continue ;;
		esac
		bash -e -c "$step" </dev/null >>"$t/log" 2>&1 || code=$?
	done <"$t/steps"
	tail -n 30 "$t/log"
	echo "$1 $2: $code"
}

# commit FILE TEXT: in the kernel's tree.
commit() {
	echo "$2" >"$tree/$1"
	git -C "$tree" add -A
	git -C "$tree" -c user.name=t -c user.email=t@localhost commit -q -m "$1: $2"
}

# kernel_tree PATH: a tree whose image is the cost written in a file of it.
kernel_tree() {
	tree=$1
	mkdir -p "$tree"
	git -C "$tree" init -q -b main
	printf 'allnoconfig modules:\nbzImage:\n\tmkdir -p $(O)/arch/x86/boot && (head -c 514 /dev/zero && printf HdrS && cat cost) >$(O)/arch/x86/boot/bzImage && echo all: >$(O)/Makefile\n' \
		>"$tree/Makefile"
	touch "$tree/Kconfig"
	commit cost 117
}

# pull_request FILE TEXT: a branch with a commit that changes FILE, and the merge of it that is checked out.
pull_request() {
	git -C "$tree" checkout -q -B topic main
	commit "$1" "$2"
	git -C "$tree" checkout -q --detach main
	git -C "$tree" -c user.name=t -c user.email=t@localhost merge -q --no-ff -m merge topic
}

@test "github, pull request: no change is green, a planted change red, and the summary says so" {
	kernel_tree linux
	pull_request README 'some words'
	job github.yml pull-request
	[ "$code" -eq 0 ]
	[ -s "$t/summary" ]
	pull_request cost 127
	job github.yml pull-request
	[ "$code" -eq 1 ]
	grep -q 'kmalloc 64' "$t/summary"
	grep -q 127 "$t/summary"
	# Dearer on main meanwhile, and not by the pull request: the merge is held against its first parent.
	git -C "$tree" checkout -q main
	commit cost 127
	pull_request README 'more words'
	job github.yml pull-request
	[ "$code" -eq 0 ]
	pull_request cost 100
	job github.yml pull-request
	[ "$code" -eq 0 ]
	[ -z "$(git -C "$tree" status --short)" ]
}

@test "gitlab, merge request: the same, with the commits that the service names" {
	kernel_tree "$PWD"
	printf '/kallocbench\n/out\n/last\n' >"$tree/.gitignore"
	commit README words
	git -C "$tree" remote add origin "$tree/.git"
	CI_MERGE_REQUEST_DIFF_BASE_SHA=$(git -C "$tree" rev-parse HEAD)
	commit README 'more words'
	CI_COMMIT_SHA=$(git -C "$tree" rev-parse HEAD)
	export CI_MERGE_REQUEST_DIFF_BASE_SHA CI_COMMIT_SHA
	job gitlab.yml merge-request
	[ "$code" -eq 0 ]
	commit cost 127
	CI_COMMIT_SHA=$(git -C "$tree" rev-parse HEAD)
	job gitlab.yml merge-request
	[ "$code" -eq 1 ]
	[ -s out/verdict/verdict.xml ]
}

@test "stock kernel: judged by the last good result, which a regression does not replace" {
	job github.yml stock
	[ "$code" -eq 0 ]
	job gitlab.yml stock
	[ "$code" -eq 0 ]
	fake_bzimage "$t/k/image" 127
	job github.yml stock
	[ "$code" -eq 1 ]
	job gitlab.yml stock
	[ "$code" -eq 1 ]
	fake_bzimage "$t/k/image" 110
	job github.yml stock
	[ "$code" -eq 0 ]
	# That is the last good one now.
	fake_bzimage "$t/k/image" 117
	job gitlab.yml stock
	[ "$code" -eq 1 ]
}

@test "stock kernel: another QEMU cannot be compared with; said once, then there is a new start" {
	job github.yml stock
	[ "$code" -eq 0 ]
	export QEMU_VERSION=9.0.0
	job github.yml stock
	[ "$code" -eq 3 ]
	grep -q 'QEMU version' "$t/log"
	job github.yml stock
	[ "$code" -eq 0 ]
}

@test "--tree: wrong use, and a commit that does not build" {
	kernel_tree linux
	commit cost 118
	for words in '--tree linux --base nothing' '--tree . --base HEAD' '--tree linux --config /none' '--config /none --new x' '--tree linux --kdir linux'; do
		# shellcheck disable=SC2086 # words
		run kallocbench/bench-scripts/ci.sh $words
		echo "$output"
		[ "$status" -eq 2 ]
		[[ "$output" == *nothing* || "$output" == *'not a kernel tree'* || "$output" == *--config* || "$output" == *--kdir* ]]
	done
	commit Makefile 'allnoconfig: ; false'
	run kallocbench/bench-scripts/ci.sh --tree linux --out out
	[ "$status" -eq 3 ]
	[[ "$output" == *"new does not build: see $t/cache/ends/"*/new/source/build/build.log* ]]
	[ ! -e out ]
}

@test "--tree: HEAD against the commit before, a branch against where it left, what is built against either" {
	kernel_tree linux
	commit cost 127
	run kallocbench/bench-scripts/ci.sh --tree linux --out one --no-explain
	echo "$output"
	[ "$status" -eq 1 ]
	grep -q "$(printf 'row\tkmalloc 64 pair\talloc\tmode\t117\t127')" one/verdict/verdict.tsv
	# A branch: of its two commits the first made it dearer.
	git -C "$tree" checkout -q -b topic
	git -C "$tree" branch -q --set-upstream-to main
	commit cost 137
	commit README words
	run kallocbench/bench-scripts/ci.sh --tree linux --out two --no-explain
	[ "$status" -eq 1 ]
	grep -q "$(printf 'row\tkmalloc 64 pair\talloc\tmode\t127\t137')" two/verdict/verdict.tsv
	[ -z "$(git -C "$tree" status --short)" ]
	# Somebody is at work in it, and built it.
	printf '/arch\n/.config\n/Module.symvers\n' >"$tree/.git/info/exclude"
	mkdir -p "$tree/arch/x86/boot"
	touch "$tree/.config" "$tree/Module.symvers"
	fake_bzimage "$tree/arch/x86/boot/bzImage" 147
	run kallocbench/bench-scripts/ci.sh --tree linux --base HEAD --out three --no-explain
	echo "$output"
	[ "$status" -eq 1 ]
	[[ "$output" == *"new is what is built in $PWD/linux"* ]]
	grep -q "$(printf 'row\tkmalloc 64 pair\talloc\tmode\t137\t147')" three/verdict/verdict.tsv
	touch -d '1 hour ago' "$tree/arch/x86/boot/bzImage"
	run kallocbench/bench-scripts/ci.sh --tree linux --base HEAD --out four
	[ "$status" -eq 2 ]
	[[ "$output" == *"HEAD of $PWD/linux moved after its kernel was built"* ]]
}

@test "what they keep, they keep also when a job fails" {
	/usr/bin/python3 - "$files" <<-'END'
		import sys, yaml
		github = yaml.safe_load(open(sys.argv[1] + "/github.yml"))
		# YAML 1.1 reads the key `on` as true.
		assert "pull_request" in github[True] and "schedule" in github[True]
		for job in github["jobs"].values():
		    kept = [s for s in job["steps"] if "SUMMARY" in s.get("run", "") or "upload" in s.get("uses", "") or "save" in s.get("uses", "")]
		    assert len(kept) == 2 and all(s["if"] == "always()" for s in kept), kept
		gitlab = yaml.safe_load(open(sys.argv[1] + "/gitlab.yml"))
		kept = gitlab[".kallocbench"]["artifacts"]
		assert kept["when"] == "always" and kept["reports"]["junit"] == "out/verdict/verdict.xml"
		assert gitlab["stock"]["cache"]["when"] == "always"
	END
}
