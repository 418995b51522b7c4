#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Does the module ever take memory that others need? Guests of several sizes and settings, every allocator at the brink.
set -eu

scripts=$(cd -- "$(dirname -- "$0")/.." && pwd -P)
# shellcheck source=bench-scripts/lib/host.sh
. "$scripts/lib/host.sh"

usage() {
	cat <<'USAGE'
usage: memory.sh [option...] [PATTERN...]

Boots guests of 256M, 512M and 1G whose memory is in one of eight states, and in
each has every allocator fill memory by batch, churn and remote to just below
what the module refuses; and some guests for single lines for which a program
was once killed. A guest passes when nobody was killed for memory, no failed
allocation was printed, nothing panicked, no line took more than the half it
may, and everything was freed.
Boots the guests whose name contains a PATTERN, or all.

  --kernel K     name for vm.sh, default 6.12 (state owner: a kernel of
                 kernels.sh, always)
  --module KO    a module built already, for all but state owner
  --jobs N       guests at once, default one per CPU, fewer where memory is
                 short
  --only REGEX   only the lines that match
  -o, --out DIR  keep what the guests left
  --list         list the guests, and exit

Exit: 0 all passed, 1 some failed, 2 wrong use.
USAGE
}

kernel=6.12 module='' only=. out='' jobs='' list='' work=''
# A guest ends with whoever started it.
bound='setpriv --pdeathsig TERM'
# What the rows count; and what a kernel says of EPYC.
allowed='Out of memory|allocation failure|Return Stack Overflow: WARNING'
# A guest that panics is started again behind the line that did it, so often.
RESTARTS=4

# guests: name, memory in MiB, kernel, words for the command line, plight, words for QEMU, lines where they are not all.
guests() {
	local m node
	for m in 256 512 1024; do
		node=$((m / 8 < 64 ? 64 : m / 8))
		cat <<-END
			${m}M-plain|$m|||none||
			${m}M-slub_debug|$m||slub_debug=FZPU|none||
			${m}M-owner|$m|min+owner|page_owner=on page_poison=on|none||
			${m}M-init_on_free|$m||init_on_free=1|none||
			${m}M-movable|$m||kernelcore=25%|none||
			${m}M-pipes|$m|||pipes||
			${m}M-nodes|$m|||bind 1|$(nodes $((m - node)) $node)|
			${m}M-group|$m|||group $((m / 4))M||
		END
	done
	singles
}

# nodes MIB MIB: two nodes, the CPUs on the first.
nodes() {
	printf '%s' "-object memory-backend-ram,id=m0,size=$1M -object memory-backend-ram,id=m1,size=$2M" \
		' -numa node,nodeid=0,cpus=0-1,memdev=m0 -numa node,nodeid=1,memdev=m1'
}

# singles: what had somebody killed when it was tried on purpose, and a pool larger than an int.
singles() {
	local pages='allocs=kmalloc sizes=16K patterns=batch depth=6000 samples=6000 facts=none'
	local hardened='allocs=kmalloc sizes=8K patterns=batch depth=50000 samples=50000'
	cat <<-END
		hardened|1024||init_on_alloc=0 slub_debug=FZ|none||$hardened;$hardened budget_ms=120000
		limited|1024|||group 8M||allocs=kmalloc sizes=1K flags=GFP_KERNEL|__GFP_ACCOUNT patterns=exhaust
		pages|512|||pipes 375||patterns=exhaust;$pages;$pages budget_ms=120000
		core160|1024||kernelcore=160M|none||allocs=kmalloc,vmalloc patterns=exhaust
		core256|1024||kernelcore=256M|none||allocs=alloc_pages sizes=4K patterns=batch depth=@1000000 samples=@1000000 budget_ms=120000
		bound|768|||bind 1|$(nodes 704 64)|allocs=vmalloc sizes=64 samples=10 facts=all
		cold|206|||none|-cpu EPYC|$(cold)
		small|84|||none||allocs=mempool sizes=1M samples=10 facts=none
		gen_pool|5120||init_on_alloc=0|none||allocs=gen_pool sizes=4M patterns=batch depth=@1000 samples=@1000 facts=none warmup=0 budget_ms=120000
	END
}

cold() {
	local words='depth=16425 samples=16425 facts=none warmup=0'
	printf '%s' "allocs=alloc_pages sizes=4096 patterns=batch,cold $words;allocs=page_frag sizes=4096 patterns=churn,cold $words"
}

# sizes MIB: small ones of which a million would not fit, but not so many that it takes long.
sizes() {
	case $1 in
	256) echo 512 2K 4K ;;
	512) echo 1K 2K 4K ;;
	*) echo 2K 4K 2K ;;
	esac
}

