#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Fetch stock Debian kernels with their headers into the cache.
set -eu

scripts=$(cd -- "$(dirname -- "$0")" && pwd -P)
# shellcheck source=bench-scripts/host.sh
. "$scripts/host.sh"
# shellcheck source=bench-scripts/archive.sh
. "$scripts/archive.sh"

usage() {
	cat <<'USAGE'
usage: kernel.sh get SERIES|RELEASE	fetch it, unless it is cached, and print
					image=PATH kdir=PATH release=R, a line each
       kernel.sh list [SERIES]		releases the package lists offer

SERIES	6.1, 6.12, or with a flavour: 6.12-cloud (the default), 6.12-generic, 6.12-rt;
	or a kernel that kernels.sh builds (debug, kcsan, min, ...)
RELEASE	as uname -r prints it, such as 6.12.117+deb12-cloud-amd64; a release that
	can no longer be had is replaced by the newest of its series and flavour,
	and the replacement is said on stderr

The kernel is unpacked, never installed. 6.1 is Debian 12's: other releases take it from
there. Cache: $KALLOCBENCH_CACHE, or .cache in the top folder.
Exit: 0 good, 2 wrong use, 3 no such kernel can be had.
USAGE
}

kernels=$cache/kernels
arch=
tmp=

cleanup() {
	[ -z "$tmp" ] || rm -rf -- "$tmp"
}

# pattern SERIES FLAVOUR: matches the releases of that series and flavour.
# Debian's releases: 6.1.0-56-cloud-amd64 (ABI number), 6.12.117+deb12-cloud-amd64.
pattern() {
	local flavour="$2-"
	[ "$2" != generic ] || flavour=
	printf '^%s\\.[0-9][0-9.]*([-+][0-9a-z.~]+)?-%s%s$' "$(printf '%s' "$1" | sed 's/\./\\./g')" "$flavour" "$arch"
}

# offered SERIES FLAVOUR: releases in the package lists, oldest first.
offered() {
	ask pkgnames "linux-image-$1." | sed 's/^linux-image-//' | grep -E -e "$(pattern "$1" "$2")" | sort -V
}

# cached SERIES FLAVOUR: releases in the cache, oldest first.
cached() {
	(cd "$kernels" 2>/dev/null && ls -1) | grep -E -e "$(pattern "$1" "$2")" | sort -V
}

# flavour_of RELEASE, series_of RELEASE
flavour_of() {
	case $1 in
	*-cloud-*) echo cloud ;;
	*-rt-*) echo rt ;;
	*) echo generic ;;
	esac
}

series_of() {
	printf '%s\n' "$1" | sed -n 's/^\([0-9][0-9]*\.[0-9][0-9]*\)\..*/\1/p'
}

# header_packages RELEASE: the packages a module build needs, by their dependencies.
header_packages() {
	local todo="linux-headers-$1"
	echo "$todo"
	ask depends "$todo" | sed -n 's/^ *|*Depends: \(linux-\(headers\|kbuild\)-.*\)$/\1/p'
}

# unpack RELEASE DIR: image to DIR/boot, headers to DIR/usr; made aside and renamed, so that DIR is whole.
unpack() {
	local release="$1" dir="$2" deb
	mkdir "$tmp/deb" "$tmp/root"
	(
		cd "$tmp/deb"
		# shellcheck disable=SC2046 # package names: no blanks, no wildcards
		download "linux-image-$release" $(header_packages "$release")
	) || return 1
	for deb in "$tmp"/deb/linux-image-*.deb; do
		dpkg --fsys-tarfile "$deb" >"$tmp/image.tar" && tar -xf "$tmp/image.tar" -C "$tmp/root" ./boot || return 1
	done
	for deb in "$tmp"/deb/linux-headers-*.deb "$tmp"/deb/linux-kbuild-*.deb; do
		dpkg -x "$deb" "$tmp/root" || return 1
	done
	[ -f "$tmp/root/boot/vmlinuz-$release" ] || return 1
	relocate "$tmp/root/usr/src/linux-headers-$release" || return 1
	mv -- "$tmp/root" "$dir"
}

