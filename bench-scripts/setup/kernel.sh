#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Fetch stock Debian kernels with their headers into the cache.
set -eu

scripts=$(cd -- "$(dirname -- "$0")/.." && pwd -P)
# shellcheck source=bench-scripts/lib/host.sh
. "$scripts/lib/host.sh"
# shellcheck source=bench-scripts/setup/archive.sh
. "$scripts/setup/archive.sh"

usage() {
	cat <<'USAGE'
usage: kernel.sh get NAME
       kernel.sh check NAME
       kernel.sh list [SERIES]
       kernel.sh busybox ARCH

  get      fetch it, unless it is cached, and print image=PATH kdir=PATH
           release=R arch=A and name=N, by which the same kernel is had again,
           a line each
  check    say what is wrong with a name, if anything is; asks nobody
  list     what is available, and what is in the cache
  busybox  fetch that architecture's static busybox, print its path

NAME is SERIES[-FLAVOUR][:ARCH], such as 6.12, 6.12-rt, 7.3:arm64; or a release
as uname -r prints it, such as 6.12.117+deb12-cloud-amd64: where it can no
longer be had it is replaced by the newest of its series and flavour, said on
stderr; or a kernel that kernels.sh builds (debug, kcsan, min, 7.3-min, ...).

  SERIES   newest: of all that is no release candidate
  FLAVOUR  cloud (the default), generic, rt
  ARCH     amd64, arm64; by default that of this machine

The kernel is unpacked, never installed. It comes from the first that has both
its image and its headers of: this machine's package lists, Debian's bookworm,
trixie, trixie-backports, sid, experimental. Their lists are fetched when first
needed, from the archive that this machine uses, and kept in the cache:
$KALLOCBENCH_CACHE, or .cache in the top folder.
Exit: 0 good, 2 wrong use, 3 no such kernel is available.
USAGE
}

kernels=$cache/kernels
flavours='cloud generic rt'
tmp=

cleanup() {
	[ -z "$tmp" ] || rm -rf -- "$tmp"
}

# wanted: of rows of releases.awk those the name asks for, oldest first. A release candidate must be asked for.
wanted() {
	awk -v series="$series" -v flavour="$flavour" -v arch="$arch" '
		$2 != flavour || $3 != arch { next }
		series == "newest" {
			if ($4 !~ /[-~]rc/)
				print $4
			next
		}
		$1 == series || (index($4, series) == 1 && substr($4, length(series) + 1) ~ /^[^.0-9]/) { print $4 }' | sort -V
}

# rows: of what the lists of this place offer.
rows() {
	ask pkgnames linux- | awk -f "$scripts/setup/releases.awk"
}

# rows_cached: of what is in the cache.
rows_cached() {
	(cd "$kernels" 2>/dev/null && ls -1) | awk -f "$scripts/setup/releases.awk" -v bare=1
}

# image_package RELEASE: the one that has its image. Where there is a linux-binary, the image package is empty.
image_package() {
	local name
	for name in "linux-binary-$1" "linux-binary-unsigned-$1" "linux-image-$1" "linux-image-$1-unsigned"; do
		! has "$name" || { echo "$name" && return; }
	done
	return 1
}

# header_packages RELEASE: the packages a module build needs, by their dependencies. The tools among them shall run here.
header_packages() {
	local todo="linux-headers-$1:$arch"
	echo "$todo"
	ask depends "$todo" | sed -n 's/^ *|*Depends: <*\(linux-\(headers\|kbuild\)-[^: >]*\).*$/\1/p' | sed "s/^\(linux-kbuild-.*\)/\1:$native/"
}

# whole ROOT RELEASE: nothing is missing that was to be unpacked there.
whole() {
	[ -f "$1/boot/vmlinuz-$2" ] && cat -- "$1"/usr/src/linux-headers-*-common*/Makefile >/dev/null
}

