#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Measure many kernels, on one machine or on many, and show them as one series.
set -eu
umask 022

scripts=$(cd -- "$(dirname -- "$0")" && pwd -P)
# shellcheck source=bench-scripts/lib/host.sh
. "$scripts/lib/host.sh"
# shellcheck source=bench-scripts/setup/machine.sh
. "$scripts/setup/machine.sh"
# shellcheck source=bench-scripts/gate/sides.sh
. "$scripts/gate/sides.sh"
# shellcheck source=bench-scripts/guest/qemu.sh
. "$scripts/guest/qemu.sh"
# shellcheck source=bench-scripts/matrix/plan.sh
. "$scripts/matrix/plan.sh"
# shellcheck source=bench-scripts/matrix/engines.sh
. "$scripts/matrix/engines.sh"

usage() {
	cat <<'USAGE'
usage: matrix.sh -o DIR [option...] KERNEL...
       matrix.sh -o DIR [--plan FILE] [option...]

Boots every KERNEL of every architecture with every set of boot options in the
instruction lane, in phases as ci.sh does; each phase is a job. Then series.sh
prints a table and the steps, and draws DIR/ARCH/series.html.
The same command again, or -o DIR alone, does what is missing: a job is known
by all that makes its result (kernel, module, plan, command line, QEMU).

  -o, --out DIR     the series; it must be of one suite
  --arch LIST       of amd64,arm64; default: what each KERNEL says, else ours
  --boot WORDS      boot options of a series of its own, such as
                    init_on_alloc=1; may be repeated, and '' is none
  --suite NAME      what is measured, default quick: a suite, a file, or a
                    parameter line; may be repeated
  --phases N        1 to 5, default 5; fewer than 3 only call large steps
  --smp N, --mem MIB, --settle SEC   of each guest: 1, 1024, 5
  --plan FILE       lines "kernel K...", "arch A...", "boot WORDS",
                    "suite NAME", "phases N", "smp N", "mem MIB", "settle SEC"
  --job-timeout SEC
                    a job ends after that, default 3600
  --retry           failed jobs, too, which are only listed otherwise
  --list            only print the jobs and what became of them
  -j, --jobs N      jobs at a time, on each machine; default one per CPU

Machines, each with this tree and its cache at --tree DIR (default: as here):
  --sshlogin LIST   GNU parallel over ssh, LIST as its own option has it; the
                    results are copied here; the jobs of a machine that dies
                    run on another
  --slurm           a SLURM job array, DIR/slurm.sh, submitted and waited for;
                    DIR is on a file system that the nodes share
  --slurm-arg WORD  one more word for sbatch; may be repeated
All machines first measure the same few figures; unless these are the same
bytes, nothing else is measured.

Leaves DIR/ARCH[,WORDS]/KERNEL/phase-K as vm.sh does, DIR/plan and DIR/joblog.
Exit: 0 good, 2 wrong use, 3 a job failed or machines count differently.
USAGE
}

options='-o|--out=DIR --plan=FILE --arch=ARCH --boot=WORDS --suite=SUITE --phases=N --smp=N --mem=N --settle=N --job-timeout=N --retry --list -j|--jobs=N
	--tree=DIR --sshlogin=LIST --slurm --slurm-arg=WORD KERNEL'

out='' plan='' retry='' list='' jobs='' limit=3600 tree=$top logins='' slurm='' slurm_args='' tmp='' said=''

set_option() {
	case $1 in
	--out) out=$2 ;;
	--plan) plan=$2 ;;
	--retry) retry=1 ;;
	--list) list=1 ;;
	--jobs) jobs=$2 ;;
	--job-timeout) limit=$2 ;;
	--tree) tree=$2 ;;
	--sshlogin) logins=$logins${logins:+,}$2 ;;
	--slurm) slurm=1 ;;
	--slurm-arg) slurm_args="$slurm_args$2
" ;;
	--arch) say arch "$(printf '%s' "$2" | tr ',' ' ')" ;;
	*) say "${1#--}" "$2" ;;
	esac
}

# say KEY WORDS: a line of the plan, from the command line.
say() {
	said="$said$1 $2
"
}

check_use() {
	local pair
	[ -n "$out" ] || wrong "-o DIR is missing"
	for pair in "jobs ${jobs:-1}" "job-timeout $limit"; do
		case ${pair#* } in
		0 | 00*) wrong "--${pair% *} starts at 1" ;;
		esac
	done
	[ -z "$logins" ] || [ -z "$slurm" ] || wrong "--sshlogin and --slurm exclude each other"
	[ -z "$slurm_args" ] || [ -n "$slurm" ] || wrong "--slurm-arg is for --slurm"
	[ "$tree" = "$top" ] || [ -n "$slurm$logins" ] || wrong "--tree is for --sshlogin and --slurm"
	[ -n "$jobs" ] || jobs=$(guests_at_once)
}