# relocate HEADERS: the stub makefiles of Debian's headers name /usr/src; ours are found from where they lie.
relocate() {
	local file
	for file in "$1/Makefile" "$1/.kernelvariables"; do
		[ -f "$file" ] || continue
		# shellcheck disable=SC2016 # make's dollars, not ours
		sed -i 's,/usr/src/linux-headers-,$(dir $(lastword $(MAKEFILE_LIST)))../linux-headers-,' "$file" || return 1
	done
}

# fetch RELEASE: into the cache, whole or not at all.
fetch() {
	local dir="$kernels/$1"
	[ ! -d "$dir" ] || return 0
	ask pkgnames "linux-image-$1" | grep -Fqx -e "linux-image-$1" || return 1
	exec 9>"$kernels/.lock-$1"
	flock 9
	# Whoever held the lock may have fetched it.
	[ ! -d "$dir" ] || return 0
	note "fetching kernel $1"
	tmp=$(mktemp -d "$kernels/.fetch.XXXXXX")
	if unpack "$1" "$dir"; then
		rm -rf -- "$tmp"
		tmp=
		return 0
	fi
	rm -rf -- "$tmp"
	tmp=
	return 1
}

# newest SERIES FLAVOUR: fetch the newest release that can be had; sets $release.
newest() {
	release=$(offered "$1" "$2" | tail -n 1)
	if [ -z "$release" ] || ! fetch "$release"; then
		# Lists too old or never fetched: the release they name may be gone by now.
		refresh
		release=$(offered "$1" "$2" | tail -n 1)
	fi
	if [ -z "$release" ] || ! fetch "$release"; then
		release=$(cached "$1" "$2" | tail -n 1)
		[ -n "$release" ] || cannot "no kernel $1 ($2) can be had: not in the package lists, not in $kernels; kernel.sh list says which are"
		note "cannot download the newest $1 ($2): taking $release from the cache"
	fi
}

get() {
	local release series
	series=$(printf '%s\n' "$1" | sed 's/^\([0-9]*\.[0-9]*\).*/\1/')
	at_home "$series" "linux-image-${series}[.].*"
	case $1 in
	*-"$arch")
		if fetch "$1"; then
			release=$1
		else
			newest "$(series_of "$1")" "$(flavour_of "$1")"
			note "RELEASE $1 CANNOT BE HAD ANY MORE: using $release; figures will differ from those of $1"
		fi
		;;
	*-cloud | *-generic | *-rt) newest "${1%-*}" "${1##*-}" ;;
	*[!0-9.]* | '') die "neither a series (6.12) nor a release (6.12.117+deb12-cloud-$arch): '$1'" ;;
	*) newest "$1" cloud ;;
	esac
	printf 'image=%s\n' "$kernels/$release/boot/vmlinuz-$release"
	printf 'kdir=%s\n' "$kernels/$release/usr/src/linux-headers-$release"
	printf 'release=%s\n' "$release"
}

# list [SERIES]: a series is whole, 6.1 is not 6.12.
list() {
	ask pkgnames "linux-image-${1-}" | sed 's/^linux-image-//' | grep -E -e "^[0-9].*-$arch\$" |
		awk -v series="${1-}" 'series == "" || $0 == series || index($0, series ".") == 1 || index($0, series "-") == 1' |
		sort -V | grep . || cannot "the package lists offer no kernel ${1-}"
}

# run get|list [WORD]
run() {
	case ${1-} in
	get) [ $# = 2 ] || wrong "get takes one kernel" ;;
	list) [ $# -le 2 ] || wrong "list takes one series" ;;
	*) wrong "get or list, not '${1-}'" ;;
	esac
	# Kernels of our own have names without digits in front.
	if [ "$1" = get ] && [ "${2#[0-9]}" = "$2" ] && "$scripts/kernels.sh" list | grep -q -x -e "${2%%+*}"; then
		exec "$scripts/kernels.sh" build "$2"
	fi
	have apt-get apt-cache dpkg || cannot "this needs Debian's apt; elsewhere give vm.sh --kernel BZIMAGE --kdir DIR"
	arch=$(dpkg --print-architecture)
	mkdir -p "$kernels"
	if [ "$1" = list ]; then
		list "${2-}"
		return
	fi
	trap cleanup EXIT
	trap 'exit 130' INT TERM HUP
	get "$2"
}

main() {
	with_options run '' "$@"
}

main "$@"
