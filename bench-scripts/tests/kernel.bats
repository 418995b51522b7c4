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
	# This machine's own lists, and below archive/ those of the suites.
	packages "$arch" 6.1.0-9-cloud 6.1.0-10-cloud 6.1.0-11 6.12.9+deb12-cloud 6.12.10+deb12-cloud 6.12.10+deb12-rt >"$t/names"
	mkdir "$t/archive"
	stub apt-cache <<-'END'
		echo "$*" >>"$T/apt-cache.log"
		while [ "$1" = -o ]; do shift 2; done
		names=$T/names
		[ -z "${APT_CONFIG-}" ] || names=${APT_CONFIG%/*}/names
		case $1 in
		pkgnames) grep -s -e "^$2" "$names" ;;
		depends) printf '%s\n' "  Depends: linux-headers-x-common" " |Depends: linux-kbuild-x:any" "  Depends: gcc-12" ;;
		esac
	END
	stub apt-get <<-'END'
		# dpkg-deb packs no folder that others may not read.
		umask 022
		echo "$*" >>"$T/apt-get.log"
		[ ! -x "$T/fault" ] || exec "$T/fault" "$@"
		case " $* " in
		*" indextargets "*"FILENAME"*) cat "$T/lists" 2>/dev/null || : ;;
		*" indextargets "*) cat "$T/archives" 2>/dev/null || : ;;
		*" --print-uris "*) cat "$T/uris" 2>/dev/null || : ;;
		*" update "*)
			[ -n "${APT_CONFIG-}" ] || exit 0
			dir=${APT_CONFIG%/*}
			basename "$dir" >>"$T/updated"
			archs=$(sed -n 's/^APT::Architectures { "\(.*\)"; "\(.*\)"; };/\1|\2/p' "$APT_CONFIG")
			sed -n 's/.* \([^ ]*\) main$/\1/p' "$dir/sources.list" | while read -r suite; do
				cat "$T/archive/$suite" 2>/dev/null
			done | grep -E -e "-($archs)(-unsigned)?\$|^busybox-static\$|^linux-source-" >"$dir/names" || :
			;;
		esac
		case " $* " in *" download "*) ;; *) exit 0 ;; esac
		for package in "$@"; do
			echo "$package" >>"$T/downloaded"
			package=${package%:*}
			case $package in linux-* | busybox-*) ;; *) continue ;; esac
			rm -rf "$T/deb" && mkdir -p "$T/deb/DEBIAN" "$T/deb/boot" "$T/deb/usr/src/${package#linux-image-}"
			printf 'Package: x\nVersion: 1\nArchitecture: all\nMaintainer: x\nDescription: x\n' >"$T/deb/DEBIAN/control"
			case $package in
			busybox-static) mkdir "$T/deb/bin" && cp "$T/bin/apt-get" "$T/deb/bin/busybox" ;;
			linux-source-*) cp "$T/source.tar.xz" "$T/deb/usr/src/$package.tar.xz" ;;
			linux-image-*) echo image >"$T/deb/boot/vmlinuz-${package#linux-image-}" ;;
			linux-binary-*)
				release=${package#linux-binary-}
				mkdir -p "$T/deb/usr/lib/modules/${release#unsigned-}"
				echo binary >"$T/deb/usr/lib/modules/${release#unsigned-}/vmlinuz"
				;;
			*)
				printf '%s\n' 'KBUILD_OUTPUT=/usr/src/linux-headers-x' "include /usr/src/linux-headers-x-common/Makefile" \
					>"$T/deb/usr/src/$package/Makefile"
				;;
			esac
			dpkg-deb -Znone -b "$T/deb" "${package}_1_all.deb" >/dev/null
		done
	END
	PATH=$t/bin:$PATH
}

# packages ARCH RELEASE...: image and headers of each.
packages() {
	printf '%s\n' "${@:2}" | sed "s/.*/linux-image-&-$1\nlinux-headers-&-$1/"
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
	[ -z "$(find "$t/cache" -mindepth 2 ! -name '.lock*' ! -name .fresh)" ]
}

