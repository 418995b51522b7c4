#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Install the tools, their man pages and the module's source.
set -eu
umask 022

scripts=$(cd -- "$(dirname -- "$0")/.." && pwd -P)
# shellcheck source=bench-scripts/lib/host.sh
. "$scripts/lib/host.sh"

usage() {
	cat <<'USAGE'
usage: install.sh [option...]

  --prefix DIR    default /usr/local
  --destdir DIR   before every path, for packages
  --version V     for the man pages, default 0.1
  --no-man        without man pages, which take help2man
  --remove        take all of it away again

Installs PREFIX/bin/kallocbench, PREFIX/share/kallocbench with the scripts and
the module's source, PREFIX/share/bash-completion/completions/kallocbench, and
PREFIX/share/man/man1/kallocbench*.1.gz.
Exit: 0 good, 2 wrong use, 3 cannot.
USAGE
}

prefix=/usr/local destdir='' man=1 remove='' version=0.1 tmp=''

set_option() {
	case $1 in
	--prefix) prefix=$2 ;;
	--destdir) destdir=$2 ;;
	--version) version=$2 ;;
	--no-man) man='' ;;
	--remove) remove=1 ;;
	esac
}

# commands: NAME PATH of what kallocbench runs, a line each.
commands() {
	local path
	for path in "$scripts"/*.sh "$scripts/setup/kernel.sh" "$scripts/setup/kernels.sh" "$scripts/setup/module.sh" "$scripts/setup/deps.sh"; do
		printf '%s %s\n' "$(basename "$path" .sh)" "$path"
	done
}

# files: what a user needs: no tests, nothing of the maintainers.
files() {
	(cd -- "$top" && find bench-scripts kmod -type f ! -path 'bench-scripts/tests/*' ! -path 'bench-scripts/install/*' \
		! -path 'bench-scripts/tools/*' ! -path 'kmod/tests/*' ! -name '*.o' ! -name '.*' ! -name '*.ko' ! -name '*.mod' \
		! -name '*.mod.c' ! -name Module.symvers ! -name modules.order)
}

# put MODE FILE TO
put() {
	install -D -m "$1" -- "$2" "$3" || cannot "cannot write $3: see message above"
}

copy_files() {
	local file mode
	files >"$tmp/files"
	while IFS= read -r file; do
		mode=644
		[ "$(head -c 2 -- "$top/$file" | tr -d '\0')" != '#!' ] || mode=755
		put "$mode" "$top/$file" "$share/$file"
	done <"$tmp/files"
}

# about FILE: the sentence at the head of a script.
about() {
	sed -n '3,/[^#]$/{s/^# //p; /\.$/q}' "$1" | tr '\n' ' ' | sed 's/^[a-z.]* - //; s/\..*//'
}

# as_installed: what a script says of itself and of the others, with the names by which people call them, and its last
# paragraphs as sections.
as_installed() {
	sed 's#^\([^ ]*\) .*#s,\\(bench-scripts/\\)*\\(setup/\\)*\\b\1\\.sh\\b,kallocbench \1,g#' "$tmp/commands"
	cat <<'END'
1s/^usage: */Usage: /
s/^       \(kallocbench\)/  or:  \1/
s/^\(Environment\): /\n\1:\n/
s/^Exit: /\nExit status:\n/
END
}

# man_page NAME SCRIPT: as help2man makes it of -h.
man_page() {
	local name="kallocbench${1:+-$1}"
	cat >"$tmp/$name" <<END
#!/bin/sh
[ "\$1" = --help ] || { echo "$name $version"; exit; }
"$2" -h | sed -f "$tmp/as_installed"
END
	chmod +x "$tmp/$name"
	help2man --no-info --section 1 --name "$(about "$2")" --output "$tmp/$name.1" "$tmp/$name" ||
		cannot "help2man fails for $name: see message above"
	sed '/^\.PP$/{N; s/^\.PP\nExit status:$/.SH "EXIT STATUS"/}' "$tmp/$name.1" | gzip -9n >"$tmp/$name.1.gz"
	put 644 "$tmp/$name.1.gz" "$mandir/$name.1.gz"
}

man_pages() {
	local name path
	have help2man || cannot "help2man is not installed, which makes the man pages: install it, or say --no-man"
	as_installed >"$tmp/as_installed"
	while read -r name path; do
		man_page "$name" "$path"
	done <"$tmp/commands"
	man_page '' "$tmp/dispatcher.sh"
}

# dispatcher SCRIPTS: the command kallocbench, with its scripts there.
dispatcher() {
	sed "s|^scripts=@scripts@|scripts=$1|" "$scripts/install/kallocbench" >"$tmp/dispatcher.sh"
	chmod +x "$tmp/dispatcher.sh"
}

completion() {
	# shellcheck disable=SC2046 # names of commands
	"$scripts/tools/completion.sh" --installed "$prefix/share/kallocbench/bench-scripts" $(cut -d ' ' -f 1 "$tmp/commands") >"$tmp/completion"
	put 644 "$tmp/completion" "$completions/kallocbench"
}

install_all() {
	commands >"$tmp/commands"
	copy_files
	dispatcher "$prefix/share/kallocbench/bench-scripts"
	put 755 "$tmp/dispatcher.sh" "$bin/kallocbench"
	completion
	# Man pages are made of what its -h says, here.
	dispatcher "$scripts"
	[ -z "$man" ] || man_pages
}

# run
run() {
	local share mandir bin completions
	[ $# = 0 ] || wrong "'$1' belongs to no option"
	case $prefix in
	/*) ;;
	*) die "--prefix: a path from the root, not '$prefix'" ;;
	esac
	share=$destdir$prefix/share/kallocbench mandir=$destdir$prefix/share/man/man1 bin=$destdir$prefix/bin
	completions=$destdir$prefix/share/bash-completion/completions
	if [ -n "$remove" ]; then
		rm -rf -- "$share" "$bin/kallocbench" "$completions/kallocbench" "$mandir"/kallocbench.1.gz "$mandir"/kallocbench-*.1.gz
		return
	fi
	tmp=$(mktemp -d)
	trap 'rm -rf -- "$tmp"' EXIT
	trap 'exit 130' INT TERM HUP
	install_all
}

main() {
	with_options run '--prefix=DIR --destdir=DIR --version=VERSION --no-man --remove' "$@"
}

main "$@"
