#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# In the guest, on a kernel with gcov: runs the test at /kab/test, then brings the counters home.
# The kernel keeps the counters of a module that is gone.
code=0
sh /kab/test || code=$?
mkdir -p /out/gcov
find /sys/kernel/debug/gcov -name '*.gcda' | while read -r counters; do
	cat "$counters" >"/out/gcov/$(basename "$counters")"
done
exit "$code"
