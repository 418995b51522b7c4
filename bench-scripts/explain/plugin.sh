# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
# The plugin of explain/plugin and the symbols it needs, for explain.sh and vm.sh, which have host.sh and guest/qemu.sh.
# shellcheck disable=SC2034,SC2154 # scripts, cache, qemu, qemu_version: see above; syms is for who asks

# plugin_api: the version of the plugin interface that this QEMU serves.
plugin_api() {
	make -s --no-print-directory -C "$scripts/explain/plugin" QEMU="$qemu" api
}

# plugin WORK: builds it below WORK once per source text, compiler and version of the interface, and prints its path.
plugin() {
	local source="$scripts/explain/plugin" dir api
	api=$(plugin_api)
	dir=$cache/explain/plugin-$api-$( (cd "$source" && cat -- *.[ch] Makefile && gcc --version) | sha256sum | cut -c 1-16)
	if [ ! -f "$dir/explain.so" ]; then
		mkdir -p "$cache/explain"
		mkdir "$1/plugin"
		make -s -C "$source" O="$1/plugin" API="$api" >&2 ||
			cannot "the plugin does not build: see messages above; bench-scripts/setup/deps.sh run installs what it needs"
		# Whoever was faster built the same.
		mv -T -- "$1/plugin" "$dir" 2>/dev/null || [ -f "$dir/explain.so" ] || cannot "cannot make $dir"
	fi
	printf '%s' "$dir/explain.so"
}

# marks MODULE DIR WORK: the module's clock reads, where the guest that left DIR has them.
marks() {
	readelf -W -r -x kab_marks "$1" >"$3/elf" && awk -f "$scripts/explain/marks.awk" "$2/sections" "$3/elf"
}

# symbols WORK IMAGE MODULE [OPTION VALUE]...: every symbol of the guest with the module loaded, from a boot of its own:
# without KASLR the next boot with these options of vm.sh has the same. Sets syms to the path of the copy, in this shell: a
# boot that a subshell waits for would outlive us.
symbols() {
	local work="$1" image="$2" module="$3" file part
	shift 3
	file=$cache/explain/symbols-$({
		sha256sum <"$image"
		sha256sum <"$module"
		printf '%s\n' "$@" "$qemu_version"
	} | sha256sum | cut -c 1-16)
	if [ ! -f "$file" ]; then
		note "reading the symbols of the kernel"
		mkdir -p "$cache/explain"
		with_us "$scripts/vm.sh" --lane insn --kernel "$image" --module "$module" "$@" --out "$work/symbols" \
			--script "$scripts/explain/symbols.guest" >&2 || return
		marks "$module" "$work/symbols/boot-1" "$work" >"$work/marks" || return 3
		# Another of us may be at it.
		part=$file.$(printf '%s' "$work" | tr / _)
		cat -- "$work/symbols/boot-1/kallsyms" "$work/marks" >"$part" && mv -- "$part" "$file" || return 3
	fi
	syms=$file
}

# plugin_arg SO WORD...: what QEMU is to take as its -plugin.
plugin_arg() {
	local word all=''
	for word in "$@"; do
		case $word in
		*,*) die "QEMU cannot take a path with a comma: $word" ;;
		esac
		all=$all,$word
	done
	printf '%s' "${all#,}"
}

# vectors VECTOR TABLES: lines FILE TAB LINE, the line for that result, see explain/vector.awk.
vectors() {
	awk -f "$scripts/draw/units.awk" -f "$scripts/explain/measured.awk" -f "$scripts/explain/vector.awk" -v me="$me" \
		FS='\t' phase=tables "$2" FS=' ' phase=vector "$1"
}
