#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Builds the kernels that no distribution ships: debugging, coverage, and ones with a patch under test.
set -eu

scripts=$(cd -- "$(dirname -- "$0")/.." && pwd -P)
# shellcheck source=bench-scripts/lib/host.sh
. "$scripts/lib/host.sh"
# shellcheck source=bench-scripts/setup/archive.sh
. "$scripts/setup/archive.sh"
# shellcheck source=bench-scripts/setup/machine.sh
. "$scripts/setup/machine.sh"

usage() {
	cat <<'EOF'
usage: kernels.sh build [NAME[:ARCH]] [--patch FILE]... [--series S] [--clang]
       kernels.sh source [--series S]
       kernels.sh list

Builds a small kernel out of tree from Debian's linux-source package
and prints where it is, as kernel.sh does:
    image=PATH  kdir=PATH  release=VERSION  arch=ARCH

NAME, without which all of them are built, is one of
    min      boots in QEMU and loads a module, nothing more
    debug    KASAN, lockdep, atomic sleep, kmemleak, UBSAN, debug objects,
             faults
    debug-rt  PREEMPT_RT with lockdep, atomic sleep, RCU's proofs
    kcsan    data races
    gcov     line coverage of modules built with GCOV_PROFILE=y, faults
    sign     loads only modules signed with its own key; lockdown
    uml      User Mode Linux: min as a process, for vm.sh --accel uml
or min or uml followed by fragments of bench-scripts/setup/kernels, as in
min+debuginfo or 7.3-uml+smp, which keeps its locks. A series before it, as in
7.3-min, is that of its source; ARCH is amd64 or arm64, by default this
machine's.

  --patch FILE  apply a patch to the source first (-p1); may be repeated
  --series S    which linux-source package (default 6.12): from whatever suite
                of Debian has it
  --clang       by clang and lld instead of gcc

Kept under .cache/kernels and .cache/src (or $KALLOCBENCH_CACHE): a kernel is
built once for its configuration, source, patches and compiler. On two idle
cores: min and uml 3 minutes, debug 5, a patch on top of a built kernel half a
minute.
Exit: 0 good, 2 wrong use, 3 it cannot be built.
EOF
}

all='min debug debug-rt kcsan gcov sign uml'

# The last fragment that sets a symbol wins.
fragments_of() {
	case $1 in
	min | uml) echo base ;;
	debug) echo base debug faults ;;
	debug-rt) echo base rt ;;
	kcsan) echo base kcsan faults ;;
	gcov) echo base gcov faults ;;
	sign) echo base sign ;;
	min+* | uml+*) echo base "${1#*+}" | tr + ' ' ;;
	*) die "no kernel is called '$1': see kernels.sh list" ;;
	esac
}

fragment_paths() {
	local name names
	names=$(fragments_of "$1") || exit
	for name in $names; do
		if [ "$name" = base ]; then
			base_configs "$arch"
			continue
		fi
		[ -f "$scripts/setup/kernels/$name.config" ] || die "no fragment bench-scripts/setup/kernels/$name.config"
		printf '%s\n' "$scripts/setup/kernels/$name.config"
	done
}

# Comments are left out: a better explanation builds no new kernel.
cat_fragments() {
	local path
	fragment_paths "$1" >"$tmp/paths"
	while IFS= read -r path; do
		grep -E '^(# )?CONFIG_' "$path"
	done <"$tmp/paths"
}

# renames: symbols that later kernels call otherwise: OLD NEW and the file that says so.
renames() {
	echo PROC_SYSCTL SYSCTL fs/proc/Kconfig
}

# renamed SOURCE: the fragments on stdin, in the words of that kernel.
renamed() {
	local old new file
	sed "$(renames | while read -r old new file; do
		grep -qsx "config $old" "$1/$file" || echo "s/^CONFIG_$old=/CONFIG_$new=/"
	done)"
}

# sha256 of standard input, short enough for a file name.
hash() {
	sha256sum | cut -c1-12
}

# The tarball, from the installed package or else fetched for this purpose alone, from the first place that has it.
source_tarball() {
	local package="linux-source-$1" at
	if [ -f "/usr/src/$package.tar.xz" ]; then
		printf '%s\n' "/usr/src/$package.tar.xz"
		return
	fi
	for at in $(places "$native"); do
		[ ! -f "$tmp/deb/usr/src/$package.tar.xz" ] || break
		if ! go_to "$at" "$native" || ! has "$package"; then
			continue
		fi
		note "fetching $package (150 MB)"
		(cd "$tmp" && download "$package") || { refresh && (cd "$tmp" && download "$package"); } || continue
		dpkg -x "$tmp/$package"_*.deb "$tmp/deb"
	done
	[ -f "$tmp/deb/usr/src/$package.tar.xz" ] || cannot "no $package is available: see messages above; kernel.sh list shows series"
	printf '%s\n' "$tmp/deb/usr/src/$package.tar.xz"
}

