#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# In the guest: the torture program against the module. KAB_SEED and KAB_WRITES in /kab/torture.conf change its size.
# vm: --smp 2 --add kmod/tests/guest/robust.sh --add .cache/unit/torture
# debug: debug kcsan debug-rt
# shellcheck disable=SC2317 source=kmod/tests/guest/robust.sh
. /kab/robust.sh

seed=1 writes=20000 writers=3
# shellcheck source=/dev/null
[ ! -f /kab/torture.conf ] || . /kab/torture.conf

enough() {
	[ "$(sed -n 's/^writes=//p' /out/torture.txt)" -ge $((writes - writers)) ]
}

torture() {
	/kab/torture "$seed" "$writes" "$writers" >/out/torture.txt
}

check "the module loads" insmod "$module"
run "sizes=64 samples=10" # whatever is made once and kept is made now
leaks_begin
check "torture with seed $seed: no violation" torture
sed 's/^/# /' /out/torture.txt
check "all $writes writes were made" enough
# The runs of a slow guest are few, but a torture without any would test the parser alone.
check "some runs came to their end" [ "$(sed -n 's/^accepted=//p' /out/torture.txt)" -ge 1 ]
check "a plain run works afterwards" run "allocs=kmalloc sizes=64 samples=100"
check "and is done" ended "done"
check "status says so" grep -q '^state=done' "$dir/status"
check "the module unloads" rmmod kallocbench
check "the kernel's log shows no bug" no_marks
check "nothing leaked" no_leaks
finish