@test "a series is its newest release; the flavour is cloud unless named" {
	run "$scripts/setup/kernel.sh" get 6.1
	[ "$status" = 0 ]
	[ "$(value release)" = "6.1.0-10-cloud-$arch" ]
	[ -f "$(value image)" ]
	# Headers are found from where they lie, wherever the cache is moved.
	# shellcheck disable=SC2016 # make's dollars
	sed 's/\$(dir $(lastword $(MAKEFILE_LIST)))/DIR/' "$(value kdir)/Makefile" | cmp - <(printf '%s\n' \
		'KBUILD_OUTPUT :=DIR../linux-headers-x' 'include DIR../linux-headers-x-common/Makefile')
	run "$scripts/setup/kernel.sh" get 6.1-generic
	[ "$(value release)" = "6.1.0-11-$arch" ]
	run "$scripts/setup/kernel.sh" get 6.12-rt
	[ "$(value release)" = "6.12.10+deb12-rt-$arch" ]
	run "$scripts/setup/kernel.sh" get 6.12
	[ "$(value release)" = "6.12.10+deb12-cloud-$arch" ]
}

@test "an exact release is that release; a second call fetches nothing" {
	run "$scripts/setup/kernel.sh" get "6.12.9+deb12-cloud-$arch"
	[ "$status" = 0 ]
	[ "$(value release)" = "6.12.9+deb12-cloud-$arch" ]
	rm "$t/apt-get.log"
	run "$scripts/setup/kernel.sh" get "6.12.9+deb12-cloud-$arch"
	[ "$status" = 0 ]
	[ ! -e "$t/apt-get.log" ]
}

@test "two calls at once: one release is fetched once" {
	"$scripts/setup/kernel.sh" get 6.12 >"$t/first" 3>&- &
	"$scripts/setup/kernel.sh" get 6.12 >"$t/second" 3>&-
	wait
	cmp "$t/first" "$t/second"
	[ "$(grep -c ' download ' "$t/apt-get.log")" = 1 ]
}

@test "a release that is gone: the newest of its series and flavour, and said loudly" {
	run "$scripts/setup/kernel.sh" get "6.12.3+deb12-cloud-$arch"
	[ "$status" = 0 ]
	[ "$(value release)" = "6.12.10+deb12-cloud-$arch" ]
	[[ "$output" == *"6.12.3+deb12-cloud-$arch IS NO LONGER AVAILABLE"* ]]
}

@test "a download that breaks off leaves nothing, and the next one succeeds" {
	fault <<-'END'
		case " $* " in *" download "*) echo half >linux-image-x.deb; echo 'E: Failed to fetch' >&2; exit 100 ;; esac
	END
	run "$scripts/setup/kernel.sh" get 6.12
	[ "$status" = 3 ]
	[[ "$output" == *"Failed to fetch"* ]]
	[[ "$output" == *"no kernel 6.12"* ]]
	nothing_cached
	rm "$t/fault"
	run "$scripts/setup/kernel.sh" get 6.12
	[ "$status" = 0 ]
}

@test "a broken package leaves nothing" {
	fault <<-'END'
		case " $* " in *" download "*) echo garbage >linux-image-x.deb; echo garbage >linux-headers-x.deb ;; esac
	END
	run "$scripts/setup/kernel.sh" get 6.12
	[ "$status" = 3 ]
	nothing_cached
}

@test "interrupted while it downloads: nothing half, and no lock that stays" {
	fault <<-'END'
		case " $* " in *" download "*) echo half >linux-image-x.deb; echo $$ >"$T/pid"; exec sleep 100 ;; esac
	END
	"$scripts/setup/kernel.sh" get 6.12 3>&- &
	pid=$!
	appears "$t/pid" "$pid"
	kill -TERM "$pid" "$(cat "$t/pid")"
	wait "$pid" || :
	nothing_cached
	rm "$t/fault"
	run timeout 60 "$scripts/setup/kernel.sh" get 6.12
	[ "$status" = 0 ]
}

@test "cannot download but cached: the cached one, and said" {
	"$scripts/setup/kernel.sh" get "6.12.9+deb12-cloud-$arch"
	fault <<-'END'
		exit 100
	END
	run "$scripts/setup/kernel.sh" get 6.12
	[ "$status" = 0 ]
	[ "$(value release)" = "6.12.9+deb12-cloud-$arch" ]
	[[ "$output" == *"from the cache"* ]]
}

