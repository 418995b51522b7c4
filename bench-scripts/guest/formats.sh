# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
# What kernel images look like from outside, and what is in them. One that says no architecture, or is packed in a way
# unknown here, is refused rather than taken for the usual one.

# bytes FILE OFFSET N: in hexadecimal, without blanks; fewer at the end of the file.
bytes() {
	od -An -v -tx1 -j "$2" -N "$3" -- "$1" 2>/dev/null | tr -d ' \n'
}

# number FILE OFFSET: four bytes, the lowest first.
number() {
	od -An -v -tu4 -j "$2" -N 4 --endian=little -- "$1" 2>/dev/null | tr -d ' \n'
}

# image_format FILE: of a kernel image, by its magic numbers (Documentation/arch/x86/boot.rst: HdrS;
# Documentation/arch/arm64/booting.rst: ARM\x64; drivers/firmware/efi/libstub/zboot-header.S: zimg).
image_format() {
	local at
	case $(bytes "$1" 0 8) in
	1f8b*) echo gzip && return ;;
	7f454c46*) echo ELF && return ;;
	????????7a696d67)
		at=$(number "$1" 60)
		# The machine of its PE header: aa64.
		[ "$(bytes "$1" "$((${at:-0} + 4))" 2)" != 64aa ] || echo zboot
		return
		;;
	esac
	[ "$(bytes "$1" 56 4)" != 41524d64 ] || { echo Image && return; }
	[ "$(bytes "$1" 514 4)" != 48647253 ] || echo bzImage
}

# arch_of_image FILE: its architecture. Calls die().
arch_of_image() {
	case $(image_format "$1") in
	bzImage) echo amd64 && return ;;
	Image | zboot) echo arm64 && return ;;
	gzip)
		[ "$(gzip -dc -- "$1" 2>/dev/null | head -c 60 | tail -c 4)" != "$(printf 'ARM\144')" ] ||
			{ echo arm64 && return; }
		;;
	ELF)
		! is_uml "$1" || { echo uml && return; }
		die "$1 is a vmlinux, which no machine boots: give $(machines image | sed 's/\(.*\) \(.*\)/\2 (\1)/' | paste -sd , | sed 's/,/ or /g') of the same build"
		;;
	esac
	die "$1 is not a kernel image known here; known are amd64's bzImage and arm64's Image, Image.gz and vmlinuz.efi"
}

# is_uml FILE: User Mode Linux, a program, says so when it is asked for its version.
is_uml() {
	grep -q -a -F 'User Mode Linux' "$1"
}

# payload_tool FILE OFFSET: the program that unpacks what begins there, nothing for a format we leave to the guest.
payload_tool() {
	case $(bytes "$1" "$2" 4) in
	1f8b*) echo gzip ;;
	28b52ffd) echo zstd ;;
	02214c18) echo lz4 ;;
	fd377a58) echo xz ;;
	esac
}

# unpacked FILE: what is packed in it as a whole. Calls cannot().
unpacked() {
	local at=0 length tool
	length=$(wc -c <"$1")
	[ "$(image_format "$1")" = gzip ] || { at=$(number "$1" 8) && length=$(number "$1" 12); }
	tool=$(payload_tool "$1" "$at")
	[ -n "$tool" ] || cannot "$1 is packed in a way unknown here: gzip, zstd, lz4 and xz are known"
	need "$tool"
	tail -c "+$((at + 1))" -- "$1" | head -c "$length" | "$tool" -dc
}

# plain_image FILE TO: the image as it is booted: FILE itself, or what is packed in it, in TO; QEMU before 8.0 unpacks no
# zboot. Calls cannot().
plain_image() {
	case $(image_format "$1") in
	gzip | zboot)
		if ! unpacked "$1" >"$2" || [ "$(image_format "$2")" != Image ]; then
			cannot "what is packed in $1 is no Image: see message above"
		fi
		printf '%s\n' "$2"
		;;
	*) printf '%s\n' "$1" ;;
	esac
}

# banner IMAGE: the version string: the release, and how it was built. A bzImage says where it is, in kernel_version of
# the boot header, 512 bytes early.
banner() {
	local at
	case $(image_format "$1") in
	Image | ELF) cat -- "$1" | first_version && return ;;
	gzip | zboot) unpacked "$1" | first_version && return ;;
	esac
	at=$(od -An -tu2 -j 526 -N 2 -- "$1" 2>/dev/null | tr -d ' ')
	dd if="$1" bs=1 skip=$((at + 512)) count=160 2>/dev/null | tr -d '\n' | tr '\0' '\n' | sed -n 1p
}

# first_version: of an Image on stdin, which says nowhere where it is.
first_version() {
	grep -a -o 'Linux version [0-9][[:print:]]*' | sed -n '1s/^Linux version //p'
}

# release_of IMAGE: as uname -r will say it.
release_of() {
	banner "$1" | sed 's/ .*//'
}

# is_rt IMAGE: it was built with PREEMPT_RT.
is_rt() {
	banner "$1" | grep -q 'PREEMPT_RT'
}

# vmlinux_of BZIMAGE OUT: the kernel in it. QEMU starts that directly where it has the PVH entry, and the guest need not
# decompress it: a quarter of the boot of a stock kernel. Not for the time lane: KASLR is in the decompressor. Fails,
# without a word, where the image is none of ours to open or has no PVH entry: then the guest's own way is the right
# one. A tool that is not installed must not decide how a kernel boots.
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
