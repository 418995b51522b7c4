#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Every allocator's calls measured on the running kernel: KTAP, and 4 where that cannot be.
exec "$(dirname "$0")/tree/bench-scripts/kselftest.sh" "$@"