@test "apt keeps its index in our cache: who is not root cannot renew the machine's" {
	"$scripts/setup/kernel.sh" get 6.12
	# With neither of them, apt makes both in /var/cache/apt.
	run grep -v -e "^-o Dir::Cache::pkgcache=$t/cache/.* -o Dir::Cache::srcpkgcache= " "$t/apt-cache.log"
	[ "$status" = 1 ]
	grep ' download ' "$t/apt-get.log" >"$t/downloads"
	run grep -v -e "-o Dir::Cache::pkgcache=$t/cache/.* -o Dir::Cache::srcpkgcache= " "$t/downloads"
	[ "$status" = 1 ]
}

# a_machine SUITE...: its apt sources have them.
a_machine() {
	printf 'file:/deb %s main\n' "$1" "$1-updates" >"$t/archives"
	printf '%s\n' "file:/sec $1-security main" 'file:/other nodistro main' >>"$t/archives"
}

# a_distribution: what else lies in the archive of this machine.
a_distribution() {
	other=arm64
	[ "$arch" = amd64 ] || other=amd64
	packages "$arch" 6.1.0-9-cloud 6.1.0-10-cloud >"$t/archive/bookworm"
	packages "$other" 6.1.0-10-cloud 6.12.11-cloud >>"$t/archive/bookworm"
	echo busybox-static >>"$t/archive/bookworm"
	packages "$arch" 6.12.11+deb13-cloud >"$t/archive/trixie-security"
	{
		packages "$arch" 7.2.5+deb13-cloud 7.2.12+deb13-cloud 7.2.12+deb13-rt
		# Images of old releases stay, their headers do not; the newest are not signed yet.
		echo "linux-image-7.1.13-cloud-$arch"
		printf '%s\n' "linux-headers-7.3.4+deb13-cloud-$arch" "linux-binary-unsigned-7.3.4+deb13-cloud-$arch" \
			"linux-image-7.3.4+deb13-cloud-$arch"
		packages "$other" 7.3.4+deb13-cloud
	} >"$t/archive/trixie-backports"
	packages "$arch" 7.2.13+deb14-cloud >"$t/archive/sid"
	packages "$arch" 7.4-rc2-cloud >"$t/archive/experimental"
}

@test "a series that this Debian lacks comes from the one that has it, by lists of our own; asked once" {
	a_distribution
	a_machine trixie
	packages "$arch" 6.12.10+deb12-cloud >"$t/names"
	run "$scripts/setup/kernel.sh" get 6.1
	echo "$output"
	[ "$status" = 0 ]
	[ "$(value release)" = "6.1.0-10-cloud-$arch" ]
	[[ "$output" == *"refreshing the package lists of bookworm"* ]]
	sed 's/\[.*\] //' "$t/cache/archive/bookworm/sources.list" | cmp - <(printf '%s\n' \
		'deb file:/deb bookworm main' 'deb file:/sec bookworm-security main')
	run "$scripts/setup/kernel.sh" get 6.1
	[ "$status" = 0 ]
	[ "$(value release)" = "6.1.0-10-cloud-$arch" ]
	[ "$(cat "$t/updated")" = bookworm ]
	# What this Debian has is taken from its own lists.
	run "$scripts/setup/kernel.sh" get 6.12
	[ "$(value release)" = "6.12.10+deb12-cloud-$arch" ]
	[ "$(cat "$t/updated")" = bookworm ]
}

