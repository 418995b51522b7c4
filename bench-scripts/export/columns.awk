# SPDX-License-Identifier: GPL-2.0
# The columns of a `row` line of the verdict table (results/README.md), behind
# the word `row`: loaded before who prints the table and before who reads it.

BEGIN {
	columns = split("label op figure base new diff percent tolerance low high p verdict need remark", column, " ")
}
