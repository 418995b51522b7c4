# SPDX-License-Identifier: GPL-2.0
# The first file of same.awk and of refuse.awk, before the tables: which results there are.
#
#	awk -f map.awk -f same.awk MAP TABLES
#
# MAP: file side unit
# Leaves side[FILE], unit[FILE] and file[1..files], in the order of MAP, and skips the head of each table.

BEGIN { FS = OFS = "\t" }

FNR == NR {
	side[$1] = $2
	unit[$1] = $3
	file[++files] = $1
	next
}

$2 == "file" { next }
