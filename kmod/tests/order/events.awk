# SPDX-License-Identifier: GPL-2.0
# The kernel's own trace (clock counter, so that its order is that of the
# events) as what order.t asks about it. Objects and blocks have the number of
# their allocation, from 1: addresses differ from run to run.
#
#	alloc CPU NUMBER SIZE	kmalloc() of one of -v sizes=, from the module
#	free CPU NUMBER
#	sample|warmup|drain CPU	a worker came there
#	cell CPU		the workers start; objects before it were not theirs
#	block NUMBER		16 pages, taken to be cut up
#	page NUMBER POSITION	one of them given back
#	lost			the trace is not whole

function value(key,   i) {
	for (i = 1; i <= NF; i++)
		if (index($i, key "=") == 1)
			return substr($i, length(key) + 2)
}

function note(line) { out[++noted] = line }

# Of what came before the workers, only the pages stay.
function start_over(   i, kept) {
	for (i = 1; i <= noted; i++)
		if (out[i] ~ /^(block|page) /)
			out[++kept] = out[i]
	noted = kept + 0
	allocated = 0
	split("", live)
}

# The last hexadecimal digit is the position in the block, the rest says which.
# A page given back may be taken and freed by anybody, which is not looked at.
function page(pfn,   block) {
	block = substr(pfn, 1, length(pfn) - 1)
	if (!(block in blocks) || (pfn, blocks[block]) in gone)
		return
	gone[pfn, blocks[block]]
	note("page " blocks[block] " " index("123456789abcdef", substr(pfn, length(pfn))))
}

BEGIN {
	n = split(sizes, list, ",")
	for (i = 1; i <= n; i++)
		wanted[list[i]]
}

/^# entries-in-buffer/ {
	split($3, entries, "/")
	if (entries[1] != entries[2])
		note("lost")
}

/^#/ { next }

{
	match($0, /\[[0-9]+\]/)
	cpu = substr($0, RSTART + 1, RLENGTH - 2) + 0
}

/ kmalloc: / && value("bytes_req") in wanted {
	live[value("ptr")] = ++allocated
	note("alloc " cpu " " allocated " " value("bytes_req"))
}

/ kfree: / && value("ptr") in live {
	note("free " cpu " " live[value("ptr")])
	delete live[value("ptr")]
}

/ cell: / { start_over() }

/ (cell|sample|warmup|drain): / {
	match($0, / (cell|sample|warmup|drain): /)
	note(substr($0, RSTART + 1, RLENGTH - 3) " " cpu)
}

/ mm_page_alloc: / && value("order") == 4 {
	pfn = value("pfn")
	blocks[substr(pfn, 1, length(pfn) - 1)] = ++taken
	note("block " taken)
}

/ mm_page_free: / && value("order") == 0 { page(value("pfn")) }

END {
	for (i = 1; i <= noted; i++)
		print out[i]
}
