# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
# shellcheck disable=SC2154 # $cache is lib.sh's
# The initial file system of the guest, sourced by vm.sh. The same input gives the same bytes: no dates, no order of
# a directory, no owner, no mode of the moment.

# pack DIR: DIR as a cpio archive on stdout.
pack() {
	(
		cd -- "$1" || exit 1
		find . -exec touch -h -d @0 {} +
		find . -mindepth 1 -print0 | LC_ALL=C sort -z |
			cpio --quiet --null -o -H newc -R 0:0 --reproducible
	)
}

# guest_busybox: that of the guest's architecture. What it can do, this machine's own says: both are Debian's.
guest_busybox() {
	if [ -z "$(cross_of "$arch")" ]; then
		command -v busybox
	else
		"$scripts/setup/kernel.sh" busybox "$arch"
	fi
}

# base_image: busybox with a link per applet, made once per busybox; prints its path.
base_image() {
	local box own dir file
	own=$(command -v busybox)
	box=$(guest_busybox) || exit
	file=$cache/guest-$(sha256sum <"$box" | cut -c 1-16).cpio
	if [ ! -f "$file" ]; then
		"$own" --list | grep -qx sh || cannot "busybox has no shell: install busybox-static"
		! ldd "$box" >/dev/null 2>&1 || cannot "busybox is not static: install busybox-static"
		dir=$(mktemp -d)
		mkdir -p "$dir/bin" "$dir/proc" "$dir/sys" "$dir/dev" "$dir/out" "$dir/tmp" "$dir/kab"
		install -m 755 "$box" "$dir/bin/busybox"
		# Busybox runs its own ln without another program, four times as fast for three hundred links.
		# shellcheck disable=SC2016 # that shell's variables
		(cd -- "$dir/bin" && "$own" sh -c 'for name in $("$0" --list); do [ -e "$name" ] || ln -s busybox "$name"; done' "$own")
		if ! pack "$dir" >"$file.$$" || ! mv -- "$file.$$" "$file"; then
			rm -rf -- "$dir" "$file.$$"
			cannot "cannot make the guest's file system: see message above"
		fi
		rm -rf -- "$dir"
	fi
	printf '%s\n' "$file"
}

# added_file FILE[:/path/in/guest]: the file on the host.
added_file() {
	printf '%s' "${1%:/*}"
}

# add_file DIR FILE[:/path/in/guest]
add_file() {
	local dir="$1" src="$2" dst
	case $src in
	*:/*)
		dst=${src##*:/}
		src=${src%:/*}
		;;
	*) dst=kab/${src##*/} ;;
	esac
	mkdir -p -- "$dir/$(dirname -- "$dst")"
	cp -- "$src" "$dir/$dst"
}

# copy_module KO TO: without debug information, which names folders of this machine, and without the build ID, a hash of
# it: so the same source makes the same bytes everywhere. But a signature covers every byte.
copy_module() {
	if tail -c 28 -- "$1" | grep -qa '^~Module signature appended~'; then
		cp -- "$1" "$2"
	else
		"$(cross_of "$arch")strip" -g -R .note.gnu.build-id -o "$2" -- "$1"
	fi
}

# guest_image DIR OUT: the base plus everything in DIR.
guest_image() {
	local base
	base=$(base_image) || exit
	chmod -R u=rwX,go=rX "$1"
	{ cat -- "$base" && pack "$1"; } >"$2"
}
