#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Run every test there is, and count.
set -eu

scripts=$(cd -- "$(dirname -- "$0")/.." && pwd -P)
# shellcheck source=bench-scripts/lib/host.sh
. "$scripts/lib/host.sh"

usage() {
	cat <<'USAGE'
usage: check.sh [option...] [PATTERN...]

Runs every test program whose path contains one of the PATTERNs, or all:
  kmod/tests/*.t, bench-scripts/tests/*.t  on this machine
  bench-scripts/tests/*.bats               on this machine, through bats
  kmod/tests/guest/*.t                     in a booted guest, on each of the
                                           kernels 6.1 and 6.12

A guest test names in lines "# vm: WORDS" what it wants of vm.sh (--smp 2, --add
FILE; paths from the top folder, .cache/ for the cache), and in a line
"# kernels: K..." if it wants other kernels (names for vm.sh, or debug kernels
of kernels.sh). A line "# slow" keeps a test out of make check; with --debug a
line "# debug: K..." names its kernels, or none.

  --debug   only guest tests, on the debug kernels
  --slow    slow ones, too
  --jobs N  tests at once, default one per CPU, fewer where memory is short

Environment: CHECK_TIMEOUT, the seconds a test program may take, default 1500.
Exit: 0 all passed, 1 some failed, 2 wrong use.
USAGE
}

# Kernels of kernels.sh that look for bugs while the tests run.
debug_kernels='debug kcsan'

# A test ends with whoever started it: nothing goes on in the dark when the run is stopped.
bound='setpriv --pdeathsig TERM'

# Not all a program needs finds room where vm.mmap_rnd_bits is 32 and it has a sanitizer of gcc 12 or clang 14: one start
# in five dies there (https://github.com/google/sanitizers/issues/1614). Some containers do not allow this.
! setarch -R true 2>/dev/null || bound="setarch -R $bound"

# Whoever calls us from a git hook or git rebase --exec would have the tests' git commands work in his repository.
# shellcheck disable=SC2046 # names
unset $(git rev-parse --local-env-vars 2>/dev/null)

# directive FILE WORD: the words after "# WORD:" in the head of FILE.
directive() {
	sed -n "/^#/!q; s/^# $2: *//p" "$1" | tr '\n' ' '
}

