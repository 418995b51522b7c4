# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
# shellcheck disable=SC2154 # the options of vm.sh, which sources this
# What stays of a boot: the results with what only the host knows of them, and the traces of the guest.

# host_meta K: meta lines of boot K that only the host knows.
host_meta() {
	meta date "$(date -u +%Y-%m-%dT%H:%M:%SZ)"
	meta accel "$accel"
	meta qemu "$qemu_version"
	meta machine "$(machine "$arch" machine)"
	meta entry "$entry"
	meta cpu "$cpu"
	meta smp "$smp"
	meta mem "$mem"
	meta settle "$settle"
	meta boot "$1"
	meta boots "$boots"
	meta kernel_sha256 "$(sha256sum <"$kernel" | cut -c 1-64)"
	[ -z "$module" ] || meta module_sha256 "$(sha256sum <"$stage/kab/kallocbench.ko" | cut -c 1-64)"
	[ -z "$module" ] || meta module_cc "$(module_compiler "$module")"
	meta initrd_sha256 "$(sha256sum <"$work/initrd" | cut -c 1-64)"
	meta host_cpu "$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)"
	meta command "$command"
}

# unpack FROM: what the guest sent, into FROM/files, once.
unpack() {
	[ ! -d "$1/files" ] || return 0
	mkdir -p -- "$1/files"
	[ ! -f "$1/out.tgz" ] || tar -xzf "$1/out.tgz" --no-same-owner -C "$1/files"
}

# keep_vectors FROM: what the plugin counted goes into the results it belongs to, before their last line.
keep_vectors() {
	local file
	unpack "$1" || return 1
	awk -f "$scripts/results.awk" -v table=meta,clock,cells,ops "$1"/files/result-*.txt >"$1/tables" &&
		vectors "$1/vector" "$1/tables" >"$1/vectors" || return 1
	for file in "$1"/files/result-*.txt; do
		{
			sed '$d' "$file"
			awk -F '\t' -v file="$file" '$1 == file { print $2 }' "$1/vectors"
			tail -n 1 -- "$file"
		} >"$1/whole" && mv -- "$1/whole" "$file" || return 1
	done
}

# keep FROM TO K: put what boot K left in its place; results get their meta lines first, all of them or none.
keep() {
	local from="$1" to="$2" file
	unpack "$from" || return 1
	# Results of a run that failed would be taken for good ones. Those of the lines before one that this kernel refuses
	# are whole; by the verdict beside them they are not compared.
	case $(cat -- "$from/verdict") in
	good | 'refused: '*) ;;
	*) rm -f -- "$from"/files/result-*.txt ;;
	esac
	host_meta "$3" >"$from/meta" || return 1
	for file in "$from"/files/result-*.txt; do
		[ ! -f "$file" ] || insert_meta "$file" "$from/meta" || return 1
	done
	(cd -- "$from" && cp -- console.log qemu.cmd qemu.err verdict files/) || return 1
	cp -R -- "$from/files" "$to.part" && mv -T -- "$to.part" "$to"
}
