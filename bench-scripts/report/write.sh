# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
# From the lines of a document to its three texts, for report.sh and series.sh; both have host.sh.
# shellcheck disable=SC2154 # scripts, tmp: see host.sh

# write_as FILE PROGRAM OPTION...: whole or not at all: a full disk must not leave half a report.
write_as() {
	local file="$1" program="$2"
	shift 2
	if [ ! -d "$file" ] && awk -f "$scripts/draw/escaped.awk" -f "$scripts/report/$program.awk" "$@" "$tmp/lines" >"$file.part" && mv -- "$file.part" "$file"; then
		return 0
	fi
	rm -f -- "$file.part"
	cannot "cannot write $file"
}

# write_pages FILE STEM: $tmp/lines, with the pictures of $tmp/svg, as the page FILE, STEM.md and STEM.txt. The page is
# made in two readings.
write_pages() {
	write_as "$1" html -v styles="$scripts/report/style.css" -v script="$scripts/report/script.js" -v svgs="$tmp/svg" "$tmp/lines"
	write_as "$2.md" markdown
	write_as "$2.txt" text
}