# jobs: "path" or "path@kernel" per line, slowest kind first so that none is left running alone at the end.
jobs() {
	local file kernel kernels
	for file in kmod/tests/guest/*.t; do
		[ -f "$file" ] || continue
		kernels=$(directive "$file" kernels)
		if [ "$debug" = 1 ]; then
			kernels=$(directive "$file" debug)
			kernels=${kernels:-$debug_kernels}
		fi
		[ "$slow" = 1 ] || ! grep -q '^# slow' "$file" || continue
		for kernel in ${kernels:-6.12 6.1}; do
			[ "$kernel" != none ] || continue
			printf '%s@%s\n' "$file" "$kernel"
		done
	done
	[ "$debug" = 0 ] || return 0
	for file in kmod/tests/*.t bench-scripts/tests/*.t bench-scripts/tests/*.bats; do
		[ -f "$file" ] || continue
		[ "$slow" = 1 ] || ! grep -q '^# slow' "$file" || continue
		printf '%s\n' "$file"
	done
}

# wanted PATTERN...: of the jobs on stdin those that match.
wanted() {
	local job pattern
	while IFS= read -r job; do
		[ $# -gt 0 ] || printf '%s\n' "$job"
		for pattern in "$@"; do
			case $job in
			*"$pattern"*)
				printf '%s\n' "$job"
				break
				;;
			esac
		done
	done
}

# in_guest FILE KERNEL LOG: run a guest test; its TAP to LOG. A kernel that complains fails a test that did not.
in_guest() {
	local code=0 dir="$3.d" words
	words=$(directive "$1" vm | sed "s,\.cache/,$cache/,g")
	case $words in
	*--lane*) ;;
	*) words="--lane time --accel tcg $words" ;;
	esac
	[ ! -s "$work/module@$2" ] || words="--module $(cat "$work/module@$2") $words"
	# shellcheck disable=SC2086 # words of options, as the test wrote them
	$bound "$scripts/vm.sh" --kernel "$2" --timeout "$limit" $words --script "$1" --out "$dir" \
		>"$3.err" 2>&1 || code=$?
	cat -- "$dir/boot-1/script.out" >"$3" 2>/dev/null || :
	return "$code"
}

# run_job JOB: run it, print its line, leave its numbers in $work.
run_job() {
	local job="$1" file="${1%@*}" log code=0 start result head
	log=$work/$(printf '%s' "$job" | tr '/' '_')
	start=$(seconds)
	case $job in
	*@*) in_guest "$file" "${job##*@}" "$log" || code=$? ;;
	*.bats) $bound timeout -k 5 "$limit" bats --formatter tap "$file" >"$log" 2>&1 </dev/null || code=$? ;;
	*) $bound timeout -k 5 "$limit" "./$file" >"$log" 2>"$log.err" </dev/null || code=$? ;;
	esac
	result=$(awk -v code="$code" -f bench-scripts/tests/tap.awk "$log")
	head=$(printf '%s\n' "$result" | head -n 1)
	printf '%s\n' "$head" >"$log.count"
	# One printf, so that lines of tests side by side do not mix.
	printf '%s\n' "$head" "$result" | awk -v job="$job" -v took="$(($(seconds) - start))" '
		NR == 1 { printf "%s %4d s  %s: %d passed, %d failed, %d skipped\n", $2 ? "FAILED" : "ok    ", took, job, $1, $2, $3 }
		NR > 2 { print "        " $0 }' >"$log.line"
	progress_end
	cat -- "$log.line"
	[ ! -s "$log.err" ] || [ "${head#* 0 }" != "$head" ] || tail -n 20 -- "$log.err" | sed 's/^/        /'
}

# get_ready JOBS: what many tests share is made once, before they start side by side.
get_ready() {
	local kernel found
	sed -n 's/.*@//p' "$1" | sort -u | while read -r kernel; do
		found=$("$scripts/setup/kernel.sh" get "$kernel") || cannot "no kernel $kernel for the guest tests: see message above"
		# One text of the module for all tests, whoever edits meanwhile; where it does not build each of them says so.
		"$scripts/setup/module.sh" "$(said kdir "$found")" >"$work/module@$kernel" 2>/dev/null || :
	done
	[ ! -f kmod/tests/Makefile ] || ! grep -q '^tool:' kmod/tests/Makefile || make -s -C kmod/tests tool >&2
}

# count JOBS: the last line, and the status of the whole; in a file, too, for .ci/run.
count() {
	local code=0
	mkdir -p "$cache"
	cat -- "$work"/*.count | awk -v jobs="$1" '
		{ good += $1; bad += $2; skipped += $3 }
		END {
			if (NR != jobs) { print "not ok - " jobs - NR " test programs left no result"; bad += jobs - NR }
			printf "%d passed, %d failed, %d skipped\n", good, bad, skipped
			exit bad > 0
		}' >"$cache/count" || code=$?
	cat -- "$cache/count"
	return "$code"
}

set_option() {
	case $1 in
	--debug) debug=1 ;;
	--slow) slow=1 ;;
	--jobs) jobs_at_once=$2 ;;
	--one) work=$2 ;;
	esac
}

# show_tests TOTAL START
show_tests() {
	progress "$(find "$work" -name '*.count' | wc -l)" "$1" "$2" "test programs done"
}

# run PATTERN...: or, where --one is how it was started, the job.
run() {
	[ -z "$work" ] || { run_job "$1" && return; }
	work=$(mktemp -d)
	trap 'rm -rf -- "$work"' EXIT
	trap 'exit 130' INT TERM HUP
	jobs | wanted "$@" >"$work/jobs"
	[ -s "$work/jobs" ] || die "no test matches: $*"
	note "$(grep -c . "$work/jobs") test programs, $jobs_at_once at a time"
	get_ready "$work/jobs"
	tr '\n' '\0' <"$work/jobs" >"$work/jobs0"
	# In the background, for a shell that waits in the foreground hears no signal; env undoes what & does to SIGINT.
	# shellcheck disable=SC2086 # words
	$bound env --default-signal=INT,QUIT xargs -0 -n 1 -P "$jobs_at_once" -a "$work/jobs0" $bound "$scripts/tests/check.sh" --one "$work" &
	look_on "$!" show_tests "$(grep -c . "$work/jobs")" "$(seconds)"
	wait "$!" || :
	count "$(grep -c . "$work/jobs")"
}

main() {
	local debug=0 slow=0 jobs_at_once
	jobs_at_once=$(guests_at_once)
	work=''
	# The longest takes two minutes; a machine may be ten times as slow.
	limit=${CHECK_TIMEOUT:-1500}
	cd -- "$top"
	with_options run '--debug --slow --jobs=N --one=DIR PATTERN' "$@"
}

main "$@"