# unpack RELEASE DIR: image to DIR/boot, headers to DIR/usr; made aside and renamed, so that DIR is whole.
unpack() {
	local release="$1" dir="$2" deb image
	image=$(image_package "$release") || return 1
	mkdir -p "$tmp/deb" "$tmp/image" "$tmp/root/boot"
	(
		cd "$tmp/deb"
		# shellcheck disable=SC2046 # package names: no blanks, no wildcards
		download "$image:$arch" $(header_packages "$release")
	) || return 1
	for deb in "$tmp"/deb/linux-image-*.deb "$tmp"/deb/linux-binary-*.deb; do
		[ ! -f "$deb" ] || dpkg --fsys-tarfile "$deb" >"$tmp/image.tar" || return 1
	done
	tar -xf "$tmp/image.tar" -C "$tmp/image" --wildcards '*/vmlinuz*' || return 1
	find "$tmp/image" -type f -name 'vmlinuz*' -exec mv -- {} "$tmp/root/boot/vmlinuz-$release" \;
	for deb in "$tmp"/deb/linux-headers-*.deb "$tmp"/deb/linux-kbuild-*.deb; do
		dpkg -x "$deb" "$tmp/root" || return 1
	done
	whole "$tmp/root" "$release" || return 1
	relocate "$tmp/root/usr/src/linux-headers-$release" || return 1
	toolchain_of "$place" >"$tmp/root/toolchain"
	mv -- "$tmp/root" "$dir"
}

# relocate HEADERS: the stub makefiles of Debian's headers name /usr/src; ours are found from where they lie. What they
# assign must be so before they include another.
relocate() {
	local file
	for file in "$1/Makefile" "$1/.kernelvariables"; do
		[ -f "$file" ] || continue
		# shellcheck disable=SC2016 # make's dollars, not ours
		sed -i 's,/usr/src/linux-headers-,$(dir $(lastword $(MAKEFILE_LIST)))../linux-headers-,
			s,^KBUILD_OUTPUT *=,KBUILD_OUTPUT :=,' "$file" || return 1
	done
}

# fetch RELEASE: into the cache from this place, whole or not at all.
fetch() {
	local dir="$kernels/$1" code=0
	[ ! -d "$dir" ] || return 0
	exec 9>"$kernels/.lock-$1"
	flock 9
	# Whoever held the lock may have fetched it.
	if [ ! -d "$dir" ]; then
		note "fetching kernel $1${APT_CONFIG:+ from $place}"
		tmp=$(mktemp -d "$kernels/.fetch.XXXXXX")
		unpack "$1" "$dir" || code=1
		rm -rf -- "$tmp"
		tmp=
	fi
	exec 9>&-
	return "$code"
}

