# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
# The phases of the instruction lane: the same image, harmlessly different boots: longer command lines, more and less
# memory, a larger initial file system. What moves between them is no property of the kernel. Sourced by gate/boots.sh and
# matrix/job.sh.

# boot_phase K MEM BALLAST COMMAND...: COMMAND with the words of vm.sh that make phase K of a guest of MEM MiB. BALLAST is
# a file that may be written.
boot_phase() {
	local k="$1" mem="$2" ballast="$3" pad=kab_pad=xxxxxxxxxxxxxxxx
	shift 3
	case $k in
	1) "$@" --mem "${mem}M" ;;
	2) "$@" --mem "${mem}M" --append "$pad$pad$pad" ;;
	3) "$@" --mem "$((mem * 3 / 2))M" ;;
	4) "$@" --mem "$((mem * 3 / 4))M" --append "$pad" ;;
	5)
		mkdir -p -- "$(dirname -- "$ballast")"
		printf '%200000s\n' x >"$ballast"
		"$@" --mem "${mem}M" --append "$pad$pad" --add "$ballast"
		rm -f -- "$ballast"
		;;
	esac
}
