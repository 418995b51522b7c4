#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Runs in a guest: the examples of the READMEs, each command before its output. readme.txt is what it printed.
set -eu

insmod "$KAB_MODULE" lane=insn
cd /sys/kernel/debug/kallocbench
while IFS= read -r line; do
	printf '# %s\n' "$line"
	# Refusals are among the examples.
	sh -c "$line" 2>&1 || :
done <<'EXAMPLES'
echo "allocs=kmalloc,vmalloc sizes=64" > run
cat summary
cat run
echo "allocs=kmalloc sizes=64 patterns=batch depth=1000" > run
grep ' cell=0 op=alloc ' results
echo "allocs=kmaloc sizes=64" > run
cat error
echo "allocs=kmalloc,kcalloc,vmalloc,percpu sizes=100,4097 samples=100 facts=all" > run
cat properties
cat help
EXAMPLES
rmmod kallocbench
