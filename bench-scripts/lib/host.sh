# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
# What the scripts of the host share; lib.sh is part of it. Apart from that,
# because the guest carries lib.sh, and what it carries moves its free memory.
#
#	scripts=$(cd -- "$(dirname -- "$0")" && pwd -P)
#	. "$scripts/lib/host.sh"

# shellcheck source=bench-scripts/lib/lib.sh disable=SC2154 # set by whoever sources this file
. "$scripts/lib/lib.sh"
# shellcheck source=bench-scripts/lib/progress.sh
. "$scripts/lib/progress.sh"
# shellcheck source=bench-scripts/lines/check.sh
. "$scripts/lines/check.sh"

# Those of vm.sh; bench.sh takes them, too.
# shellcheck disable=SC2034 # read by both
vm_options='--kernel=KERNEL --kdir=DIR --module=FILE --lane=insn|time|best --smp=N --mem=SIZE --append=WORDS --boots=N
	--settle=N --timeout=N --boot-timeout=N --script=FILE --add=FILE --allow=REGEX --qemu-arg=WORD --accel=tcg|kvm|uml
	--entry=ENTRY -o|--out=DIR --vector -n SUITE'

# decide CODE: ends with a verdict. A command that fails under set -e ends with 1, too, which must not be taken for one:
# see undecided.
decide() {
	decided=1
	exit "$1"
}

# undecided CODE INSTEAD: for traps on EXIT: the code to end with, INSTEAD of a 1 that nobody decided on.
undecided() {
	[ "$1" = 1 ] && [ -z "${decided-}" ] && echo "$2" || echo "$1"
}

# drop_tmp: for a trap on EXIT, where what nobody decided on stays open. $tmp may be empty.
# shellcheck disable=SC2317 # called by traps
drop_tmp() {
	local code=$?
	[ -z "$tmp" ] || rm -rf -- "$tmp"
	exit "$(undecided "$code" 3)"
}

# seconds: since this machine started; the time of day may be set meanwhile.
seconds() {
	cut -d . -f 1 /proc/uptime
}

# within_quota N FILE: of N CPUs as many as cpu.max of cgroup v2 grants, begun ones too.
within_quota() {
	local n="$1" quota period
	if [ -r "$2" ] && read -r quota period <"$2" && [ "$quota" != max ]; then
		quota=$(((quota + period - 1) / period))
		[ "$quota" -ge "$n" ] || n=$quota
	fi
	printf '%s\n' "$n"
}

# cpus: how many we may use; nproc knows which, but not of the quota a container has.
cpus() {
	within_quota "$(nproc)" /sys/fs/cgroup/cpu.max
}

# guests_at_once: one per CPU; a guest and what is around it take up to 1.5 GiB.
guests_at_once() {
	awk -v n="$(cpus)" '/^MemAvailable:/ && n > $2 / 1572864 { n = int($2 / 1572864) } END { print (n > 1 ? n : 1) }' /proc/meminfo
}

# with_us COMMAND...: it ends when this script does, and a signal need not wait until it has ended. Meanwhile $shown, where
# that is set, says how far we are.
with_us() {
	need setpriv
	setpriv --pdeathsig TERM "$@" &
	[ -z "${shown-}" ] || look_on "$!" "$shown"
	wait "$!"
}

# reproducible_make SOURCE BUILD WORD...: a kernel's make; names and time in its banner are the same every time.
reproducible_make() {
	local source="$1" build="$2"
	shift 2
	make -C "$source" O="$build" -j"$(cpus)" KBUILD_BUILD_TIMESTAMP='Thu Jan 1 00:00:00 UTC 1970' \
		KBUILD_BUILD_USER=kallocbench KBUILD_BUILD_HOST=kallocbench KBUILD_BUILD_VERSION=1 "$@"
}

# use_ccache: one store for all kernels that are built. Not by the dependencies that the compiler lists (CCACHE_DEPEND): a
# file that the assembler takes in by .incbin is none of them, and a bzImage got the compressed kernel of another tree whose
# was as long. What was stored that way is left alone, in a name space without a name.
use_ccache() {
	unset CCACHE_DEPEND
	export CCACHE_DIR="$cache/ccache" CCACHE_NOHASHDIR=1 CCACHE_NAMESPACE=incbin
}

# check_kernel OPTION KERNEL KDIR MODULE KDIR-OPTION: what can be known of a kernel before it is fetched; calls die().
check_kernel() {
	[ -z "$3" ] || [ -f "$3/Makefile" ] || die "no kernel build folder: $3"
	[ ! -d "$2" ] || die "$1: $2 is a folder, not an image"
	if [ -f "$2" ]; then
		[ -n "$3$4" ] || die "$1 $2: an image needs its build folder ($5), or --module"
		return 0
	fi
	case $2 in
	*/* | '') die "$1: no file '$2'" ;;
	*) "$scripts/setup/kernel.sh" check "$2" >/dev/null || die "$1: no kernel can be called '$2'" ;;
	esac
}

# mib SIZE: in MiB, as a bare number is for QEMU.
mib() {
	case $1 in
	*[kK]) echo "$((${1%?} / 1024))" ;;
	*[gG]) echo "$((${1%?} * 1024))" ;;
	*[tT]) echo "$((${1%?} * 1048576))" ;;
	*) echo "${1%[mM]}" ;;
	esac
}

# is_decimal WORD: digits, and perhaps a point between them.
is_decimal() {
	case $1 in
	'' | .* | *. | *.*.* | *[!0-9.]*) return 1 ;;
	esac
}

# check_bounds THRESHOLD DELTA: the gate's two options, as a user gave them; the first may be empty. Calls wrong().
check_bounds() {
	[ -z "$1" ] || is_decimal "${1%\%}" ||
		wrong "--threshold: a number of instructions, or a share such as 2%, not '$1'"
	case $2 in
	*[1-9]*) is_decimal "$2" && return ;;
	esac
	wrong "--delta: percent above 0, not '$2'"
}

# whole_verdict FILE: a verdict table of compare.sh that nobody cut.
whole_verdict() {
	awk -F '\t' '
		NR == 1 && $0 != "kallocbench-verdict 1" { exit }
		$1 == "row" { rows++ }
		$1 == "end" { end = NR; said = $2 }
		END { exit !(end && end == NR && said == rows + 0) }' "$1"
}

# quoted WORD...: as a shell would take them again, in one line.
quoted() {
	local word gap=''
	for word in "$@"; do
		printf '%s' "$gap"
		gap=' '
		case $word in
		*[!A-Za-z0-9_./=,:%+-]* | '') printf "'%s'" "$(printf '%s' "$word" | sed "s/'/'\\\\''/g")" ;;
		*) printf '%s' "$word" ;;
		esac
	done
}

# said KEY LINES: the value of KEY in lines key=value, as kernel.sh prints them.
said() {
	local key value
	while IFS='=' read -r key value; do
		[ "$key" != "$1" ] || printf '%s' "$value"
	done <<LINES
$2
LINES
}
