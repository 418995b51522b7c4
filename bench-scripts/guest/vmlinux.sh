# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
# The kernel inside a bzImage, sourced by vm.sh. QEMU starts it directly where it has the PVH entry, and the guest
# need not decompress it: a quarter of the boot of a stock kernel. Not for the time lane: KASLR is in the decompressor.

# payload_tool FILE OFFSET: the program that unpacks what begins there, nothing for a format we leave to the guest.
payload_tool() {
	case $(od -An -v -tx1 -j "$2" -N 4 -- "$1" 2>/dev/null | tr -d ' ') in
	1f8b*) echo gzip ;;
	28b52ffd) echo zstd ;;
	02214c18) echo lz4 ;;
	fd377a58) echo xz ;;
	esac
}

# vmlinux_of BZIMAGE OUT: fails, without a word, where the image is none of ours to open or has no PVH entry: then the
# guest's own way is the right one. A tool that is not installed must not decide how a kernel boots.
vmlinux_of() {
	local image="$1" to="$2" at length tool
	[ ! -f "$to" ] || return 0
	# The boot protocol's header (Documentation/arch/x86/boot.rst) from byte 496, two bytes a word, so byte 496 + 2 * N
	# is word N + 1: setup_sects is the upper half of the first, the magic number HdrS the tenth and the next, then
	# payload_offset and payload_length.
	# shellcheck disable=SC2046 # numbers
	set -- $(od -An -v -tu2 -j 496 -N 96 --endian=little -- "$image" 2>/dev/null)
	[ "${10-} ${11-} $#" = "25672 21362 48" ] || return
	at=$((($1 / 256 ? $1 / 256 + 1 : 5) * 512 + ${45} + ${46} * 65536))
	# The last four bytes are the length of what is packed; of the formats here only gzip has them inside.
	length=$((${47} + ${48} * 65536 - 4))
	[ "$length" -gt 0 ] || return
	tool=$(payload_tool "$image" "$at")
	[ -n "$tool" ] || return
	need "$tool" readelf
	[ "$tool" != gzip ] || length=$((length + 4))
	tail -c "+$((at + 1))" -- "$image" | head -c "$length" | "$tool" -dc >"$to.$$" &&
		readelf -n -- "$to.$$" 2>/dev/null | grep -q '(0x00000012)' && mv -- "$to.$$" "$to" && return
	rm -f -- "$to.$$"
	return 1
}
