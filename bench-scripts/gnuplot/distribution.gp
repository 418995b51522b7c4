# SPDX-License-Identifier: GPL-2.0
# Distribution of one size (bytes): left cumulative, right as bars.
width_to_height = 0.72
load system("printf %s \"$KAB_GP\"") . "/common.gp"
cdf = dir . "/cdf-" . bytes . ".dat"
bars = dir . "/bars-" . bytes . ".dat"
set label 1 "How the calls of " . size_name(bytes + 0) . " are spread" at screen 0.012,0.972 font ",20"
set label 2 where at screen 0.012,0.942 textcolor "#444444"
set label 3 "Left: share of the calls that cost at most so much. Right: share of the calls in each bar (12 bars to the doubling), logarithmic to show rare paths." at screen 0.012,0.035 textcolor "#444444"
set label 4 limits at screen 0.012,0.012 textcolor "#444444"
stats cdf using 1 nooutput
set xrange [STATS_min / 1.3 : STATS_max * 1.3]
set logscale x 10
set format x "%.0s%c"
stats bars using 2 nooutput prefix "B"
least = B_min > 0.2 ? 0.1 : B_min / 2
set multiplot
do for [o = 0:1] {
	set tmargin at screen 0.885 - 0.43 * o
	set bmargin at screen 0.555 - 0.43 * o
	set xlabel (o == 1 ? unit . " per call" : "") offset 0,0.3
	set lmargin at screen 0.075
	set rmargin at screen 0.49
	set title (o == 0 ? "allocate" : "free") font ",17" offset 0,-0.6
	unset logscale y
	set yrange [0 : 103]
	set ytics 25
	set format y "%g %%"
	set ylabel "calls at most so costly"
	if (o == 0) { set key at screen 0.985, screen 0.99 top right Left reverse samplen 5 spacing 1.3 horizontal maxrows 2 } else { unset key }
	plot for [k = 1:draws] cdf index (o * draws + k - 1) using 1:2 with steps linewidth 2.5 dashtype dash[style_of(word(allocs, k), k)] linecolor rgb colour[style_of(word(allocs, k), k)] title word(allocs, k)
	unset key
	unset label
	set lmargin at screen 0.575
	set rmargin at screen 0.99
	set logscale y 10
	set yrange [least : 200]
	set ytics auto
	set format y "%g %%"
	set ylabel "calls per bar"
	set style fill transparent solid 0.35 border
	plot for [k = 1:draws] bars index (o * draws + k - 1) using 1:2:3:4:(1e-9):2 with boxxyerror linewidth 1.2 linecolor rgb colour[style_of(word(allocs, k), k)] notitle, \
		for [k = 1:draws] bars index (o * draws + k - 1) using 1:2 with points pointsize 0.8 pointtype point[style_of(word(allocs, k), k)] linecolor rgb colour[style_of(word(allocs, k), k)] notitle
	unset label
}
unset multiplot
