# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# shellcheck disable=SC2154 # tools: set by who loads this
# LAVA's dispatcher and common part, unpacked into the cache and not installed: Debian 13 has no such packages.

lava() {
	local deb new="$tools/lava.$BASHPID"
	[ ! -d "$tools/lava" ] || return 0
	mkdir -p "$new"
	cd "$new" || return
	# Package lists may be older than the archive.
	download || { apt-get -q update >&2 && download; } || { rm -rf "$new" && skip "LAVA's packages cannot be downloaded"; }
	for deb in *.deb; do
		dpkg -x "$deb" . || return
		rm -- "$deb"
	done
	cd "$BATS_TEST_TMPDIR" && { mv -T "$new" "$tools/lava" || [ -d "$tools/lava" ]; }
}

download() {
	apt-get -q -o APT::Sandbox::User=root download lava-dispatcher lava-common >&2
}
