# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
# What a finished QEMU left behind, sourced by vm.sh: is it whole, and what does it say?

# Headings of everything the kernel says when something is wrong; loglevel=5 lets all of them through.
splats='WARNING:|BUG:|Oops|Kernel panic|KASAN|KCSAN:|KFENCE:|UBSAN:|ODEBUG:|general protection fault'
splats="$splats|nable to handle|possible circular locking|possible recursive locking|inconsistent lock state"
splats="$splats|suspicious RCU usage|(soft|hard) (lockup|LOCKUP)|scheduling while atomic|invalid context"
splats="$splats|blocked for more than|rcu.*(stall|self-detected)|refcount_t:|list_(add|del) corruption"
splats="$splats|page allocation failure|Out of memory|Bad page state|new suspected memory leak|still has locks held"
splats="$splats|irq [0-9]+: nobody cared|Internal error:|SError Interrupt|Bad mode in"
# Said by healthy kernels about the machine below them.
harmless='Spectre V2 : WARNING: Unprivileged eBPF'
# The kernel races with itself; a race of the module names it in brackets.
harmless="$harmless|KCSAN: data-race in [a-zA-Z0-9_.]+( / [a-zA-Z0-9_.]+)?\$"

# splat_in CONSOLE [ALLOWED]: the first line that tells of a fault, nothing if there is none.
splat_in() {
	tr -d '\r' <"$1" | grep -a -E -e "$splats" | grep -a -v -E -e "$harmless" -e "${2:-^\$}" | head -n 1
}

# payload PORT OUT.tgz: the packed results, checked by length and CRC. Fails when they are not whole.
payload() {
	local size
	size=$(head -n 1 -- "$1" | tr -d '\0' | sed -n 's/^kab-results \([0-9]\{1,9\}\)$/\1/p')
	[ -n "$size" ] && [ "$size" -gt 0 ] || return 1
	tail -n +2 -- "$1" | head -c "$size" >"$2" || return 1
	[ "$(wc -c <"$2")" -eq "$size" ] && gzip -t "$2" 2>/dev/null && return
	rm -f -- "$2"
	return 1
}

# verdict_of PORT: what the guest said last, nothing if it never came to that.
verdict_of() {
	tail -n 1 -- "$1" | tr -d '\0' | sed -n 's/^kab-verdict \(.*\)$/\1/p'
}

# judge DIR ALLOWED: one line: good, script exited N, refused: ..., or failed: why.
judge() {
	local dir="$1" status splat verdict whole=1
	status=$(cat -- "$dir/status")
	splat=$(splat_in "$dir/console.log" "$2")
	verdict=$(verdict_of "$dir/port")
	# Of a guest that failed, too: it tells how far it came.
	payload "$dir/port" "$dir/out.tgz" || whole=''
	if [ -n "$splat" ]; then
		printf 'failed: the kernel complained: %s\n' "$splat"
	elif [ "$status" = stuck ]; then
		echo 'failed: the guest hung before its first process ran'
	elif [ "$status" = 137 ]; then
		echo 'failed: the guest hung: killed at the time limit'
	elif [ "$status" = killed ]; then
		echo 'failed: QEMU was killed by somebody'
	elif [ "$status" != 0 ]; then
		printf 'failed: QEMU ended with status %s: %s\n' "$status" "$(tail -n 1 -- "$dir/qemu.err")"
	elif [ -z "$verdict" ]; then
		echo 'failed: the guest ended without a verdict on the results port'
	elif [ -z "$whole" ]; then
		case $verdict in
		failed:*) printf '%s\n' "$verdict" ;;
		*) echo 'failed: the results came through incomplete' ;;
		esac
	else
		printf '%s\n' "$verdict"
	fi
}
