# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
# The kernel inside a bzImage, sourced by vm.sh. QEMU starts it directly where it has the PVH entry, and the guest
# need not decompress it: a quarter of the boot of a stock kernel. Not for the time lane: KASLR is in the decompressor.

# number FILE OFFSET BYTES: as the boot protocol stores it, little endian (Documentation/arch/x86/boot.rst).
number() {
	od -An -v -tu"$3" -j "$2" -N "$3" --endian=little -- "$1" 2>/dev/null | tr -d ' '
}

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
	local image="$1" to="$2" sectors at length tool
	[ "$(dd if="$image" bs=1 skip=514 count=4 2>/dev/null | tr -d '\0')" = HdrS ] || return
	sectors=$(number "$image" 497 1)
	at=$((((sectors ? sectors : 4) + 1) * 512 + $(number "$image" 584 4)))
	# The last four bytes are the length of what is packed; of the formats here only gzip has them inside.
	length=$(($(number "$image" 588 4) - 4))
	[ "$length" -gt 0 ] || return
	tool=$(payload_tool "$image" "$at")
	[ -n "$tool" ] || return
	need "$tool" readelf
	[ "$tool" != gzip ] || length=$((length + 4))
	tail -c "+$((at + 1))" -- "$image" | head -c "$length" | "$tool" -dc >"$to" || return
	readelf -n -- "$to" 2>/dev/null | grep -q '(0x00000012)'
}
