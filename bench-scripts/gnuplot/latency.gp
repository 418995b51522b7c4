# SPDX-License-Identifier: GPL-2.0
# Latency of one call by size: median, and the band from p1 to p99.
width_to_height = 0.54
load system("printf %s \"$KAB_GP\"") . "/common.gp"
data = dir . "/latency.dat"
eval size_axis
set logscale y 10
set format y "%.0s%c"
set xlabel "size asked for"
set style fill transparent solid 0.16 noborder
set label 1 "Cost of one call by size" at screen 0.012,0.965 font ",20"
set label 2 where at screen 0.012,0.925 textcolor "#444444"
set label 3 "Line: median. Band: p1 to p99 (where at least 1,000 samples). Hollow: below 3 times the clock's own cost." . (left_out > 0 ? sprintf(" %d more allocators are not drawn.", left_out) : "") at screen 0.012,0.043 textcolor "#444444"
set label 4 limits at screen 0.012,0.015 textcolor "#444444"
set multiplot
set yrange [y_min / 1.4 : y_max * 1.6]
set tmargin at screen 0.845
set bmargin at screen 0.15
do for [o = 0:1] {
	set lmargin at screen 0.075 + 0.482 * o
	set rmargin at screen 0.505 + 0.482 * o
	set title (o == 0 ? "allocate" : "free") font ",17" offset 0,-0.7
	if (o == 0) { set ylabel unit . " per call"; set key top left Left reverse samplen 5 spacing 1.3 width 1 opaque box linecolor "#ffffff" } else { unset ylabel; unset key }
	plot for [k = 1:draws] data index (o * draws + k - 1) using 1:3:4 with filledcurves linecolor rgb colour[style_of(word(allocs, k), k)] notitle, \
		for [k = 1:draws] data index (o * draws + k - 1) using 1:2 with lines linewidth 2 dashtype dash[style_of(word(allocs, k), k)] linecolor rgb colour[style_of(word(allocs, k), k)] notitle, \
		for [k = 1:draws] data index (o * draws + k - 1) using 1:($5 == 0 ? $2 : NaN) with points pointsize 1 pointtype point[style_of(word(allocs, k), k)] linecolor rgb colour[style_of(word(allocs, k), k)] notitle, \
		for [k = 1:draws] data index (o * draws + k - 1) using 1:($5 == 1 ? $2 : NaN) with points pointsize 1 pointtype hollow[style_of(word(allocs, k), k)] linecolor rgb colour[style_of(word(allocs, k), k)] notitle, \
		for [k = 1:draws] NaN with linespoints linewidth 2 dashtype dash[style_of(word(allocs, k), k)] pointtype point[style_of(word(allocs, k), k)] linecolor rgb colour[style_of(word(allocs, k), k)] title word(allocs, k)
	unset label
}
unset multiplot
