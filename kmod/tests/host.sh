# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
# What the tests share that run on this machine and boot guests: where things are, TAP. Source it after setting $here.

# shellcheck disable=SC2154 # set by whoever sources this file
top=$(cd "$here/../.." && pwd)
# shellcheck disable=SC2034 # read by whoever sources this file
cache=${KALLOCBENCH_CACHE:-$top/.cache}
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
# say(), and the count of it.
# shellcheck source=kmod/tests/guest/tap.sh
. "$here/guest/tap.sh"