@test "the first suite that has image and headers, in order; an image alone is no kernel, a candidate is not the newest" {
	a_distribution
	a_machine bookworm
	run "$scripts/setup/kernel.sh" get 7.2
	echo "$output"
	[ "$(value release)" = "7.2.12+deb13-cloud-$arch" ]
	[ "$(cat "$t/updated")" = "$(printf '%s\n' trixie trixie-backports)" ]
	[ "$(cat "$t/cache/kernels/7.2.12+deb13-cloud-$arch/toolchain")" = trixie ]
	run "$scripts/setup/kernel.sh" get 7.2-rt
	[ "$(value release)" = "7.2.12+deb13-rt-$arch" ]
	run "$scripts/setup/kernel.sh" get 7.2.5
	[ "$(value release)" = "7.2.5+deb13-cloud-$arch" ]
	run "$scripts/setup/kernel.sh" get 7.4
	[ "$(value release)" = "7.4-rc2-cloud-$arch" ]
	[ "$(cat "$t/cache/kernels/7.4-rc2-cloud-$arch/toolchain")" = sid ]
	run "$scripts/setup/kernel.sh" get newest
	[ "$(value release)" = "7.3.4+deb13-cloud-$arch" ]
	# Where the image lies in linux-binary, which is not signed yet.
	[ "$(cat "$(value image)")" = binary ]
	run "$scripts/setup/kernel.sh" get 7.1
	[ "$status" = 3 ]
	[[ "$output" == *"no kernel 7.1 is available"*"nearest: 7.2, "* ]]
	run "$scripts/setup/kernel.sh" get "7.2.13+deb14-cloud-$arch"
	[ "$(value release)" = "7.2.13+deb14-cloud-$arch" ]
	# This machine has the compilers of its own.
	run "$scripts/setup/kernel.sh" get 6.12
	[ "$(value release)" = "6.12.10+deb12-cloud-$arch" ]
	[ ! -s "$t/cache/kernels/6.12.10+deb12-cloud-$arch/toolchain" ]
}

@test "another architecture: its image and headers, our tools; from this Debian's suites first" {
	a_distribution
	a_machine bookworm
	run "$scripts/setup/kernel.sh" get "6.12:$other"
	echo "$output"
	[ "$status" = 0 ]
	[ "$(value release)" = "6.12.11-cloud-$other" ]
	[ "$(value arch)" = "$other" ]
	grep -qx "linux-image-6.12.11-cloud-$other:$other" "$t/downloaded"
	grep -qx "linux-headers-6.12.11-cloud-$other:$other" "$t/downloaded"
	grep -qx "linux-kbuild-x:$arch" "$t/downloaded"
	[ "$(cat "$t/updated")" = "bookworm-$other" ]
	[ ! -s "$t/cache/kernels/6.12.11-cloud-$other/toolchain" ]
	run "$scripts/setup/kernel.sh" get "newest:$other"
	[ "$(value release)" = "7.3.4+deb13-cloud-$other" ]
	run "$scripts/setup/kernel.sh" busybox "$other"
	[ "$status" = 0 ]
	[ -x "$output" ] || [ -x "${lines[-1]}" ]
}

@test "without the archive: what is in the cache, and said" {
	a_distribution
	a_machine bookworm
	"$scripts/setup/kernel.sh" get 7.2.5
	rm -r "$t/cache/archive" "$t/updated"
	fault <<-'END'
		case " $* " in
		*" indextargets "*) cat "$T/archives" ;;
		*) echo "${APT_CONFIG-}" >>"$T/tried"; exit 100 ;;
		esac
	END
	run "$scripts/setup/kernel.sh" get 7.2
	echo "$output"
	[ "$status" = 0 ]
	[ "$(value release)" = "7.2.5+deb13-cloud-$arch" ]
	[[ "$output" == *"cannot download the newest 7.2: taking 7.2.5+deb13-cloud-$arch from the cache"* ]]
	# Of the other suites one is tried, not each of them.
	[ "$(grep -c archive "$t/tried")" = 1 ]
}

@test "a name that cannot be is refused before anything is asked" {
	while IFS=: read -r word sentence; do
		run "$scripts/setup/kernel.sh" get "${word/,/:}"
		echo "$output"
		[ "$status" = 2 ]
		[[ "$output" == *"$sentence"* ]]
	done <<-END
		six:neither a series (6.12, newest) nor a release (6.12.117+deb12-cloud-$arch): 'six'
		6.12-clod:'6.12-clod': no flavour 'clod', but cloud, generic and rt
		6.12,arm:'6.12:arm': no architecture 'arm', but amd64 and arm64
		6.12-rt,:no architecture ''
		6:neither a series
		newer:neither a series
	END
	[ ! -e "$t/apt-cache.log" ]
	[ ! -e "$t/apt-get.log" ]
}

@test "kernel.sh: wrong use" {
	run "$scripts/setup/kernel.sh" get 'six;rm -rf x'
	[ "$status" = 2 ]
	run "$scripts/setup/kernel.sh" get
	[ "$status" = 2 ]
	run "$scripts/setup/kernel.sh" get 9.99
	[ "$status" = 3 ]
	run "$scripts/setup/kernel.sh" -h
	[ "$status" = 0 ]
}