# write_todo: the jobs to run now, one a line; what failed before waits for --retry.
write_todo() {
	awk -F '\t' -v retry="$retry" '$1 == "missing" || (retry && $1 == "failed")' "$tmp/states" | cut -f 2- >"$out/todo"
}

# write_states: missing, done or failed before each job.
write_states() {
	local folder hash rest
	while IFS='	' read -r folder hash rest; do
		if [ "$(cat -- "$out/$folder/made" 2>/dev/null)" = "$hash" ]; then
			printf 'done'
		elif [ "$(head -n 1 -- "$out/$folder/failed" 2>/dev/null)" = "$hash" ]; then
			printf 'failed'
		else
			printf 'missing'
		fi
		printf '\t%s\t%s\t%s\n' "$folder" "$hash" "$rest"
	done <"$out/jobs" >"$tmp/states"
}

count() {
	awk -F '\t' -v state="$1" '$1 == state { n++ } END { print n + 0 }' "$tmp/states"
}

# list_jobs [STATE]: all, or those in that state, with the last word of those that failed.
list_jobs() {
	local state folder hash
	while IFS='	' read -r state folder hash _; do
		[ "${1:-$state}" = "$state" ] || continue
		printf '%-8s%s%s\n' "$state" "$folder" \
			"$([ "$state" != failed ] || sed -n '2s/^/: /p' "$out/$folder/failed")"
	done <"$tmp/states"
}

# run_jobs: what is to do, on whatever engine; writes down the states anew.
run_jobs() {
	write_todo
	[ -s "$out/todo" ] || return 0
	note "$(count 'done') of $(grep -c . "$out/jobs") jobs are done, $(grep -c . "$out/todo") to do"
	if [ -n "$slurm" ]; then
		on_slurm
	else
		with_parallel
	fi
	write_states
}

# again_words SERIES: how explain.sh measures that once more.
again_words() {
	local folder words
	while IFS='	' read -r folder _ _ _ _ _ _ words; do
		case $folder in
		"$1"/*/phase-1)
			quoted --mem "${mem}M" --settle "$settle" ${words:+--append "$words"} "$out/suite"
			return
			;;
		esac
	done <"$out/jobs"
}

# show: each series that has a result.
show() {
	local series code
	cut -f 1 "$out/jobs" | cut -d / -f 1 | uniq >"$tmp/series"
	while IFS= read -r series; do
		code=0
		"$scripts/series.sh" --order "$out/$series/order" -o "$out/$series/series" --again "$(again_words "$series")" "$out/$series" || code=$?
		if [ "$code" = 0 ]; then
			note "pictures and steps of $series: $out/$series/series.html"
		else
			note "$series: no series: see above"
		fi
	done <"$tmp/series"
}

# finish: what could not be had or measured is said last, where nobody overlooks it.
finish() {
	local code=0
	if [ "$(count 'done')" != "$(grep -c . "$tmp/states")" ]; then
		code=3
		list_jobs failed >&2
		list_jobs missing >&2
		note "of $(grep -c . "$tmp/states") jobs $(count failed) failed, $(count missing) are missing; the same command does what is missing, and with --retry what failed"
	fi
	if [ -s "$out/unknown" ]; then
		code=3
		sed "s/^/$me: not available: /" "$out/unknown" >&2
	fi
	decide "$code"
}

# run KERNEL... [SUITE]
run() {
	check_use
	trap drop_tmp EXIT
	trap 'exit 130' INT TERM HUP
	tmp=$(mktemp -d)
	take_plan "$@"
	check_engine
	mkdir -p -- "$out" || cannot "cannot make $out: see message above"
	cd -- "$out" || exit
	out=$(pwd -P)
	[ -n "$list" ] || lock_out
	keep_plan
	make_jobs
	write_states
	if [ -n "$list" ]; then
		list_jobs
		return
	fi
	run_jobs
	show
	finish
}

# lock_out: two of us in one folder would both do what is missing.
lock_out() {
	exec 9>"$out/.lock"
	# What a stopped one leaves takes some seconds to end.
	flock -w 30 9 || die "another matrix.sh works in $out"
}

main() {
	with_options run "$options" "$@"
}

main "$@"
