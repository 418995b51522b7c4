# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
# Runs in the guest of collect.t: collect.sh as a person would run it, with what can happen to it.

n=0
ok() {
	local what="$1"
	shift
	n=$((n + 1))
	if "$@"; then
		echo "ok $n - $what"
	else
		echo "not ok $n - $what"
		sed 's/^/# /' /tmp/log
	fi
}

collect() {
	sh /kab/collect.sh "$@" >/tmp/log 2>&1
}

empty() {
	[ -z "$(ls -A "$1")" ]
}

is_status() {
	local want="$1" code=0
	shift
	"$@" || code=$?
	[ "$code" = "$want" ] || { echo "status $code" >>/tmp/log && false; }
}

unloaded() {
	! grep -q '^kallocbench ' /proc/modules
}

whole() {
	head -n 1 "$1" | grep -qx 'kallocbench 1' && tail -n 1 "$1" | grep -q "^end cells=[0-9]* state=$2\$"
}

# interrupted SIGNAL DIR: collect.sh gets SIGNAL, as from Ctrl-C, once its run has begun.
interrupted() {
	local code=0
	(
		until grep -q state=running /sys/kernel/debug/kallocbench/status 2>/dev/null; do usleep 50000; done
		kill "-$1" "$(cat /tmp/pid)"
	) &
	# shellcheck disable=SC2016 # the inner shell's
	sh -c 'echo $$ >/tmp/pid; exec sh /kab/collect.sh --module "$KAB_MODULE" --out "$0" \
		"allocs=kmalloc sizes=8 samples=10000000 budget_ms=60000 rounds=9"' "$2" >/tmp/log 2>&1 || code=$?
	[ "$code" = 130 ]
}

line='allocs=kmalloc,null sizes=8,64 samples=200'
ok "a line is measured" is_status 0 collect --module "$KAB_MODULE" --out /tmp/a "$line"
ok "into a whole file" whole /tmp/a/result-01.txt "done"
ok "that tells of its machine" grep -q '^meta lane=time$' /tmp/a/result-01.txt
ok "and of its day" grep -q '^meta date=' /tmp/a/result-01.txt
ok "with a summary for the eye" grep -q kmalloc /tmp/log
ok "and the module is gone" unloaded
ok "a folder with results is not written over" is_status 2 collect --module "$KAB_MODULE" --out /tmp/a "$line"

ok "a wrong word is refused" is_status 2 collect --module "$KAB_MODULE" --out /tmp/b 'allocs=kmalloc sizzes=8'
ok "with the module's own sentence" grep -q sizzes /tmp/log
ok "and leaves no result" test ! -e /tmp/b/result-01.txt
ok "nor the module" unloaded

for sig in INT TERM; do
	ok "SIG$sig ends it" interrupted $sig /tmp/c-$sig
	ok "SIG$sig: finished cells stay" whole /tmp/c-$sig/result-01.txt aborted
	ok "SIG$sig: the module is gone" unloaded
done

# On a terminal there is a bar; collect.t looks for it on the console.
code=0
sh /kab/collect.sh --module "$KAB_MODULE" --out /tmp/g 'allocs=vmalloc sizes=64K..1M samples=300' >/tmp/log 2>/dev/ttyS0 || code=$?
ok "with a bar" test "$code" = 0
ok "with a bar: a whole file" whole /tmp/g/result-01.txt "done"

insmod "$KAB_MODULE"
ok "a module that was loaded is used" is_status 0 collect --out /tmp/d "$line"
ok "and stays loaded" grep -q '^kallocbench ' /proc/modules
rmmod kallocbench

umount /sys/kernel/debug
ok "debugfs is mounted where it is not" is_status 0 collect --module "$KAB_MODULE" --out /tmp/e "$line"
ok "and unmounted again" test ! -e /sys/kernel/debug/block
mount -t debugfs debugfs /sys/kernel/debug

ok "a module that does not load: exit 3" is_status 3 collect --module /kab/lib/lib.sh --out /tmp/f "$line"

ok "--live" is_status 0 collect --module "$KAB_MODULE" --live --out /tmp/live "$line"
ok "--live says how far it is" grep -q '2 of 4, ' /tmp/log
ok "--live draws" grep -q '#########' /tmp/log
ok "--live names the cell" grep -q 'last: kmalloc 64 GFP_KERNEL process pair' /tmp/log
ok "--live: a file each" whole /tmp/live/result-04.txt "done"
cp /tmp/log /out/live.txt

mkdir /tmp/small
mount -t tmpfs -o size=8k tmpfs /tmp/small
ok "a full disk: exit 3" is_status 3 collect --module "$KAB_MODULE" --out /tmp/small 'allocs=vmalloc sizes=8..64K samples=1000'
ok "a full disk: it says so" grep -q 'cannot write' /tmp/log
ok "a full disk: no half result" empty /tmp/small
ok "a full disk: the module is gone" unloaded
echo "1..$n"
