# SPDX-License-Identifier: GPL-2.0
# Makes up a side whose answer is known: DIR/dump, as the plugin writes it, and DIR/tables, as of results.awk.
#
#	awk -v dir=DIR [-v kernel=NAME] -f side.awk <<END
#	cell kmalloc 64 [round=1] [pattern=churn] [flags=...]
#	alloc 972 measure=10 measure;__kmalloc=118
#	END
#
# A line of an op is one path: its samples, and of each stack the instructions a sample, the 6 of the clock read among
# those of the first. A function with a ! is entered by an interrupt. Each is called once a sample, the first not at all.
# A line "ragged OP N MIN MAX STACK" is a path of two lengths, N/2 samples of each.

BEGIN {
	OFS = "\t"
	overhead = 6
	print "kallocbench-explain 1" >(dir "/dump")
	table("meta", "file key value", "result-01.txt kernel " (kernel == "" ? "made-up" : kernel))
	table("clock", "file key value", "result-01.txt overhead " overhead)
	table("cells", "file cell alloc size flags context pattern cpus round state fail variant")
	table("ops", "file cell op cpu n sum min max under calls")
	table("hist", "file cell op cpu lo hi count")
}

# table NAME WORDS...: rows of a table.
function table(name, first, second) {
	gsub(/ /, "\t", first)
	gsub(/ /, "\t", second)
	print name, first >(dir "/tables")
	if (second != "")
		print name, second >(dir "/tables")
}

$1 == "cell" {
	end_cell()
	cells++
	is["flags"] = "GFP_KERNEL"
	is["pattern"] = "pair"
	is["round"] = 0
	is["fail"] = 0
	for (i = 4; i <= NF; i++)
		is[substr($i, 1, index($i, "=") - 1)] = substr($i, index($i, "=") + 1)
	print "cells", "result-01.txt", cells - 1, $2, $3, is["flags"], "process", is["pattern"], 0, is["round"], "ok", is["fail"],
		"-" >(dir "/tables")
	next
}

# node STACK: its number; its callers have theirs already.
function node(stack,    name, caller, at) {
	if (stack in nodes)
		return nodes[stack]
	name = stack
	sub(/.*;/, "", name)
	caller = length(stack) > length(name) ? node(substr(stack, 1, length(stack) - length(name) - 1)) : "-"
	if (!(name in function_of)) {
		function_of[name] = nr_functions + 0
		function_line[nr_functions++] = name
	}
	at = nr_nodes + 0
	node_line[nr_nodes++] = "node id=" at " function=" function_of[name] " parent=" caller
	return nodes[stack] = at
}

function path(op, n, sum, low, high, stacks,    i, part, insns) {
	printf "path cell=%d op=%s set=%x n=%d sum=%d min=%d max=%d\n", cells - 1, op, ++sets, n, sum, low, high >(dir "/dump")
	for (i = 1; i <= stacks; i++) {
		split(stack[i], part, "=")
		printf "count node=%d insns=%d calls=%d\n", node(part[1]), part[2], part[1] ~ /;/ ? n : 0 >(dir "/dump")
	}
	samples += n
}

function measured(op, value, n) {
	if (!(op in n_of)) {
		ops[++nr_ops] = op
		low_of[op] = high_of[op] = value
	}
	low_of[op] = value < low_of[op] ? value : low_of[op]
	high_of[op] = value > high_of[op] ? value : high_of[op]
	n_of[op] += n
	sum_of[op] += n * value
	buckets[op] = buckets[op] " " value "-" value ":" n
}

$1 == "ragged" {
	stack[1] = $6 "=" $3 * ($4 + $5) / 2
	path($2, $3, $3 * ($4 + $5) / 2, $4, $5, 1)
	measured($2, $4 - overhead, $3 / 2)
	measured($2, $5 - overhead, $3 / 2)
	next
}

NF {
	total = 0
	for (i = 3; i <= NF; i++) {
		split($i, part, "=")
		total += part[2]
		stack[i - 2] = part[1] "=" $2 * part[2]
	}
	path($1, $2, $2 * total, total, total, NF - 2)
	measured($1, total - overhead, $2)
}

function end_cell(    i, k, op, n, bucket, part) {
	for (i = 1; i <= nr_ops; i++) {
		op = ops[i]
		print "ops", "result-01.txt", cells - 1, op, "-", n_of[op] - is["fail"], sum_of[op], low_of[op], high_of[op], 0,
			"-" >(dir "/tables")
		n = split(buckets[op], bucket, " ")
		for (k = 1; k <= n; k++) {
			split(bucket[k], part, "[-:]")
			print "hist", "result-01.txt", cells - 1, op, "-", part[1], part[2], part[3] >(dir "/tables")
		}
		delete n_of[op]
		delete sum_of[op]
		delete buckets[op]
	}
	nr_ops = 0
}

END {
	end_cell()
	for (i = 0; i < nr_functions; i++) {
		interrupt = sub(/!/, "", function_line[i])
		printf "function id=%d addr=%x interrupt=%d name=%s\n", i, 4096 * (i + 1), interrupt, function_line[i] >(dir "/dump")
	}
	for (i = 0; i < nr_nodes; i++)
		print node_line[i] >(dir "/dump")
	printf "end cells=%d samples=%d torn=0 lost=0\n", cells, samples >(dir "/dump")
}