version_of() {
	awk -F ' *= *' '$1 ~ /^(VERSION|PATCHLEVEL|SUBLEVEL)$/ { printf "%s%s", sep, $2; sep = "." } NR > 5 { exit }' "$1/Makefile"
}

# Unpacks once; the directory appears under its name only when it is whole.
source_get() {
	local link="$cache/src/series-$1" tarball version
	if [ ! -e "$link/Makefile" ]; then
		tarball=$(source_tarball "$1")
		rm -rf "$cache/src/.new"
		mkdir -p "$cache/src/.new"
		note "unpacking $tarball"
		tar -xJf "$tarball" -C "$cache/src/.new"
		version=$(version_of "$cache/src/.new/linux-source-$1")
		rm -rf "$cache/src/linux-$version"
		mv "$cache/src/.new/linux-source-$1" "$cache/src/linux-$version"
		rmdir "$cache/src/.new"
		ln -sfn "linux-$version" "$link"
	fi
	printf '%s/src/%s\n' "$cache" "$(readlink "$link")"
}

# A copy by hard links: the files a patch touches are made private before it is applied.
patched_copy() {
	local from="$1" to="$2" patch entry
	[ ! -e "$to/.patched" ] || return 0
	rm -rf "$to"
	mkdir -p "$to"
	find "$from" -mindepth 1 -maxdepth 1 ! -name 'build-*' -exec cp -al {} "$to/" \;
	shift 2
	for patch in "$@"; do
		sed -n 's,^[-+][-+][-+] [ab]/\([^	]*\).*,\1,p' "$patch" | sort -u >"$tmp/touched"
		while IFS= read -r entry; do
			[ ! -f "$to/$entry" ] || cp -p --remove-destination "$from/$entry" "$to/$entry"
		done <"$tmp/touched"
		patch -d "$to" -p1 -s -N <"$patch" >&2 || die "$patch does not apply to $(basename "$from")"
	done
	touch "$to/.patched"
}

# kernel_cc: what compiles it; clang is of all architectures.
kernel_cc() {
	[ "$compiler" = clang ] && echo clang || echo "$cross$compiler"
}

kernel_make() {
	# Below the source tree kbuild uses relative paths: ccache then knows the files of a patched copy.
	reproducible_make "$1" "$2" ${foreign:+"ARCH=$(machine "$arch" kbuild)"} ${cross:+"CROSS_COMPILE=$cross"} ${llvm:+"$llvm"} \
		CC="ccache $(kernel_cc)" HOSTCC="ccache gcc" "$3" ${4:+"$4"} >>"$log" 2>&1 ||
		{
			tail -n 20 "$log" >&2
			cannot "the kernel does not build: see $log"
		}
}

# Every line asked for must have survived: a symbol that depends on a missing one is dropped silently.
config_check() {
	awk '
		FNR == NR { have[$0] = 1; next }
		/^CONFIG_/ { split($0, w, "="); want[w[1]] = $0 }
		/^# CONFIG_.* is not set/ { want[$2] = $0 }
		END {
			for (s in want)
				if (!(want[s] in have) && want[s] !~ /is not set$/) {
					print "dropped: " want[s]
					bad = 1
				}
			exit bad
		}' "$1/.config" "$2" >&2 || cannot "the configuration did not take: see above"
}

# Starts from the unpatched kernel's objects where there are any: then only what the patch touches is compiled.
objects_seed() {
	local from="$1" to="$2"
	[ -f "$from/.done" ] && [ "$from" != "$to" ] || return 0
	cp -a "$from" "$to"
	rm -f "$to/.done"
}

kernel_build() {
	local name="$1" src="$2" out="$3"
	mkdir -p "$out"
	log=$out/build.log
	: >"$log"
	kernel_make "$src" "$out" KCONFIG_ALLCONFIG="$tmp/fragment" allnoconfig
	config_check "$out" "$tmp/fragment"
	note "building $name in $(basename "$src"), log in $log"
	timed "kernel-$name" "building $name" kernel_make "$src" "$out" "${image##*/}" modules
	touch "$out/.done"
}