@test "deps.sh: nothing missing changes nothing" {
	stub dpkg-query <<-'END'
		echo installed
	END
	stub qemu-system-x86_64 </dev/null
	run "$scripts/setup/deps.sh" build
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
	run "$scripts/setup/deps.sh" build
	[ "$status" = 0 ]
	[[ "$output" == *"libelf1 or libelf1t64: objtool of the kernel headers needs it"* ]]
	grep -q 'install libelf1$' "$t/apt-get.log"
}

# sources_name SUITE...: an archive of this machine's for each; lists_of SUITE...: those that were fetched.
sources_name() {
	for suite; do printf "'http://deb/dists/%s/InRelease' deb_dists_%s_InRelease 0 \n" "$suite" "$suite"; done >"$t/uris"
}

lists_of() {
	for suite; do printf '/var/lib/apt/lists/deb_dists_%s_main_binary-amd64_Packages.lz4\n' "$suite"; done >"$t/lists"
}

# updates: how often this machine's own lists were fetched.
updates() {
	grep -c -e '^-q.* update$' "$t/apt-get.log" || :
}

@test "deps.sh, kernel.sh: where the lists of one archive are lacking they are fetched, where all are there they are not" {
	as_user 0
	stub dpkg-query <<-'END'
		[ -e "$T/installed" ] && echo installed || echo not-installed
	END
	fault <<-'END'
		case " $* " in
		*" install "*) touch "$T/installed" ;;
		*" indextargets "*) cat "$T/lists" ;;
		*" --print-uris "*) cat "$T/uris" ;;
		esac
	END
	sources_name bookworm bookworm-security
	for case in 'bookworm bookworm-security:0' 'bookworm:1' ':1'; do
		rm -f "$t/installed" "$t/apt-get.log"
		# shellcheck disable=SC2086 # words
		lists_of ${case%:*}
		run "$scripts/setup/deps.sh" build
		echo "$output"
		[ "$status" -eq 0 ]
		[ "$(updates)" -eq "${case#*:}" ]
	done
	rm "$t/fault"
	for case in 'bookworm bookworm-security:0' 'bookworm:1'; do
		rm -rf "$t/cache" "$t/apt-get.log"
		# shellcheck disable=SC2086 # words
		lists_of ${case%:*}
		run "$scripts/setup/kernel.sh" get 6.12
		echo "$output"
		[ "$status" -eq 0 ]
		[ "$(updates)" -eq "${case#*:}" ]
	done
	# Who is not root cannot, and gets what there is.
	as_user 1000
	rm -rf "$t/cache" "$t/apt-get.log"
	run "$scripts/setup/kernel.sh" get 6.12
	[ "$status" -eq 0 ]
	[ "$(updates)" -eq 0 ]
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
	run "$scripts/setup/deps.sh" build
	[ "$status" = 0 ]
	grep -q 'install libelf1t64$' "$t/apt-get.log"
	run "$scripts/setup/deps.sh" build
	[ "$status" = 0 ]
	[[ "$output" == *"all packages for build are there"* ]]
}

@test "deps.sh: who is not root is told the one command that installs, and nothing is tried" {
	as_user 1000
	stub dpkg-query <<-'END'
		echo not-installed
	END
	run "$scripts/setup/deps.sh" build
	[ "$status" = 3 ]
	[[ "${lines[-1]}" =~ ^"deps.sh: only root can install them: "(sudo|as root:)" $scripts/setup/deps.sh build"$ ]]
	[ ! -e "$t/apt-get.log" ]
}

@test "deps.sh: what stays missing is told, exit 3" {
	as_user 0
	stub dpkg-query <<-'END'
		echo not-installed
	END
	run "$scripts/setup/deps.sh" build
	[ "$status" = 3 ]
	[[ "$output" == *"still missing: libelf1 or libelf1t64"* ]]
	run "$scripts/setup/deps.sh" -n build
	[ "$status" = 3 ]
	run "$scripts/setup/deps.sh" nonsense
	[ "$status" = 2 ]
}

