# SPDX-License-Identifier: GPL-2.0
# Draws the pictures that gnuplot.awk wrote: KAB_DIR holds their files, KAB_OUT takes them, NAMES are the pictures, format
# is svg or png. Every picture is one column of panels.
dir = system("printf %s \"$KAB_DIR\"")
out = system("printf %s \"$KAB_OUT\"")
ink = "#1a1a1a"
dim = "#595959"
grid = "#dcdcdc"
do for [name in names] {
	reset
	set datafile separator "\t"
	load dir . "/" . name . ".gp"
	if (format eq "png") {
		set terminal pngcairo noenhanced size 2*width,2*height font "DejaVu Sans,14" fontscale 1.5 linewidth 2.2 pointscale 1.6 background "#ffffff"
	} else {
		set terminal svg noenhanced size width,height dynamic font "DejaVu Sans,sans-serif,14" linewidth 1.2 background "#ffffff"
	}
	set output out . "/" . name . "." . format
	data = dir . "/" . name . ".dat"
	unset key
	set border 3 linecolor rgb dim
	set tics nomirror out scale 0.5 textcolor rgb dim
	set xtics offset 0,0.4
	set grid xtics ytics linecolor rgb grid linetype 1 linewidth 0.6
	set style fill transparent solid 0.16 noborder
	set multiplot
	do for [p = 1:panels] {
		load sprintf("%s/%s-%d.gp", dir, name, p)
		if (kind eq "lines") {
			plot for [k = 1:series] data index (first + k - 1) using 1:3:4 with filledcurves linecolor rgb colour[k], \
				for [k = 1:series] data index (first + k - 1) using 1:2 with lines linewidth 1.8 dashtype dash[k] linecolor rgb colour[k], \
				for [k = 1:series] data index (first + k - 1) using 1:(stringcolumn(7) eq "full" ? $2 : NaN):8 with labels hypertext point pointsize 0.75 pointtype shape[k] linecolor rgb colour[k], \
				for [k = 1:series] data index (first + k - 1) using 1:(stringcolumn(7) eq "hollow" ? $2 : NaN):8 with labels hypertext point pointsize 0.75 pointtype hollow[k] linecolor rgb colour[k]
		}
		if (kind eq "whiskers") {
			plot for [k = 1:series] data index (first + k - 1) using 1:2 with lines linewidth 1.8 dashtype dash[k] linecolor rgb colour[k], \
				for [k = 1:series] data index (first + k - 1) using 1:3:(0):($4 - $3) with vectors nohead linewidth 2.5 linecolor rgb colour[k], \
				for [k = 1:series] data index (first + k - 1) using 1:(stringcolumn(7) eq "full" ? $2 : NaN):8 with labels hypertext point pointsize 0.75 pointtype shape[k] linecolor rgb colour[k], \
				for [k = 1:series] data index (first + k - 1) using 1:(stringcolumn(7) eq "hollow" ? $2 : NaN):8 with labels hypertext point pointsize 0.75 pointtype hollow[k] linecolor rgb colour[k]
		}
		if (kind eq "steps") {
			plot for [k = 1:series] data index (first + k - 1) using 1:2 with steps linewidth 1.8 dashtype dash[k] linecolor rgb colour[k]
		}
		if (kind eq "bars") {
			set style fill transparent solid 0.35 noborder
			plot for [k = 1:series] data index (first + k - 1) using 1:2:5:6:(bottom):2 with boxxyerror linewidth 0.8 linecolor rgb colour[k], \
				for [k = 1:series] data index (first + k - 1) using 1:2:8 with labels hypertext point pointsize 0.5 pointtype shape[k] linecolor rgb colour[k]
		}
		if (kind eq "heat") {
			set style fill transparent solid 1 noborder
			shade(k, s) = int(255 * (1 - s)) * 16777216 + int(("0x" . colour[k][2:]) + 0)
			plot for [k = 1:series] data index (first + k - 1) using 1:2:5:6:3:4:(shade(k, $7)) with boxxyerror linecolor rgb variable, \
				for [k = 1:series] data index (first + k - 1) using 1:(sqrt($3 * $4)):8 with labels hypertext point pointsize 0.2 pointtype 0 linecolor rgb colour[k]
		}
		if (kind eq "dots") {
			plot for [k = 1:series] data index (first + k - 1) using 1:(stringcolumn(7) eq "full" ? $2 : NaN):8 with labels hypertext point pointsize 0.75 pointtype shape[k] linecolor rgb colour[k], \
				for [k = 1:series] data index (first + k - 1) using 1:(stringcolumn(7) eq "hollow" ? $2 : NaN):8 with labels hypertext point pointsize 0.75 pointtype hollow[k] linecolor rgb colour[k]
		}
		if (kind eq "rows") {
			set style fill transparent solid 0.5 noborder
			plot for [k = 1:series] data index (first + k - 1) using 1:2:5:6:3:4 with boxxyerror linewidth 0.8 linecolor rgb colour[k], \
				for [k = 1:series] data index (first + k - 1) using 1:(($3 + $4) / 2):8 with labels hypertext point pointsize 0.2 pointtype 0 linecolor rgb colour[k]
		}
		unset label
		unset arrow
		unset object
	}
	unset multiplot
	set output
}
