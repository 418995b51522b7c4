#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# kernel.sh and deps.sh against an archive of ours: what it offers, what it drops, how it fails.

load process.bash

setup() {
	scripts=$(cd "$BATS_TEST_DIRNAME/.." && pwd)
	t=$BATS_TEST_TMPDIR
	export KALLOCBENCH_CACHE=$t/cache T=$t
	mkdir "$t/bin"
	arch=$(dpkg --print-architecture)
	printf '%s\n' 6.1.0-9-cloud 6.1.0-10-cloud 6.1.0-11 6.12.9+deb12-cloud 6.12.10+deb12-cloud 6.12.10+deb12-rt |
		sed "s/^/linux-image-/; s/\$/-$arch/" >"$t/names"
	stub apt-cache <<-'END'
		echo "$*" >>"$T/apt-cache.log"
		while [ "$1" = -o ]; do shift 2; done
		names=$T/names
		[ -z "${APT_CONFIG-}" ] || names=${APT_CONFIG%/*}/names
		case $1 in
		pkgnames) grep -s -e "^$2" "$names" ;;
		depends) printf '%s\n' "  Depends: linux-headers-x-common" " |Depends: linux-kbuild-x" "  Depends: gcc-12" ;;
		esac
	END
	stub apt-get <<-'END'
		# dpkg-deb packs no folder that others may not read.
		umask 022
		echo "$*" >>"$T/apt-get.log"
		[ ! -x "$T/fault" ] || exec "$T/fault" "$@"
		case " $* " in
		*" indextargets "*) cat "$T/archives" 2>/dev/null || : ;;
		*" update "*) [ -z "${APT_CONFIG-}" ] || cp "$T/all" "${APT_CONFIG%/*}/names" ;;
		esac
		case " $* " in *" download "*) ;; *) exit 0 ;; esac
		for package in "$@"; do
			case $package in linux-*) ;; *) continue ;; esac
			rm -rf "$T/deb" && mkdir -p "$T/deb/DEBIAN" "$T/deb/boot" "$T/deb/usr/src/${package#linux-image-}"
			printf 'Package: x\nVersion: 1\nArchitecture: all\nMaintainer: x\nDescription: x\n' >"$T/deb/DEBIAN/control"
			case $package in
			linux-image-*) echo image >"$T/deb/boot/vmlinuz-${package#linux-image-}" ;;
			*) echo "include /usr/src/linux-headers-x-common/Makefile" >"$T/deb/usr/src/$package/Makefile" ;;
			esac
			dpkg-deb -Znone -b "$T/deb" "${package}_1_all.deb" >/dev/null
		done
	END
	PATH=$t/bin:$PATH
}

stub() {
	{ echo '#!/bin/sh'; cat; } >"$t/bin/$1"
	chmod +x "$t/bin/$1"
}

fault() {
	{ echo '#!/bin/sh'; cat; } >"$t/fault"
	chmod +x "$t/fault"
}

value() {
	printf '%s\n' "$output" | sed -n "s/^$1=//p"
}

nothing_cached() {
	[ -z "$(find "$t/cache" -mindepth 2 ! -name '.lock*')" ]
}

@test "a series is its newest release; the flavour is cloud unless named" {
	run "$scripts/kernel.sh" get 6.1
	[ "$status" = 0 ]
	[ "$(value release)" = "6.1.0-10-cloud-$arch" ]
	[ -f "$(value image)" ]
	# Headers are found from where they lie, wherever the cache is moved.
	# shellcheck disable=SC2016 # make's dollars
	grep -q '^include $(dir $(lastword $(MAKEFILE_LIST)))../linux-headers-x-common/Makefile$' "$(value kdir)/Makefile"
	run "$scripts/kernel.sh" get 6.1-generic
	[ "$(value release)" = "6.1.0-11-$arch" ]
	run "$scripts/kernel.sh" get 6.12-rt
	[ "$(value release)" = "6.12.10+deb12-rt-$arch" ]
	run "$scripts/kernel.sh" get 6.12
	[ "$(value release)" = "6.12.10+deb12-cloud-$arch" ]
}

@test "an exact release is that release; a second call fetches nothing" {
	run "$scripts/kernel.sh" get "6.12.9+deb12-cloud-$arch"
	[ "$status" = 0 ]
	[ "$(value release)" = "6.12.9+deb12-cloud-$arch" ]
	rm "$t/apt-get.log"
	run "$scripts/kernel.sh" get "6.12.9+deb12-cloud-$arch"
	[ "$status" = 0 ]
	[ ! -e "$t/apt-get.log" ]
}

@test "two calls at once: one release is fetched once" {
	"$scripts/kernel.sh" get 6.12 >"$t/first" 3>&- &
	"$scripts/kernel.sh" get 6.12 >"$t/second" 3>&-
	wait
	cmp "$t/first" "$t/second"
	[ "$(grep -c ' download ' "$t/apt-get.log")" = 1 ]
}

@test "a release that is gone: the newest of its series and flavour, and said loudly" {
	run "$scripts/kernel.sh" get "6.12.3+deb12-cloud-$arch"
	[ "$status" = 0 ]
	[ "$(value release)" = "6.12.10+deb12-cloud-$arch" ]
	[[ "$output" == *"6.12.3+deb12-cloud-$arch CANNOT BE HAD"* ]]
}

@test "a download that breaks off leaves nothing, and the next one succeeds" {
	fault <<-'END'
		case " $* " in *" download "*) echo half >linux-image-x.deb; echo 'E: Failed to fetch' >&2; exit 100 ;; esac
	END
	run "$scripts/kernel.sh" get 6.12
	[ "$status" = 3 ]
	[[ "$output" == *"Failed to fetch"* ]]
	[[ "$output" == *"no kernel 6.12"* ]]
	nothing_cached
	rm "$t/fault"
	run "$scripts/kernel.sh" get 6.12
	[ "$status" = 0 ]
}

@test "a broken package leaves nothing" {
	fault <<-'END'
		case " $* " in *" download "*) echo garbage >linux-image-x.deb; echo garbage >linux-headers-x.deb ;; esac
	END
	run "$scripts/kernel.sh" get 6.12
	[ "$status" = 3 ]
	nothing_cached
}

@test "interrupted while it downloads: nothing half, and no lock that stays" {
	fault <<-'END'
		case " $* " in *" download "*) echo half >linux-image-x.deb; echo $$ >"$T/pid"; exec sleep 100 ;; esac
	END
	"$scripts/kernel.sh" get 6.12 3>&- &
	pid=$!
	appears "$t/pid" "$pid"
	kill -TERM "$pid" "$(cat "$t/pid")"
	wait "$pid" || :
	nothing_cached
	rm "$t/fault"
	run timeout 60 "$scripts/kernel.sh" get 6.12
	[ "$status" = 0 ]
}

@test "cannot download but cached: the cached one, and said" {
	"$scripts/kernel.sh" get "6.12.9+deb12-cloud-$arch"
	fault <<-'END'
		exit 100
	END
	run "$scripts/kernel.sh" get 6.12
	[ "$status" = 0 ]
	[ "$(value release)" = "6.12.9+deb12-cloud-$arch" ]
	[[ "$output" == *"from the cache"* ]]
}

@test "apt keeps its index in our cache: who is not root cannot renew the machine's" {
	"$scripts/kernel.sh" get 6.12
	# With neither of them, apt makes both in /var/cache/apt.
	run grep -v -e "^-o Dir::Cache::pkgcache=$t/cache/.* -o Dir::Cache::srcpkgcache= " "$t/apt-cache.log"
	[ "$status" = 1 ]
	grep ' download ' "$t/apt-get.log" >"$t/downloads"
	run grep -v -e "-o Dir::Cache::pkgcache=$t/cache/.* -o Dir::Cache::srcpkgcache= " "$t/downloads"
	[ "$status" = 1 ]
}

# debian_13: this machine's apt sources are of Debian 13, which has no 6.1; the same archive has Debian 12, too.
debian_13() {
	mv "$t/names" "$t/all"
	grep -v -e -6.1.0- "$t/all" >"$t/names"
	printf '%s\n' 'file:/deb trixie main' 'file:/deb trixie-updates main' 'file:/sec trixie-security main' \
		'file:/other nodistro main' >"$t/archives"
}

@test "a series that this Debian lacks comes from the one that has it, by lists of our own; asked once" {
	debian_13
	run "$scripts/kernel.sh" get 6.1
	echo "$output"
	[ "$status" = 0 ]
	[ "$(value release)" = "6.1.0-10-cloud-$arch" ]
	[[ "$output" == *"refreshing the package lists of bookworm"* ]]
	sed 's/\[.*\] //' "$t/cache/archive/bookworm/sources.list" | cmp - <(printf '%s\n' \
		'deb file:/deb bookworm main' 'deb file:/sec bookworm-security main')
	run "$scripts/kernel.sh" get 6.1
	[ "$status" = 0 ]
	[ "$(value release)" = "6.1.0-10-cloud-$arch" ]
	[ "$(grep -c update "$t/apt-get.log")" = 1 ]
	# What this Debian has is taken from its own lists.
	run "$scripts/kernel.sh" get 6.12
	[ "$(value release)" = "6.12.10+deb12-cloud-$arch" ]
	[ "$(grep -c update "$t/apt-get.log")" = 1 ]
}

@test "kernel.sh: wrong use" {
	run "$scripts/kernel.sh" get 'six;rm -rf x'
	[ "$status" = 2 ]
	run "$scripts/kernel.sh" get
	[ "$status" = 2 ]
	run "$scripts/kernel.sh" get 9.99
	[ "$status" = 3 ]
	run "$scripts/kernel.sh" -h
	[ "$status" = 0 ]
}

@test "deps.sh: nothing missing changes nothing" {
	stub dpkg-query <<-'END'
		echo installed
	END
	stub qemu-system-x86_64 </dev/null
	run "$scripts/deps.sh" build
	[ "$status" = 0 ]
	[[ "$output" == *"all packages for build are there"* ]]
	[ ! -e "$t/apt-get.log" ]
}

# as_user UID: whoever runs the tests.
as_user() {
	stub id <<-END
		echo $1
	END
}

@test "deps.sh: installs by name what is missing, and says why" {
	as_user 0
	stub dpkg-query <<-'END'
		[ -e "$T/installed" ] && echo installed || echo not-installed
	END
	fault <<-'END'
		case " $* " in *" install "*) touch "$T/installed" ;; esac
	END
	run "$scripts/deps.sh" build
	[ "$status" = 0 ]
	[[ "$output" == *"libelf1 or libelf1t64: objtool of the kernel headers needs it"* ]]
	grep -q 'install libelf1$' "$t/apt-get.log"
}

@test "deps.sh: a package that another release names otherwise is there, or installed by the name it has here" {
	as_user 0
	# Debian 13 knows no libelf1.
	stub dpkg-query <<-'END'
		case " $* " in *" libelf1t64 "*) [ ! -e "$T/installed" ] || echo installed ;; esac
	END
	stub apt-cache <<-'END'
		case " $* " in *" libelf1 "*) exit 100 ;; esac
	END
	fault <<-'END'
		case " $* " in *" install "*) touch "$T/installed" ;; esac
	END
	run "$scripts/deps.sh" build
	[ "$status" = 0 ]
	grep -q 'install libelf1t64$' "$t/apt-get.log"
	run "$scripts/deps.sh" build
	[ "$status" = 0 ]
	[[ "$output" == *"all packages for build are there"* ]]
}

@test "deps.sh: who is not root is told the one command that installs, and nothing is tried" {
	as_user 1000
	stub dpkg-query <<-'END'
		echo not-installed
	END
	run "$scripts/deps.sh" build
	[ "$status" = 3 ]
	[[ "${lines[-1]}" =~ ^"deps.sh: only root can install them: "(sudo|as root:)" $scripts/deps.sh build"$ ]]
	[ ! -e "$t/apt-get.log" ]
}

@test "deps.sh: what stays missing is told, exit 3" {
	as_user 0
	stub dpkg-query <<-'END'
		echo not-installed
	END
	run "$scripts/deps.sh" build
	[ "$status" = 3 ]
	[[ "$output" == *"still missing: libelf1 or libelf1t64"* ]]
	run "$scripts/deps.sh" -n build
	[ "$status" = 3 ]
	run "$scripts/deps.sh" nonsense
	[ "$status" = 2 ]
}

@test "list says what there is of a series, or that there is nothing" {
	run "$scripts/kernel.sh" list 6.1
	[ "$status" = 0 ]
	[ "$output" = "$(printf '6.1.0-%s\n' "9-cloud-$arch" "10-cloud-$arch" "11-$arch")" ]
	run "$scripts/kernel.sh" list
	[ "${#lines[@]}" = 6 ]
	for series in 9.9 6 6.12.10+deb; do
		run "$scripts/kernel.sh" list "$series"
		[ "$status" = 3 ] || [ "$series" = 6 ]
		[ "$series" = 6 ] || [[ "$output" == *"the package lists offer no kernel $series" ]]
	done
}

@test "kernels.sh: an option that would change nothing, and a word it does not know" {
	while IFS=: read -r args words; do
		# shellcheck disable=SC2086 # words
		run "$scripts/kernels.sh" $args
		[ "$status" = 2 ]
		[[ "${lines[0]}" == *"$words" ]]
	done <<-'END'
		list --patch x:list has no option --patch
		source --patch x:source has no option --patch
		list min:list takes no 'min'
		bake:not 'bake'
		build min --patch:--patch needs a value
		build min --patch /none:cannot read /none
		--series 6.12 bake:not 'bake'
		build min debug:no 'debug' beside it
	END
}

@test "deps.sh: on another distribution it lists what is needed" {
	mkdir "$t/elsewhere"
	for tool in sh sed grep awk cut tr mktemp rm uname dirname id cat; do
		ln -s "$(type -P "$tool")" "$t/elsewhere/$tool"
	done
	PATH=$t/elsewhere run "$scripts/deps.sh" run
	[ "$status" = 3 ]
	[[ "$output" == *"qemu-system-x86: boots the kernel under test"* ]]
	[[ "$output" == *"no apt-get here"* ]]
}

@test "every row of deps.list has a group, a package, a sign and a reason" {
	run awk '!/^#/ && NF < 4' "$scripts/deps.list"
	[ -z "$output" ]
}