# build_in NAME PRISTINE SRC OUT [PATCH]...
build_in() {
	local name="$1" pristine="$2" src="$3" out="$4"
	shift 4
	[ $# -eq 0 ] || patched_copy "$pristine" "$src" "$@"
	[ ! -f "$src/$out/.done" ] || return 0
	[ -d "$src/$out" ] || objects_seed "$pristine/$out" "$src/$out"
	kernel_build "$name" "$src" "$src/$out"
}

# own_patches NAME SOURCE: what is wrong with that kernel and keeps it from running here, where its source has it.
own_patches() {
	[ "${1%%+*}" != uml ] || ! grep -qs 'NT_X86_XSTATE, &iov) == 0)$' "$2/arch/x86/um/os-Linux/registers.c" ||
		echo "$scripts/setup/kernels/uml.patch"
}

build() {
	local name="$1" series="$2" pristine src out image own
	shift 2
	image=$(machine "$arch" image)
	cat_fragments "$name" >"$tmp/fragments"
	pristine=$(locked "$series" source_get "$series")
	renamed "$pristine" <"$tmp/fragments" >"$tmp/fragment"
	own=$(own_patches "$name" "$pristine")
	set -- ${own:+"$own"} "$@"
	src=$pristine
	[ $# -eq 0 ] || src=$pristine-$(cat "$@" | hash)
	out=build-$(echo "$name" | tr + -)-${foreign:+$arch-}$({
		cat "$tmp/fragment"
		"$(kernel_cc)" --version | head -n 1
	} | hash)
	locked "$(basename "$src")-$out" build_in "$name" "$pristine" "$src" "$out" "$@"
	printf 'image=%s\nkdir=%s\nrelease=%s\narch=%s\n' "$src/$out/$image" "$src/$out" \
		"$(cat "$src/$out/include/config/kernel.release")" "$arch"
}

# locked NAME COMMAND...: one at a time, for two of them would write the same files.
locked() {
	local name="$1"
	shift
	(
		flock 9
		"$@"
	) 9>"$cache/src/.lock-$name"
}

set_option() {
	given="$given $1"
	case $1 in
	--patch) printf '%s\n' "$2" >>"$tmp/patches" ;;
	--series) series=$2 ;;
	--clang) compiler=clang llvm=LLVM=1 ;;
	esac
}

# check_use [VERB [NAME]]: which of them goes with which, and with which options.
check_use() {
	[ $# -gt 0 ] || wrong "build, source or list?"
	case $1$given in
	build | build' '*) ;;
	source | source' --series' | list) ;;
	source* | list*) wrong "$1 has no option ${given##* }" ;;
	*) wrong "build, source or list, not '$1'" ;;
	esac
	[ $# -lt 2 ] || [ "$1" = build ] || wrong "$1 takes no '$2'"
	[ $# -le 2 ] || wrong "one kernel, and '$3' is one too many"
}

# read_name [SERIES-]NAME[:ARCH]: sets name, arch, foreign where that is not this machine's, cross, and series where it
# says one.
read_name() {
	arch=$(arch_of_name "$1") || exit
	foreign=$arch
	[ "$arch" != "$(host_arch)" ] || foreign=''
	cross=$(cross_of "$arch")
	name=${1%:*}
	case $name in
	[0-9]*-*)
		[ -z "$series" ] || [ "$series" = "${name%%-*}" ] || die "--series $series and $name: which of them?"
		series=${name%%-*} name=${name#*-}
		;;
	esac
	series=${series:-6.12}
	printf '%s\n' "$series" | grep -q -E -x -e '[0-9]+\.[0-9]+' || die "a series is like 6.12, not '$series'"
}

# check_compiler: what compiles that is here.
check_compiler() {
	if [ -n "$llvm" ]; then
		have clang ld.lld llvm-ar || cannot "--clang: clang, ld.lld or llvm-ar is not here: run bench-scripts/setup/deps.sh clang"
	elif [ -n "$cross" ]; then
		have "$(kernel_cc)" || cannot "$(kernel_cc) is not here: run bench-scripts/setup/deps.sh $arch"
	fi
}

# run VERB [NAME]
run() {
	local verb names name patch
	check_use "$@"
	verb=$1
	names=${2:-$all}
	set --
	while IFS= read -r patch; do
		[ -r "$patch" ] || die "cannot read $patch"
		set -- "$@" "$patch"
	done <"$tmp/patches"
	mkdir -p "$cache/src" "$cache/ccache" "$cache/kernels"
	use_ccache
	case $verb in
	build)
		for name in $names; do
			read_name "$name"
			check_compiler
			build "$name" "$series" "$@"
		done
		;;
	source)
		read_name min
		locked "$series" source_get "$series"
		;;
	list) printf '%s\n' "$all" | tr ' ' '\n' ;;
	esac
}

main() {
	series='' given='' compiler=gcc llvm=''
	tmp=$(mktemp -d)
	trap 'rm -rf "$tmp"' EXIT
	trap 'exit 130' INT TERM HUP
	: >"$tmp/patches"
	with_options run '--patch=FILE --series=SERIES --clang build|source|list' "$@"
}

main "$@"
