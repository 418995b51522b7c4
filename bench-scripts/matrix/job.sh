#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# One job of matrix.sh, on whatever machine: boots a kernel in one phase, and leaves its folder.
set -eu
umask 022

scripts=$(cd -- "$(dirname -- "$0")/.." && pwd -P)
# shellcheck source=bench-scripts/lib/host.sh
. "$scripts/lib/host.sh"
# shellcheck source=bench-scripts/gate/phases.sh
. "$scripts/gate/phases.sh"

usage() {
	cat <<'USAGE'
usage: job.sh [option...] TODO N

Does line N of TODO, whose columns are FOLDER HASH KERNEL PHASE SMP MEM SETTLE
WORDS with a tab between. FOLDER is below the folder that this runs in, and so
is the plan. For matrix.sh and its engines.

  --suite FILE   the plan, default suite
  --limit SEC    the job is killed after that, default 3600
Leaves FOLDER as vm.sh does, with meta host= in every result, and FOLDER/made
with HASH in it, or FOLDER/failed with HASH and a sentence. Prints a line for
progress.awk.
Exit: 0 good or failed, as FOLDER says; 2 wrong use; 130 stopped.
USAGE
}

suite=suite limit=3600

set_option() {
	case $1 in
	--suite) suite=$2 ;;
	--limit) limit=$2 ;;
	esac
}

# host: what the engine calls this machine: several of them may be one.
host() {
	local name="${SLURMD_NODENAME:-${PARALLEL_SSHHOST-:}}"
	[ "$name" != : ] || name=$(uname -n)
	printf '%s' "$name"
}

# vm OPTION...: boots.
vm() {
	[ -z "$words" ] || set -- "$@" --append "$words"
	with_us timeout -k 20 "$limit" "$scripts/vm.sh" --kernel "$kernel" --lane insn --smp "$smp" --settle "$settle" \
		--boots "$boots" --out "$folder" "$@" -- "$suite" >"$folder/log" 2>&1
}

# mark_results: with the machine that made them.
mark_results() {
	local file
	meta host "$(host)" >"$folder/host.meta"
	for file in "$folder"/boot-*/result-*.txt; do
		[ ! -f "$file" ] || insert_meta "$file" "$folder/host.meta" || return 1
	done
	rm -f -- "$folder/host.meta"
}

# why CODE: the last word of vm.sh.
why() {
	case $1 in
	124 | 137) printf 'not done after %s s' "$limit" ;;
	*) tail -n 1 -- "$folder/log" | sed 's/^vm.sh: //; s/ (everything is in .*)$//' | grep . || printf 'vm.sh ended with %s' "$1" ;;
	esac
}

# run TODO N
run() {
	local folder hash kernel phase smp mem settle words boots=1 code=0 start state='done'
	[ $# = 2 ] || wrong "TODO and N are needed"
	[ -r "$1" ] || die "cannot read $1"
	case $suite in */*) ;; *) suite=./$suite ;; esac
	sed -n "$2p" "$1" >"$1.$2"
	IFS='	' read -r folder hash kernel phase smp mem settle words <"$1.$2" || die "$1 has no line $2"
	rm -f -- "$1.$2"
	[ "$phase" != 1 ] || boots=2
	start=$(seconds)
	rm -rf -- "$folder"
	mkdir -p -- "$folder"
	boot_phase "$phase" "$mem" "$folder/ballast" vm || code=$?
	mark_results || code=3
	if [ "$code" = 0 ]; then
		printf '%s\n' "$hash" >"$folder/made"
	else
		state=failed
		{ printf '%s\n' "$hash" && why "$code"; } >"$folder/failed"
	fi
	printf '%s\t%s\t%s\t%s\n' "$state" "$folder" "$(($(seconds) - start))" "$(host)"
}

main() {
	trap 'exit 130' INT TERM HUP
	with_options run '--suite= --limit=' "$@"
}

main "$@"
