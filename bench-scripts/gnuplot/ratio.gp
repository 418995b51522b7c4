# SPDX-License-Identifier: GPL-2.0
# Cost of vmalloc as a multiple of kmalloc's, by size, crossovers marked.
width_to_height = 0.5
load system("printf %s \"$KAB_GP\"") . "/common.gp"
data = dir . "/ratio.dat"
eval size_axis
set logscale y 2
set format y "%g"
set ytics ("1/16" 0.0625, "1/8" 0.125, "1/4" 0.25, "1/2" 0.5, "1" 1, "2" 2, "4" 4, "8" 8, "16" 16, "32" 32, "64" 64, "128" 128, "256" 256)
set xlabel "size asked for"
set ylabel "vmalloc + vfree, as a multiple of kmalloc + kfree"
stats data using 2 nooutput
top = STATS_max > 1.5 ? STATS_max * 1.6 : 2
bottom = STATS_min < 0.75 ? STATS_min / 1.6 : 0.5
set yrange [bottom : top]
set label 1 "vmalloc against kmalloc" at screen 0.012,0.96 font ",20"
set label 2 where at screen 0.012,0.915 textcolor "#444444"
set label 3 verdict at screen 0.012,0.045 textcolor "#222222"
set label 4 "Medians of alloc plus free. " . limits at screen 0.012,0.015 textcolor "#444444"
set object 1 rectangle from graph 0, first 1 to graph 1, first bottom fillcolor rgb "#d55e00" fillstyle transparent solid 0.09 noborder behind
set label 5 "vmalloc is cheaper" at graph 0.99, first sqrt(bottom) right textcolor "#9a4400"
set label 6 "kmalloc is cheaper" at graph 0.99, first 1.12 right textcolor "#00507d"
set arrow 1 from graph 0, first 1 to graph 1, first 1 nohead linewidth 1.5 linecolor rgb "#444444"
do for [i = 1:words(crossings)] {
	x = real(word(crossings, i))
	set arrow 10 + i from first x, graph 0 to first x, graph 1 nohead dashtype 3 linewidth 1.5 linecolor rgb "#222222"
	name = x >= 1048576 ? sprintf("%.1f MiB", x / 1048576) : x >= 1024 ? sprintf("%.1f KiB", x / 1024) : sprintf("%.0f B", x)
	set label 10 + i ' ' . name at first x, graph 0.05 + 0.06 * (i % 2) left
}
set tmargin at screen 0.87
set bmargin at screen 0.17
set lmargin at screen 0.07
set rmargin at screen 0.985
set key at screen 0.985, screen 0.965 top right Left reverse samplen 5 spacing 1.3 horizontal maxrows 1
alone = "data index 0 using 1:2 with linespoints linewidth 2.5 pointtype 7 pointsize 1.1 linecolor rgb '#222222' title 'call alone'"
touched = ", data index 1 using 1:2 with linespoints linewidth 2 dashtype 2 pointtype 8 pointsize 1.1 linecolor rgb '#009e73' title 'with the first write to every page'"
eval "plot " . alone . (ratios_touch > 0 ? touched : "")
