# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
# In the guest: the plan as a process of a memory cgroup, so that accounted allocations are charged to one.
mount -t cgroup2 cgroup2 /sys/fs/cgroup || exit 3
echo +memory >/sys/fs/cgroup/cgroup.subtree_control || exit 3
mkdir /sys/fs/cgroup/bench || exit 3
echo $$ >/sys/fs/cgroup/bench/cgroup.procs || exit 3
sh /kab/collect.sh --module "$KAB_MODULE" --lane "$(cat /kab/lane)" --guest --out /out /kab/plan