# conf DIR MIB PLIGHT FROM LINES: what the guest is told.
conf() {
	printf "sizes='%s' plight='%s' from=%s only='%s'\n" "$(sizes "$2")" "$3" "$4" "$only" >"$1/brink.conf"
	[ -z "$5" ] || printf '%s\n' "$5" | tr ';' '\n' >"$1/brink.lines"
}

# boot DIR MIB KERNEL APPEND QEMU: one boot; what it left is in DIR/guest.
boot() {
	local dir="$1" mem="$2" kernel="${3:-$kernel}" append="$4" arg
	local ko="$work/module@$kernel"
	shift 4
	# shellcheck disable=SC2086 # words of options
	set -- $1
	# Pages are cleared by words, not by bytes: QEMU emulates each one, eight times as fast.
	[ "${1-}" = -cpu ] || set -- -cpu max,-erms,-fsrm "$@"
	for arg in "$@"; do
		set -- "$@" --qemu-arg "$arg"
		shift
	done
	[ ! -s "$ko" ] || set -- "$@" --module "$(cat "$ko")"
	[ ! -f "$dir/brink.lines" ] || set -- "$@" --add "$dir/brink.lines"
	$bound "$scripts/vm.sh" --kernel "$kernel" --lane time --accel tcg --smp 2 --mem "${mem}M" --append "$append" "$@" \
		--allow "$allowed" --timeout 1500 --add kmod/tests/guest/robust.sh \
		--add "$cache/unit/brink" --add "$cache/unit/plight" --add "$dir/brink.conf" \
		--script kmod/tests/guest/brink.sh --out "$dir/guest" >"$dir/err" 2>&1
}

# rows DIR: what the guest said of each line, also where it never got to say all.
rows() {
	tr -d '\r' <"$1/guest/boot-1/console.log" | sed -n 's/^brink-row	//p'
}

# killed DIR: how many in the line that the guest died of, which is in no row.
killed() {
	awk '/^brink-row/ { n = 0 } /Killed process/ { n++ } END { print n + 0 }' "$1/guest/boot-1/console.log"
}

# run_guest NAME MIB KERNEL APPEND PLIGHT QEMU LINES: boots until all lines were tried; rows, TAP and panics stay.
run_guest() {
	local dir="$work/$1" from=1 restarts=0 verdict
	mkdir -p "$dir"
	: >"$dir/rows"
	: >"$dir/died"
	while :; do
		rm -rf -- "$dir/guest"
		conf "$dir" "$2" "$5" "$from" "$7"
		boot "$dir" "$2" "$3" "$4" "$6" || :
		verdict=$(cat "$dir/guest/boot-1/verdict" 2>/dev/null || tail -n 1 "$dir/err")
		[ ! -f "$dir/guest/boot-1/console.log" ] || rows "$dir" >>"$dir/rows"
		if grep -q '^1\.\.' "$dir/guest/boot-1/script.out" 2>/dev/null; then
			case $verdict in
			good | 'script exited '*) ;;
			*) printf 'not ok - %s\n' "$verdict" >>"$dir/guest/boot-1/script.out" ;;
			esac
			break
		fi
		from=$(awk -F '\t' -v from="$from" '$1 >= from { from = $1 + 1 } END { print from }' "$dir/rows")
		printf '%s\t%s\t%s\n' "$from" "$(killed "$dir")" "$verdict" >>"$dir/died"
		from=$((from + 1)) restarts=$((restarts + 1))
		[ "$restarts" -lt "$RESTARTS" ] || break
	done
	cp -- "$dir/guest/boot-1/script.out" "$dir/tap" 2>/dev/null || : >"$dir/tap"
}

# tell NAME SECONDS: one line, and what failed below it.
tell() {
	local dir="$work/$1"
	awk -F '\t' -v name="$1" -v took="$2" -v tap="$dir/tap" -v died="$dir/died" -v numbers="$dir/numbers" '
		{ lines++; refused += $2 == "ENOMEM"; illegal += $2 == "EINVAL"; kills += $11; failures += $12; splats += $13 }
		END {
			while ((getline line <tap) > 0) {
				if (line ~ /^1\.\./) whole = 1
				if (line ~ /^not ok/) { bad++; show = 9 } else if (line ~ /^ok/) show = 0
				if (show-- > 0) text = text "        " line "\n"
			}
			while ((getline line <died) > 0) {
				split(line, word, "\t")
				panics++
				lines++
				kills += word[2]
				text = text "        died at line " line "\n"
			}
			failed = bad || panics || !whole || !lines
			printf "%s %4d s  %s: %d lines (%d refused, %d not legal), %d killed, %d failures printed, %d bugs, %d panics\n",
				failed ? "FAILED" : "ok    ", took, name, lines, refused, illegal, kills, failures, splats, panics
			printf "%s", text
			print failed + 0, lines + 0, refused + 0, illegal + 0, kills + 0, failures + 0, splats + 0, panics + 0 >numbers
		}' "$dir/rows"
}

