# SPDX-License-Identifier: GPL-2.0
# Writes a result file that holds every invariant of the contract, from a
# short description, so that tests can say what a kernel would have measured:
#
#	awk -f make.awk [-v meta="k=v k=v"] [-v param="k=v"] [-v allocs=LIST] [-v khz=K] [-v unit=insn|tick] <<-END
#	kmalloc 64
#	alloc 117:990 4500-4530:10
#	free 78:1000
#	END
#
# A line with a known operation belongs to the cell above it; any other line
# opens a cell: alloc size [key=value...].

BEGIN {
	split("5000 9000 9900 9990", quantile, " ")
	split("p50 p90 p99 p999", name, " ")
	print "kallocbench 1"
	print "meta lane=" (lane == "" ? "insn" : lane) " accel=" (accel == "" ? "tcg-icount" : accel) (meta == "" ? "" : " " meta)
	print "param allocs=" (allocs == "" ? "kmalloc" : allocs) " sizes=64 timing=" (timing == "" ? "op" : timing) " touch=none" (param == "" ? "" : " " param)
	print "clock name=tsc khz=" (khz == "" ? 1000000 : khz) " overhead=" (overhead == "" ? 4 : overhead) " unit=" (unit == "" ? "insn" : unit)
	cells = 0
}

function op_line(    i, q, b, n, sum, least, most, before, text, hist, p) {
	n = sum = 0
	for (i = 2; i <= NF; i++) {
		if ($i ~ /^calls=/)
			continue
		split($i, b, /[-:]/)
		if ($i !~ /-/) {
			b[3] = b[2]
			b[2] = b[1]
		}
		lo[i] = b[1]; hi[i] = b[2]; count[i] = b[3]
		if (!n)
			least = lo[i]
		n += count[i]
		sum += hi[i] * count[i]
		most = hi[i]
		hist = hist " " lo[i] "-" hi[i] ":" count[i]
	}
	text = "op cell=" cells - 1 " op=" $1 " n=" n " sum=" sprintf("%.0f", sum) " min=" least
	for (q = 1; q <= 4; q++) {
		p = "-"
		before = 0
		for (i = 2; i <= NF && p == "-"; i++) {
			if ($i ~ /^calls=/)
				continue
			before += count[i]
			if (before * 10000 >= n * quantile[q])
				p = hi[i]
		}
		text = text " " name[q] "=" (n * (10000 - quantile[q]) >= 100000 ? p : "-")
	}
	print text " max=" most " under=0" ($2 ~ /^calls=/ ? " " $2 : "")
	print "hist cell=" cells - 1 " op=" $1 hist
}

function cell_line(    i, state, fail, round, pattern) {
	state = "state=ok"
	fail = "fail=0"
	round = "round=0"
	pattern = "pattern=pair"
	for (i = 3; i <= NF; i++)
		if ($i ~ /^state=/)
			state = $i " reason=because"
		else if ($i ~ /^fail=/)
			fail = $i
		else if ($i ~ /^round=/)
			round = $i
		else if ($i ~ /^pattern=/)
			pattern = $i
	print "cell id=" cells++ " alloc=" $1 " size=" $2 " flags=GFP_KERNEL context=process " pattern " cpus=0 " round " " state " " fail
}

/^(alloc|free|touch|retouch|pair) / { op_line(); next }
NF { cell_line() }
END { print "end cells=" cells " state=done" }
