#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Headers of the module that do not compile by themselves, by the command that kbuild compiled main.c with.
#   headers.sh BUILD HEADER...	BUILD: where the module was built; its file kdir says for which kernel
set -eu

build=$1
kdir=$(cat "$build/kdir")
shift
command=$(sed -n '1s/^[^=]*= *//p' "$build/.main.o.cmd" | sed 's/ -c -o .*//; s/-Wp,-MMD,[^ ]*//')
if [ -z "$command" ] || [ $# = 0 ]; then
	echo "no command or no header: nothing was tried"
	exit 1
fi
cd "$kdir"
for header in "$@"; do
	sh -c "$command -fsyntax-only -x c $build/$header"
done