@test "list: a row for each name; of a series one for each release, and what is in the cache" {
	a_distribution
	a_machine bookworm
	"$scripts/setup/kernel.sh" get 7.2.5
	"$scripts/setup/kernel.sh" list 2>/dev/null | tr -s ' ' >"$t/list"
	cat "$t/list"
	cmp "$t/list" - <<-END
		6.1 6.1.0-10-cloud-$arch bookworm
		6.1:$other 6.1.0-10-cloud-$other bookworm
		6.1-generic 6.1.0-11-$arch bookworm
		6.12 6.12.10+deb12-cloud-$arch bookworm
		6.12-rt 6.12.10+deb12-rt-$arch bookworm
		6.12:$other 6.12.11-cloud-$other bookworm
		- 7.2.5+deb13-cloud-$arch trixie-backports cached
		7.2 7.2.12+deb13-cloud-$arch trixie-backports
		7.2-rt 7.2.12+deb13-rt-$arch trixie-backports
		7.3 7.3.4+deb13-cloud-$arch trixie-backports
		7.3:$other 7.3.4+deb13-cloud-$other trixie-backports
		7.4 7.4-rc2-cloud-$arch experimental
	END
	run "$scripts/setup/kernel.sh" list 6.1
	[ "${#lines[@]}" = 4 ]
	run "$scripts/setup/kernel.sh" list "6.1:$other"
	[ "${#lines[@]}" = 1 ]
	for series in 9.9 6 6.12.10+deb; do
		run "$scripts/setup/kernel.sh" list "$series"
		[ "$status" = 3 ]
		[[ "$output" == *"no kernel $series is available" ]]
	done
}

# a_source: that of a kernel, whose Makefile says what it was asked for.
a_source() {
	mkdir -p "$t/cache/src/linux-6.12.9"
	ln -s linux-6.12.9 "$t/cache/src/series-6.12"
	# shellcheck disable=SC2016 # make's
	printf '%s\n' 'all = "ARCH=$(ARCH) CROSS_COMPILE=$(CROSS_COMPILE) CC=$(CC) HOSTCC=$(HOSTCC)"' \
		'allnoconfig:' '	cp $(KCONFIG_ALLCONFIG) $(O)/.config' 'modules:' '	mkdir -p $(O)/include/config' \
		'	echo 6.12.9-kab >$(O)/include/config/kernel.release' 'bzImage Image:' '	echo $@: $(all)' \
		>"$t/cache/src/linux-6.12.9/Makefile"
}

@test "kernels.sh: a kernel of arm64, its compiler and what its machine has" {
	a_source
	printf '#!/bin/sh\necho x86_64\n' >"$t/bin/uname"
	printf '#!/bin/sh\necho gcc 12\n' >"$t/bin/aarch64-linux-gnu-gcc"
	chmod +x "$t"/bin/*
	run "$scripts/setup/kernels.sh" build min:arm64
	echo "$output"
	[ "$status" = 0 ]
	[ "$(value arch) $(value release)" = "arm64 6.12.9-kab" ]
	[[ "$(value image)" == "$t/cache/src/linux-6.12.9/build-min-arm64-"*/arch/arm64/boot/Image ]]
	grep -qx 'Image: ARCH=arm64 CROSS_COMPILE=aarch64-linux-gnu- CC=ccache aarch64-linux-gnu-gcc HOSTCC=ccache gcc' "$(value kdir)/build.log"
	grep -qx CONFIG_SERIAL_AMBA_PL011_CONSOLE=y "$(value kdir)/.config"
	run "$scripts/setup/kernels.sh" build min
	[ "$(value arch)" = amd64 ]
	[[ "$(value image)" == */arch/x86/boot/bzImage ]]
	grep -q 'bzImage: ARCH= CROSS_COMPILE= CC=ccache gcc HOSTCC=ccache gcc' "$(value kdir)/build.log"
	[ "$(grep -c AMBA "$(value kdir)/.config")" = 0 ]
	run "$scripts/setup/kernels.sh" build min:arm
	[ "$status" = 2 ]
	[[ "$output" == *"'min:arm': no machine 'arm' is known: amd64 and arm64 are"* ]]
}

@test "kernels.sh: an option that would change nothing, and a word it does not know" {
	while IFS=: read -r args words; do
		# shellcheck disable=SC2086 # words
		run "$scripts/setup/kernels.sh" $args
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
		build min debug:'debug' is one too many
		build 7.3-min --series 6.12:--series 6.12 and 7.3-min: which of them?
		build min --series six:a series is like 6.12, not 'six'
	END
}