# one NAME: a guest, from its row.
one() {
	local start name mem its_kernel append plight qemu lines
	start=$(seconds)
	guests | grep "^$1|" >"$work/$1.row"
	# The last field may have bars of its own.
	IFS='|' read -r name mem its_kernel append plight qemu lines <"$work/$1.row"
	run_guest "$name" "$mem" "$its_kernel" "$append" "$plight" "$qemu" "$lines"
	tell "$name" "$(($(seconds) - start))" >"$work/$name/said"
	cat -- "$work/$name/said"
}

# get_ready: what the guests share, made once.
get_ready() {
	local name found
	make -s -C kmod/tests tool >&2
	for name in $(guests | grep -F -f "$work/names" | cut -d '|' -f 3 | sort -u) "$kernel"; do
		case $name in
		min+*) found=$("$scripts/setup/kernels.sh" build "$name") ;;
		*) found=$("$scripts/setup/kernel.sh" get "$name") ;;
		esac || cannot "no kernel $name: see message above"
		if [ -n "$module" ] && [ "$name" = "$kernel" ]; then
			printf '%s\n' "$module"
		else
			"$scripts/setup/module.sh" "$(said kdir "$found")"
		fi >"$work/module@$name"
	done
}

# count: the sum, the last line of all, and the exit code.
count() {
	cat -- "$work"/*/numbers | awk -v wanted="$(grep -c . "$work/names")" '
		{ bad += $1; for (i = 2; i <= NF; i++) n[i] += $i }
		END {
			printf "%d lines (%d refused, %d not legal): %d killed, %d failures printed, %d bugs, %d panics\n",
				n[2], n[3], n[4], n[5], n[6], n[7], n[8]
			if (NR != wanted) print wanted - NR " guests left no result"
			printf "%d guests passed, %d failed\n", NR - bad, bad + wanted - NR
			exit bad > 0 || NR != wanted
		}'
}

# pick PATTERN...: the names of the guests that match.
pick() {
	local pattern
	guests | cut -d '|' -f 1 >"$work/all"
	[ $# -gt 0 ] || set -- ''
	for pattern in "$@"; do
		grep -F -e "$pattern" "$work/all" || die "no guest matches '$pattern': see --list"
	done >"$work/names"
}

# set_option NAME VALUE
set_option() {
	case $1 in
	--kernel) kernel=$2 ;;
	--module) module=$2 ;;
	--jobs) jobs=$2 ;;
	--only) only=$2 ;;
	--out) out=$2 ;;
	--list) list=1 ;;
	--one) work=$2 ;;
	esac
}

# all PATTERN...: every guest that is wanted, side by side; then what they were together.
all() {
	local code=0
	work=$(mktemp -d)
	trap 'rm -rf -- "$work"' EXIT
	trap 'exit 130' INT TERM HUP
	pick "$@"
	printf "kernel='%s' only='%s'\n" "$kernel" "$only" >"$work/settings"
	get_ready
	note "$(grep -c . "$work/names") guests, $jobs at a time"
	# shellcheck disable=SC2086 # words
	$bound xargs -n 1 -P "$jobs" -a "$work/names" $bound "$scripts/tests/memory.sh" --one "$work" &
	wait "$!" || :
	[ -z "$out" ] || { mkdir -p -- "$out" && cp -R -- "$work/." "$out/"; }
	count || code=$?
	# A pipe would show the times of its own shell.
	times >"$work/times"
	awk 'NR == 2 { gsub(/s/, ""); split($1, u, "m"); split($2, s, "m"); printf "%d s of CPU time\n", 60 * (u[1] + s[1]) + u[2] + s[2] }' "$work/times"
	return "$code"
}

# run_memory PATTERN...
run_memory() {
	if [ -n "$list" ]; then
		guests | cut -d '|' -f 1
	elif [ -n "$work" ]; then
		# shellcheck source=/dev/null
		. "$work/settings"
		one "$1"
	else
		all "$@"
	fi
}

main() {
	jobs=$(guests_at_once)
	cd -- "$top"
	# --one is how the guests of one call are started side by side.
	with_options run_memory '--kernel=KERNEL --module=FILE --jobs=N --only=REGEX -o|--out=DIR --list --one=DIR PATTERN' "$@"
}

main "$@"