# parse WORD: sets series, flavour, arch, and release where the word is one.
parse() {
	local word="${1%:*}" row
	release='' series='' flavour=cloud arch=$native
	row=$(printf '%s\n' "$1" | awk -f "$scripts/setup/releases.awk" -v bare=1)
	if [ -n "$row" ]; then
		release=${row##* } series=${row%% *} row=${row#* }
		flavour=${row%% *} row=${row#* }
		arch=${row%% *}
		return
	fi
	case $1 in
	*:*) arch=${1##*:} ;;
	esac
	is_machine "$arch" || die "'$1': no architecture '$arch', but $(known_machines)"
	series=${word%%-*}
	[ "$word" = "$series" ] || flavour=${word#*-}
	[ "$series" = newest ] || printf '%s\n' "$series" | grep -q -E -x -e '[0-9]+(\.[0-9]+){1,2}' ||
		die "neither a series (6.12, newest) nor a release (6.12.117+deb12-cloud-$arch): '$1'"
	case " $flavours " in
	*" $flavour "*) ;;
	*) die "'$1': no flavour '$flavour', but $(printf '%s\n' "$flavours" | sed 's/ \([^ ]*\)$/ and \1/; s/ /, /; s/, and/ and/')" ;;
	esac
}

# named: rows of releases.awk, each behind the name by which it is had.
named() {
	awk -v native="$native" '{ print $1 ($2 == "cloud" ? "" : "-" $2) ($3 == native ? "" : ":" $3), $0 }'
}

# name: of what parse understood.
name() {
	echo "$series $flavour $arch" | named | cut -d ' ' -f 1
}

# seek: the newest of what is wanted, or the release itself, in the first place that has it; newest is that of all places.
# Sets found and place.
seek() {
	local here at
	found=''
	for at in $(places "$arch"); do
		go_to "$at" "$arch" || continue
		here=$(rows | if [ -n "$release" ]; then awk -v release="$release" '$4 == release { print $4 }'; else wanted; fi | tail -n 1)
		if [ -z "$here" ] || [ "$(printf '%s\n' "$found" "$here" | sort -V | tail -n 1)" = "$found" ]; then
			continue
		fi
		found=$here place=$at
		[ "$series" = newest ] || break
	done
	[ -n "$found" ] && go_to "$place" "$arch"
}

# refresh_all: what is not there may be by now.
refresh_all() {
	local at
	for at in $(places "$arch"); do
		! go_to "$at" "$arch" || refresh 1440
	done
}

# take: seek and fetch. Lists too old, or never fetched: what they name may be gone by now, and what is new not in them.
take() {
	if seek; then
		fetch "$found" && return
		refresh
	else
		refresh_all
	fi
	seek && fetch "$found"
}

# near: names of what can be had, those most like what was asked for.
near() {
	local at
	for at in $(places "$arch"); do
		! go_to "$at" "$arch" || rows
	done | sort -V -u | named | awk -v arch="$arch" -v series="$series" -v flavour="$flavour" '
		function number(s, part) { split(s, part, "."); return part[1] * 1000 + part[2] }
		$4 == arch && !seen[$1]++ && ($2 == series || $3 == flavour) {
			print ($2 == series ? 0 : (d = number($2) - number(series)) < 0 ? -d : d), $1
		}' | sort -n -k 1,1 | head -n 4 | cut -d ' ' -f 2 | tr '\n' ' ' | sed 's/ $//; s/ /, /g'
}

# take_cached: the newest of what is wanted, without the archive.
take_cached() {
	local like
	found=$(rows_cached | wanted | tail -n 1)
	if [ -z "$found" ]; then
		like=$(near)
		cannot "no kernel $(name) is available: not in the package lists, not in $kernels; ${like:+nearest: $like; }kernel.sh list shows those that are"
	fi
	note "cannot download the newest $(name): taking $found from the cache"
}

get() {
	local series flavour arch release found='' place=own asked
	parse "$1"
	asked=$release
	if [ -z "$asked" ] || ! { [ -d "$kernels/$asked" ] || take; }; then
		release=''
		take || take_cached
		[ -z "$asked" ] || note "RELEASE $asked IS NO LONGER AVAILABLE: using $found; figures will differ from those of $asked"
	fi
	release=${found:-$asked}
	printf 'image=%s\n' "$kernels/$release/boot/vmlinuz-$release"
	printf 'kdir=%s\n' "$kernels/$release/usr/src/linux-headers-$release"
	printf 'release=%s\n' "$release"
	printf 'arch=%s\nname=%s\n' "$arch" "$release"
}

# get_busybox ARCH: for guests of another architecture; this machine's own has its busybox installed.
get_busybox() {
	local arch="$1" dir="$cache/busybox/$1" at
	is_machine "$arch" || die "no architecture '$arch', but $(known_machines)"
	if [ ! -x "$dir/bin/busybox" ]; then
		exec 9>"$kernels/.lock-busybox-$arch"
		flock 9
		tmp=$(mktemp -d "$kernels/.fetch.XXXXXX")
		for at in $(places "$arch"); do
			[ ! -x "$dir/bin/busybox" ] || break
			if ! go_to "$at" "$arch" || ! (cd "$tmp" && download "busybox-static:$arch"); then
				continue
			fi
			dpkg -x "$tmp"/busybox-static_*.deb "$tmp/root"
			# Debian 13 has it in usr/bin.
			[ -d "$tmp/root/bin" ] || mv "$tmp/root/usr/bin" "$tmp/root/bin"
			mkdir -p "${dir%/*}"
			mv -- "$tmp/root" "$dir"
		done
		rm -rf -- "$tmp"
		tmp=
	fi
	[ -x "$dir/bin/busybox" ] || cannot "no busybox-static of $arch is available: see messages above"
	printf '%s\n' "$dir/bin/busybox"
}

# offers ARCH...: rows of what can be had, with their suite behind them, in the order of preference.
offers() {
	local arch at from
	for arch in "$@"; do
		for at in $(places "$arch"); do
			go_to "$at" "$arch" || continue
			from=$at
			[ "$at" != own ] || from=$(printf '%s\n' "$archives" | awk '{ print $2; exit }')
			rows | awk -v arch="$arch" -v from="${from:-own}" '$3 == arch { print $0, from }' | sort -s -k 4,4Vr
		done
	done
}

# list [SERIES][:ARCH]: a row for each name; with a series one for each release of it. What is in the cache always is one.
list() {
	local series="${1-}" archs
	archs=$(machines uname | cut -d ' ' -f 1 | tr '\n' ' ')
	case $series in
	*:*)
		archs=${series##*:} series=${series%:*}
		is_machine "$archs" || die "no architecture '$archs', but $(known_machines)"
		;;
	esac
	know_archives
	{
		rows_cached | sed 's/$/ cache/'
		# shellcheck disable=SC2086 # architectures, a word each
		offers $archs
	} | named | awk -v series="$series" -v archs="$archs " '
		series != "" && $2 != series || !index(" " archs, " " $4 " ") { next }
		$6 == "cache" { here[$5]; next }
		{ name = seen[$1]++ ? "-" : $1 }
		(name != "-" || series != "" || $5 in here) && !($5 in told) {
			printf "%-18s %-34s %-18s %s\n", name, $5, $6, ($5 in here ? "cached" : "")
			told[$5]
		}
		END {
			for (release in here)
				if (!(release in told))
					printf "%-18s %-34s %-18s %s\n", "-", release, "-", "cached"
		}' | sed 's/ *$//' | sort -k 2b,2V | grep . || cannot "no kernel ${1-} is available"
}

# is_ours NAME: kernels.sh builds it.
is_ours() {
	local name="$1"
	case $1 in
	[0-9]*-*) name=${1#*-} ;;
	esac
	name=${name%:*}
	"$scripts/setup/kernels.sh" list | grep -q -x -e "${name%%+*}"
}

# check NAME: by its form alone.
check() {
	local series flavour arch release
	is_ours "$1" || parse "$1"
}

# run get|check|list|busybox [WORD]
run() {
	case ${1-} in
	get | check) [ $# = 2 ] || wrong "$1 takes one kernel" ;;
	list) [ $# -le 2 ] || wrong "list takes one series" ;;
	busybox) [ $# = 2 ] || wrong "busybox takes one architecture" ;;
	*) wrong "get, check, list or busybox, not '${1-}'" ;;
	esac
	[ "$1" != check ] || { check "$2" && return; }
	if [ "$1" = get ] && is_ours "$2"; then
		"$scripts/setup/kernels.sh" build "$2" || exit
		printf 'name=%s\n' "$2"
		return
	fi
	have apt-get apt-cache dpkg || cannot "this needs Debian's apt; elsewhere give vm.sh --kernel IMAGE --kdir DIR"
	mkdir -p "$kernels"
	trap cleanup EXIT
	trap 'exit 130' INT TERM HUP
	case $1 in
	get) get "$2" ;;
	list) list "${2-}" ;;
	busybox) get_busybox "$2" ;;
	esac
}

main() {
	with_options run 'get|check|list|busybox KERNEL' "$@"
}

main "$@"
