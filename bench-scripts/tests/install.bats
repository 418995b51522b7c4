#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# What make install puts where, that it works from there, and that nothing of it stays. In an empty Debian:
# install-chroots.sh.

bats_require_minimum_version 1.5.0

setup() {
	scripts=$(cd "$BATS_TEST_DIRNAME/.." && pwd)
	t=$BATS_TEST_TMPDIR
}

@test "installed, every command runs from there, and each has its man page; removed, nothing stays" {
	make -s -C "$scripts/.." install DESTDIR="$t/root" PREFIX=/usr
	# Installed elsewhere than it will run.
	sed -i "s|^scripts=|&$t/root|" "$t/root/usr/bin/kallocbench"
	"$t/root/usr/bin/kallocbench" -h >"$t/usage"
	n=0
	for name in vm collect bench kselftest compare ci bisect matrix series plot report explain kernel kernels module deps; do
		grep -q -w "$name" "$t/usage"
		"$t/root/usr/bin/kallocbench" "$name" -h | grep -q "^usage: $name.sh"
		man -l "$t/root/usr/share/man/man1/kallocbench-$name.1.gz" >"$t/page"
		grep -q "^ *kallocbench $name" "$t/page"
		grep -q '^EXIT STATUS' "$t/page"
		# Text that stands one blank behind an option is part of the option to help2man.
		zcat "$t/root/usr/share/man/man1/kallocbench-$name.1.gz" | awk '/^\.HP/ { getline; if (/ [a-z]/) { print; exit 1 } }'
		grep -A 2 '^NAME' "$t/page" | grep -q "kallocbench-$name *- *[A-Za-z]"
		n=$((n + 1))
	done
	[ "$(find "$t/root" -name 'kallocbench-*.1.gz' | wc -l)" -eq "$n" ]
	cp -r "$scripts/../results/reference/default-6.12" "$t/result"
	KALLOCBENCH_RESULTS=$t/r "$t/root/usr/bin/kallocbench" plot --format svg -o "$t/plot" "$t/result"
	[ -s "$t/plot/latency.svg" ]
	[ -z "$(find "$t/root" -path '*/tests/*')" ]
	# shellcheck source=/dev/null
	. "$t/root/usr/share/bash-completion/completions/kallocbench"
	COMP_WORDS=(kallocbench series --o) COMP_CWORD=2
	_kallocbench_installed
	[ "${COMPREPLY[*]}" = '--out --order' ]
	COMP_WORDS=(kallocbench '') COMP_CWORD=1
	_kallocbench_installed
	[ "${#COMPREPLY[@]}" -eq "$((n + 1))" ]
	make -s -C "$scripts/.." uninstall DESTDIR="$t/root" PREFIX=/usr
	[ -z "$(find "$t/root" -type f)" ]
}

@test "a command that is not there, and a prefix that is none, are refused" {
	"$scripts/install/install.sh" --no-man --prefix "$t/p"
	run -2 "$t/p/bin/kallocbench" nonsense
	[[ "$output" == *"no command 'nonsense'"* ]]
	run -2 "$t/p/bin/kallocbench"
	run -2 "$t/p/bin/kallocbench" --nonsense
	run -2 "$scripts/install/install.sh" --prefix usr
	[[ "$output" == *"a path from the root, not 'usr'"* ]]
	run -3 "$scripts/install/install.sh" --no-man --prefix /proc/nowhere
	[[ "$output" == *"cannot write /proc/nowhere/"* ]]
}

@test "caches and results are where the user is, not where the tools are" {
	"$scripts/install/install.sh" --no-man --prefix "$t/p"
	# shellcheck disable=SC2016 # of the other script
	printf '#!/bin/sh\necho "$KALLOCBENCH_CACHE $KALLOCBENCH_RESULTS"\n' >"$t/p/share/kallocbench/bench-scripts/vm.sh"
	cd "$t"
	run -0 env -u XDG_CACHE_HOME -u KALLOCBENCH_CACHE HOME=/home/x "$t/p/bin/kallocbench" vm
	[ "$output" = "/home/x/.cache/kallocbench $t/results" ]
	run -0 env -u KALLOCBENCH_CACHE XDG_CACHE_HOME=/c "$t/p/bin/kallocbench" vm
	[ "$output" = "/c/kallocbench $t/results" ]
}

@test "the source package has a module of the same text, no autoinstall, and no BTF" {
	grep -qx 'AUTOINSTALL="no"' "$scripts/install/dkms.conf"
	grep -q 'CONFIG_DEBUG_INFO_BTF_MODULES= ' "$scripts/install/dkms.conf"
	git -C "$scripts" rev-parse >/dev/null 2>&1 || skip "not in git"
	DEBFULLNAME='A Tester' DEBEMAIL=tester@debian.org "$scripts/install/debian.sh" --source -o "$t/deb" >"$t/made"
	grep -q '\.dsc$' "$t/made"
	for file in Kbuild main.c allocs.def; do
		cmp "$scripts/../kmod/$file" "$t"/deb/kallocbench-*/kmod/$file
	done
	run -2 env DEBEMAIL=nobody DEBFULLNAME=x "$scripts/install/debian.sh" -o "$t/deb2"
	[[ "$output" == *"who packs it?"* ]]
	run -2 "$scripts/install/debian.sh" -o "$t/deb2" --version 'b a'
	[[ "$output" == *"--version: a digit, then"* ]]
}
