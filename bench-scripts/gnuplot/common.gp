# SPDX-License-Identifier: GPL-2.0
# What all pictures share. Paths come through the environment: KAB_DIR (data),
# KAB_OUT (picture), KAB_GP (this folder); format is svg or png.
dir = system("printf %s \"$KAB_DIR\"")
out = system("printf %s \"$KAB_OUT\"")
load dir . "/about.gp"

if (format eq "png") {
	set terminal pngcairo noenhanced size 1400,width_to_height*1400 font "DejaVu Sans,13" linewidth 1.4 background "#ffffff"
} else {
	set terminal svg noenhanced size 1400,width_to_height*1400 dynamic font "DejaVu Sans,sans-serif,15" linewidth 1.4 background "#ffffff"
}
set output out

# Colours of Okabe and Ito, told apart by the colour-blind; each with a dash and
# a point of its own, so that a grey print tells them apart too.
n_styles = 8
array colour[8] = ["#0072b2", "#d55e00", "#009e73", "#a3357c", "#b07700", "#3a9bd4", "#000000", "#7a7a00"]
array dash[8] = [1, 2, 4, 3, 5, 2, 1, 3]
array point[8] = [7, 9, 5, 13, 11, 15, 3, 1]
array hollow[8] = [6, 8, 4, 12, 10, 14, 3, 1]
# The four everybody asks about look the same in every picture.
style_of(name, k) = name eq "kmalloc" ? 1 : name eq "vmalloc" ? 2 : name eq "kvmalloc" ? 3 : name eq "kzalloc" ? 4 : (k + 3) % n_styles + 1

set border 3 linecolor "#444444"
set tics nomirror out textcolor "#222222"
set grid linecolor "#dddddd" linetype 1 linewidth 0.5
size_name(b) = b >= 1048576 ? sprintf("%g MiB", b / 1048576.) : b >= 1024 ? sprintf("%g KiB", b / 1024.) : sprintf("%g B", b)

# Powers of eight, so that the names never touch; minor tics at the powers of 2.
size_axis = "set logscale x 2; set mxtics 3; set xtics ('8 B' 8, '64 B' 64, '512 B' 512, '4 KiB' 4096, '32 KiB' 32768, '256 KiB' 262144, '2 MiB' 2097152, '16 MiB' 16777216, '128 MiB' 134217728); do for [e = 0:40] { set xtics add ('' 2.0**e 1) }; set xrange [smallest / 1.2 : largest * 1.2]"
