#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# The job without a pull request: judge a kernel by the last good result of the one before.
set -eu

scripts=$(cd -- "$(dirname -- "$0")/.." && pwd -P)
# shellcheck source=bench-scripts/lib/host.sh
. "$scripts/lib/host.sh"

usage() {
	cat <<'USAGE'
usage: last-good.sh --new KERNEL -o OUT LAST [-- ci.sh option...]

KERNEL is a series such as 6.12, a release, or an image (with --kdir among the
options). LAST is a folder that the service keeps from run to run. The first
time there is nothing in it: KERNEL is measured and becomes the last good one.
Then it is judged by what lies there, and takes its place where it is no worse.

  --new KERNEL   what is judged
  -o, --out OUT  a new folder: everything goes there

A QEMU or a compiler other than LAST's leaves nothing to compare: that run ends
with 3, and is what later ones are judged by. To accept a regression: empty
LAST.
Exit: 0 no regression, 1 regression, 2 wrong use, 3 could not be judged.
USAGE
}

# keep LAST OUT: whole or not at all.
keep() {
	rm -rf -- "$1.part"
	cp -R -- "$2/new" "$1.part" || cannot "cannot write $1.part: see message above"
	rm -rf -- "$1"
	mv -- "$1.part" "$1"
}

# anew OPTION...: against itself: that shows whether its boots repeat, which a first measurement has to.
anew() {
	note "nothing in $last to compare with: this run is what later ones are judged by"
	"$scripts/ci.sh" --base "$kernel" "$@"
}

# run LAST [WORD...]
run() {
	local last code=0
	case ${1:+last}${kernel:+new}${out:+out} in
	lastnewout) ;;
	*) wrong "--new, --out and LAST are needed" ;;
	esac
	last=${1%/}
	shift
	set -- --new "$kernel" --out "$out" "$@"
	if [ -n "$(find "$last" -name 'result-*.txt' 2>/dev/null | head -n 1)" ]; then
		"$scripts/ci.sh" --reference "$last" "$@" || code=$?
		# Refused before the first boot: it is measured all the same.
		[ "$code" != 3 ] || [ -e "$out" ] || {
			! anew "$@" || keep "$last" "$out"
			decide "$code"
		}
	else
		anew "$@" || code=$?
	fi
	case $code in
	0) keep "$last" "$out" ;;
	# Measured, but not comparable: there is no verdict.
	3)
		[ -f "$out/verdict/verdict.tsv" ] || [ -s "$out/failed" ] || [ ! -f "$out/failed" ] || {
			keep "$last" "$out"
			note "nothing could be compared with what was in $last: later runs are judged by this one"
		}
		;;
	esac
	decide "$code"
}

set_option() {
	case $1 in
	--new) kernel=$2 ;;
	--out) out=$2 ;;
	esac
}

main() {
	kernel='' out=''
	with_options run '--new=KERNEL -o|--out=DIR DIR' "$@"
}

main "$@"
