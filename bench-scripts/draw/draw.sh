# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
# From a table of pictures (pictures.awk) to files, for plot.sh and report.sh; both have host.sh.
# shellcheck disable=SC2154 # scripts: see host.sh

# read_verdict FILE: a verdict table as tables for who draws or speaks.
read_verdict() {
	awk -f "$scripts/export/label.awk" -f "$scripts/export/verdict.awk" -f "$scripts/export/groups.awk" \
		-f "$scripts/report/verdict.awk" "$1"
}

# draw_pictures TABLE FOLDER WORK FORMAT: every picture of the table as FOLDER/NAME.FORMAT; their names are in WORK/names.
draw_pictures() {
	local table="$1" folder="$2" work="$3" format="$4" name
	mkdir -p -- "$work" "$folder"
	awk -f "$scripts/draw/units.awk" -f "$scripts/draw/gnuplot.awk" -v dir="$work" "$scripts/draw/palette.tsv" "$table" >"$work/names"
	KAB_DIR=$work KAB_OUT=$work gnuplot -e "format = '$format'; names = '$(tr '\n' ' ' <"$work/names")'" "$scripts/draw/panel.gp" ||
		cannot "gnuplot failed: see the message above"
	while IFS= read -r name; do
		if [ "$format" = svg ]; then
			awk -f "$scripts/draw/escaped.awk" -f "$scripts/draw/css.awk" -v name="$name" "$scripts/draw/palette.tsv" "$work/$name.words" "$work/$name.svg" >"$folder/$name.svg" ||
				cannot "cannot write $folder/$name.svg"
		else
			mv -- "$work/$name.$format" "$folder/$name.$format" || cannot "cannot write $folder/$name.$format"
		fi
	done <"$work/names"
}
