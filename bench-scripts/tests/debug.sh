#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# What takes special kernels and is too long for make check.
set -eu

scripts=$(cd -- "$(dirname -- "$0")/.." && pwd -P)
# shellcheck source=bench-scripts/lib/host.sh
. "$scripts/lib/host.sh"

usage() {
	cat <<'USAGE'
usage: debug.sh soak [SECONDS [SEED]]    torture and random plans on the debug
                                         kernel, default an hour
       debug.sh coverage [TEST...]       lines of the module that these or all
                                         guest tests reach, on the gcov kernel
       debug.sh sign                     load the module signed with a key of
                                         our own, locked down
       debug.sh torture [WRITES [SEED]]  the torture on debug, kcsan, debug-rt,
                                         6.12 and 6.1, as a table

Leaves everything in .cache/debug.
Exit: 0 good, 1 a test failed, 2 wrong use, 3 could not be tried.
USAGE
}

guest=kmod/tests/guest
work=$cache/debug

# words_of TEST: what the test wants of vm.sh.
words_of() {
	sed -n '/^#/!q; s/^# vm: *//p' "$1" | sed "s,\.cache/,$cache/,g" | tr '\n' ' '
}

# boot KERNEL NAME SCRIPT WORD...: the guest's output stays in $work/NAME.
boot() {
	local kernel="$1" name="$2" script="$3"
	shift 3
	rm -rf -- "${work:?}/$name"
	"$scripts/vm.sh" --kernel "$kernel" --lane time --accel tcg "$@" --script "$script" --out "$work/$name" \
		2>"$work/$name.err" || {
		cat -- "$work/$name/boot-1/script.out" "$work/$name.err" 2>/dev/null || :
		return 1
	}
}

soak() {
	local seconds="${1:-3600}" seed="${2:-1}" code=0
	if ! is_count "$seconds" || ! is_count "$seed"; then
		die "SECONDS and SEED are numbers"
	fi
	printf 'seconds=%s seed=%s\n' "$seconds" "$seed" >"$work/soak.conf"
	# shellcheck disable=SC2046 # words of options
	boot debug soak "$guest/soak.t" $(words_of "$guest/soak.t") --timeout $((2 * seconds + 600)) \
		--add "$work/soak.conf" || code=1
	[ "$code" != 0 ] || cat -- "$work/soak/boot-1/script.out"
	return "$code"
}

# The module with counters in it, built where its sources stay.
coverage_module() {
	local kdir="$1" src="$work/coverage-src"
	rm -rf -- "$src" "$work"/coverage-data
	mkdir -p "$src"
	cp -- kmod/Kbuild kmod/*.[ch] kmod/*.def "$src/"
	make -C "$kdir" M="$src" GCOV_PROFILE=y modules >"$work/coverage.log" 2>&1 ||
		cannot "the module does not build with GCOV_PROFILE: see $work/coverage.log"
}

# Each test boots by itself; gcovr adds their counters up. It finds the kernel's headers from the kernel's folder only.
coverage_of() {
	local test="$1" kdir="$2" name data
	name=coverage-$(basename "$test" .t)
	data=$work/coverage-data/$name
	# shellcheck disable=SC2046 # words of options
	boot gcov "$name" "$guest/coverage.sh" --module "$work/coverage-src/kallocbench.ko" --timeout 1800 \
		--add "$test:/kab/test" $(words_of "$test") || note "$test fails on the gcov kernel: its lines count all the same"
	mkdir -p "$data"
	cp -- "$work"/coverage-src/*.gcno "$data/"
	cp -- "$work/$name"/boot-1/gcov/*.gcda "$data/" || return
	(cd -- "$kdir" && gcovr --root "$work/coverage-src" --filter "$work/coverage-src/" --object-directory "$kdir" \
		--json "$data.json" "$data") >&2
}

coverage() {
	local test kdir
	need gcovr
	kdir=$(said kdir "$("$scripts/setup/kernels.sh" build gcov)")
	coverage_module "$kdir"
	mkdir -p "$work/coverage-data"
	[ $# -gt 0 ] || set -- "$guest"/*.t
	for test in "$@"; do
		case $test in
		*/lockdown.t | */soak.t | */everything.t | */everywhere.t | */crowd.t) continue ;;
		esac
		coverage_of "$test" "$kdir" >"$work/coverage-$(basename "$test").log" 2>&1 || note "no counters of $test"
	done
	set --
	for test in "$work"/coverage-data/*.json; do
		set -- "$@" -a "$test"
	done
	# The loops are inlined into a function for each row: their branches are those of all rows together.
	(cd -- "$work/coverage-src" && gcovr --root . "$@" --filter 'loops\.h' --branches &&
		gcovr --root . "$@" --fail-under-line 85)
}

sign() {
	local kdir ko
	kdir=$(said kdir "$("$scripts/setup/kernels.sh" build sign)")
	ko=$("$scripts/setup/module.sh" "$kdir")
	cp -- "$ko" "$work/unsigned.ko"
	# The kernel's build made this key: it is ours, and nobody else's.
	"$kdir/scripts/sign-file" sha256 "$kdir/certs/signing_key.pem" "$kdir/certs/signing_key.x509" "$ko" \
		"$work/signed.ko"
	boot sign sign "$guest/signed.sh" --add "$guest/robust.sh" --add "$work/signed.ko" --add "$work/unsigned.ko" \
		--append lockdown=integrity || return
	cat -- "$work/sign/boot-1/script.out"
}

torture() {
	local kernel writes="${1:-20000}" seed="${2:-1}" code=0
	printf 'writes=%s seed=%s writers=3\n' "$writes" "$seed" >"$work/torture.conf"
	for kernel in debug kcsan debug-rt 6.12 6.1; do
		# shellcheck disable=SC2046 # words of options
		boot "$kernel" "torture-$kernel" "$guest/torture.t" $(words_of "$guest/torture.t") --timeout 7200 \
			--add "$work/torture.conf" >"$work/torture-$kernel.log" || code=1
		awk -F= -v kernel="$kernel" '
			{ sub(/^# /, ""); n[$1] = $2 }
			/^not ok/ { bad++ }
			END { printf "%-8s writes=%d accepted=%d reads=%d killed=%d violations=%d failed=%d\n", kernel,
				n["writes"], n["accepted"], n["reads"], n["killed_writers"], n["violations"], bad }' \
			"$work/torture-$kernel/boot-1/script.out"
	done
	return "$code"
}

# run VERB [WORD...]
run() {
	local what="${1-}"
	cd -- "$top"
	case $what in
	soak | coverage | sign | torture) shift ;;
	*) wrong "soak, coverage, sign or torture, not '$what'" ;;
	esac
	mkdir -p "$work"
	make -s -C kmod/tests tool >&2
	"$what" "$@"
}

main() {
	with_options run 'soak|coverage|sign|torture' "$@"
}

main "$@"
