# SPDX-License-Identifier: GPL-2.0
# hgrm.awk - every histogram of COSTS in HdrHistogram's percentile format, for its public plotter:
#
#	awk -f units.awk -f heads.awk -f tables.awk -f hgrm.awk -v folder=DIR [-v match_text=TEXT] COSTS
#
# Prints how many files it wrote: of those whose name, alloc-size-op, contains the text.

# A name that any file system takes.
function file_name(key,    p, s, name, way, i) {
	split(key, p, SUBSEP)
	split(p[2], s, " ")
	split("GFP_KERNEL process pair 0 -", way, " ")
	name = p[3] "-" p[4]
	for (i = 1; i <= 5; i++)
		if (s[i] != way[i])
			name = name "-" s[i]
	name = name "-" p[5]
	gsub(/[^A-Za-z0-9_=.,-]+/, "_", name)
	return name ".hgrm"
}

# Five rows to each halving of what is left, as every other HdrHistogram file has them: the plotter lays files over each
# other row by row. The last row has no fourth column.
function write_file(file, key, top,    i, sum, square, mean, middle, level, seen, at_bin, halvings, x) {
	unpack(key)
	for (i = 1; i <= bins; i++) {
		middle = (bin_lo[i] + bin_hi[i]) / 2
		sum += middle * bin_n[i]
		square += middle * middle * bin_n[i]
	}
	mean = sum / bin_total
	printf "%12s %14s %10s %14s\n\n", "Value", "Percentile", "TotalCount", "1/(1-Percentile)" >file
	at_bin = 1
	seen = bin_n[1]
	for (level = 0; (1 - level) * bin_total >= 1; level += 1 / (5 * 2 ^ halvings)) {
		while (seen < level * bin_total - 1e-9)
			seen += bin_n[++at_bin]
		x = bin_hi[at_bin] < top ? bin_hi[at_bin] : top
		printf "%12.3f %14.12f %10d %14.2f\n", x, level, seen, 1 / (1 - level) >file
		halvings = int(log(1 / (1 - level)) / log(2) + 1e-9) + 1
	}
	printf "%12.3f %14.12f %10d\n", top, 1, bin_total >file
	x = square / bin_total - mean * mean
	printf "#[Mean    = %12.3f, StdDeviation   = %12.3f]\n", mean, sqrt(x > 0 ? x : 0) >file
	printf "#[Max     = %12.3f, Total count    = %12d]\n#[Buckets = %12d, SubBuckets     = %12d]\n", top, bin_total, bins, 128 >file
	close(file)
}

END {
	for (key in buckets) {
		if (index(file_name(key), match_text) == 0 && match_text != "")
			continue
		files++
		if (folder == "")
			continue
		split(key, p, SUBSEP)
		write_file(folder "/" file_name(key), key, value("max", p[1], p[2], p[3], p[4], p[5]) + 0)
	}
	print files + 0
}
