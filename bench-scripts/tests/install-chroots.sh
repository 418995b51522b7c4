#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# The Debian packages, made, looked at by lintian, and then installed, used and removed in empty installations of Debian.
set -eu

scripts=$(cd -- "$(dirname -- "$0")/.." && pwd -P)
# shellcheck source=bench-scripts/lib/host.sh
. "$scripts/lib/host.sh"
# shellcheck source=bench-scripts/setup/archive.sh
. "$scripts/setup/archive.sh"

usage() {
	cat <<'USAGE'
usage: install-chroots.sh [--dir DIR] [SUITE...]

Makes the packages by debian.sh, checks them by lintian, makes a Debian of each
SUITE (default: bookworm trixie) with nothing in it, and there installs both
packages with apt, builds the module by DKMS for that suite's cloud kernel,
measures in QEMU, and removes everything. Takes root, network, and some ten
minutes. Mounts are made in a namespace of their own and end with this.

  --dir DIR   where the chroots go, and stay, for another run; default: a
              temporary folder
Exit: 0 good, 1 something failed, 2 wrong use.
USAGE
}

dir='' tmp=''

set_option() {
	dir=$2
}

# in_chroot ROOT COMMAND: with what packages need of a machine.
in_chroot() {
	# shellcheck disable=SC2016 # of the inner shell
	unshare -m sh -c '
		set -e
		mount -t proc proc "$1/proc"
		mount --bind /dev "$1/dev"
		mount -t tmpfs tmpfs "$1/tmp"
		exec chroot "$1" /usr/bin/env -i HOME=/root TERM=dumb PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C \
			DEBIAN_FRONTEND=noninteractive sh -e -c "$2"' in_chroot "$1" "$2"
}

# make_chroot SUITE ROOT: minbase, from this machine's archive; what it says of proxies holds there, too.
make_chroot() {
	local uri
	[ ! -d "$2" ] || return 0
	uri=$(archive_of "$1")
	[ -n "$uri" ] || cannot "this machine's package lists name no archive of Debian"
	unshare -m debootstrap --variant=minbase "$1" "$2.new" "$uri" >"$2.log" 2>&1 || cannot "no Debian of $1: see $2.log"
	# Bookworm has 6.12 among its security updates.
	sources "$1" "$1-security" >"$2.new/etc/apt/sources.list"
	apt-config dump | grep -i -E '^Acquire::(http|https|ForceIPv4)' >"$2.new/etc/apt/apt.conf.d/99host" || :
	mv -- "$2.new" "$2"
}

# check TEXT COMMAND...: a line of TAP.
check() {
	local text="$1" state='ok'
	shift
	n=$((n + 1))
	"$@" >"$tmp/said" 2>&1 || state='not ok' failed=1
	printf '%s %s - %s\n' "$state" "$n" "$text"
	[ "$state" = ok ] || tail -n 15 -- "$tmp/said" | sed 's/^/# /'
}

# use ROOT: what somebody does who installed it.
use() {
	# shellcheck disable=SC2016 # of the inner shell
	in_chroot "$1" '
		apt-get -q update
		apt-get -q -y --no-install-recommends install /packages/*.deb dkms linux-headers-cloud-amd64
		kernel=$(ls /lib/modules | grep cloud | head -n 1)
		version=$(dkms status | sed -n "s,^kallocbench[/ ,]*\([0-9.]*\).*,\1,p" | head -n 1)
		dkms status -k "$kernel" | grep -q installed || dkms install "kallocbench/$version" -k "$kernel"
		dkms status
		modinfo -k "$kernel" kallocbench | grep -x "name: *kallocbench"
		# No later kernel gets it.
		grep -x "AUTOINSTALL=\"no\"" "/usr/src/kallocbench-$version/dkms.conf"
		kallocbench ci -h >/dev/null
		cd /root
		kallocbench vm --kernel 6.12 -o /root/out "allocs=kmalloc,vmalloc sizes=64,4K samples=100"
		kallocbench plot -o /root/plot /root/out'
}

# remove ROOT: nothing of it stays.
remove() {
	in_chroot "$1" '
		apt-get -q -y purge kallocbench kallocbench-dkms
		! dkms status | grep kallocbench
		! find / -xdev -iname "*kallocbench*" ! -path "/packages/*" ! -path "/root/*" ! -path "/proc/*" ! -path "/var/*" | grep .
		! find /var/lib/dkms -name "*kallocbench*" | grep .'
}

# run [SUITE...]
run() {
	local suite root n=0 failed=0
	[ $# -gt 0 ] || set -- bookworm trixie
	[ "$(id -u)" = 0 ] || cannot "this takes root"
	need debootstrap lintian
	tmp=$(mktemp -d)
	trap 'rm -rf -- "$tmp"' EXIT
	trap 'exit 130' INT TERM HUP
	[ -n "$dir" ] || dir=$tmp/chroots
	mkdir -p -- "$dir"
	export DEBFULLNAME='A Tester' DEBEMAIL=tester@debian.org
	check 'the packages are made' "$scripts/install/debian.sh" -o "$tmp/packages"
	check 'lintian finds nothing' sh -c "lintian --allow-root --fail-on error,warning $tmp/packages/*.changes"
	for suite in "$@"; do
		root=$dir/$suite
		check "$suite: an empty Debian" make_chroot "$suite" "$root"
		rm -rf -- "$root/packages" "$root/root/out"
		mkdir -p -- "$root/packages"
		cp -- "$tmp"/packages/*.deb "$root/packages/"
		check "$suite: installed, built by dkms, and used" use "$root"
		grep -h -E '^kallocbench[/,]|vm.sh:' "$tmp/said" | sed 's/^/# /'
		check "$suite: removed" remove "$root"
	done
	printf '1..%s\n' "$n"
	exit "$failed"
}

main() {
	with_options run '--dir=DIR' "$@"
}

main "$@"