# a_tarball: of Linux 7.9.1, in trixie-backports, whose make notes what it is given.
a_tarball() {
	mkdir -p "$t/linux-source-7.9/fs/proc"
	cat >"$t/linux-source-7.9/Makefile" <<-'END'
		VERSION = 7
		PATCHLEVEL = 9
		SUBLEVEL = 1
		allnoconfig:; @cp $(KCONFIG_ALLCONFIG) $(O)/.config
		bzImage:; @mkdir -p $(O)/arch/x86/boot && echo "$(CC) $(LLVM) $$(cat here)" >$(O)/arch/x86/boot/bzImage
		modules:; @mkdir -p $(O)/include/config && echo 7.9.1 >$(O)/include/config/kernel.release
	END
	echo pristine >"$t/linux-source-7.9/here"
	echo 'config SYSCTL' >"$t/linux-source-7.9/fs/proc/Kconfig"
	tar -cJf "$t/source.tar.xz" -C "$t" linux-source-7.9
	a_distribution
	a_machine bookworm
	echo linux-source-7.9 >>"$t/archive/trixie-backports"
	for tool in clang ld.lld llvm-ar; do stub "$tool" </dev/null; done
}

@test "kernels.sh: a series of another suite, in the words of that kernel; with a patch, and by clang" {
	[ "$arch" = amd64 ] || skip "the source is of x86"
	a_tarball
	run "$scripts/setup/kernel.sh" get 7.9-min
	echo "$output"
	[ "$status" = 0 ]
	[ "$(value release) $(value name)" = "7.9.1 7.9-min" ]
	[ "$(cat "$(value image)")" = "ccache gcc  pristine" ]
	grep -qx CONFIG_SYSCTL=y "$(value kdir)/.config"
	run grep PROC_SYSCTL "$(value kdir)/.config"
	[ "$status" = 1 ]
	printf '%s\n' '--- a/here' '+++ b/here' '@@ -1 +1 @@' -pristine +patched >"$t/patch"
	run "$scripts/setup/kernels.sh" build 7.9-min --patch "$t/patch" --clang
	echo "$output"
	[ "$status" = 0 ]
	[ "$(cat "$(value image)")" = "ccache clang 1 patched" ]
	run "$scripts/setup/kernels.sh" build 7.8-min
	[ "$status" = 3 ]
	[[ "$output" == *"no linux-source-7.8 is available"* ]]
}

@test "deps.sh: on another distribution it lists what is needed" {
	mkdir "$t/elsewhere"
	for tool in sh sed grep awk cut tr mktemp rm uname dirname id cat; do
		ln -s "$(type -P "$tool")" "$t/elsewhere/$tool"
	done
	PATH=$t/elsewhere run "$scripts/setup/deps.sh" run
	[ "$status" = 3 ]
	[[ "$output" == *"qemu-system-x86: boots the kernel under test"* ]]
	[[ "$output" == *"no apt-get here"* ]]
}

@test "every row of deps.list has a group, a package, a sign and a reason" {
	run awk '!/^#/ && NF < 4' "$scripts/setup/deps.list"
	[ -z "$output" ]
}

@test "ccache: what takes another file in by .incbin is made anew when that changes, whatever an old store says" {
	command -v ccache >/dev/null || skip "ccache is not installed"
	cd "$BATS_TEST_TMPDIR"
	printf '.incbin "data"\n' >piggy.S
	cat >build <<-'END'
		. "$scripts/lib/host.sh"
		use_ccache
		[ "$1" != old ] || { unset CCACHE_NAMESPACE && export CCACHE_DEPEND=1; }
		ccache gcc -Wp,-MMD,piggy.d -c piggy.S -o "$2"
	END
	export scripts=$BATS_TEST_DIRNAME/.. KALLOCBENCH_CACHE=$BATS_TEST_TMPDIR/cache
	echo 1 >data
	sh build old 1.o
	echo 2 >data
	sh build old stale.o
	sh build new 2.o
	echo 3 >data
	CCACHE_DEPEND=1 sh build new 3.o
	cmp 1.o stale.o
	run cmp 2.o stale.o
	[ "$status" -eq 1 ]
	run cmp 2.o 3.o
	[ "$status" -eq 1 ]
}
