# SPDX-License-Identifier: GPL-2.0
# tolerance.awk - what a suite says of single cells, lines `tolerance BOUND QUESTION`: a rise up to BOUND, instructions or a
# share as 5%, passes where the question holds (filter.awk; it may ask for what is known of a cell before it is judged).
# The last line that holds for a figure takes the place of --threshold and --delta. Read here, for every gate.
#
#	awk -f label.awk -f filter.awk -f tolerance.awk -v lane=insn|time -v tolerances=FILE [-f GATE...]
#
# FILE has the lines without their first word; where one is wrong: one sentence, and 2.

BEGIN {
	while (tolerances != "" && (getline line_of_suite <tolerances) > 0)
		read_tolerance(line_of_suite)
}

function read_tolerance(line,    bound, question) {
	bound = question = line
	sub(/[ \t].*/, "", bound)
	sub(/^[^ \t]*[ \t]*/, "", question)
	if (bound !~ /^([0-9]+\.?[0-9]*|\.[0-9]+)%?$/)
		refuse_tolerance(line, "'" bound "' is neither a number of instructions nor a share such as 5%")
	if (lane == "time" && bound !~ /%$/)
		refuse_tolerance(line, "the time lane has shares only: 5%, not " bound)
	if (!filter_read("tolerance" ++tolerance_lines, question, filter_names))
		refuse_tolerance(line, filter_error)
	tolerance_bound[tolerance_lines] = bound
}

function refuse_tolerance(line, why) {
	print "tolerance " line ": " why > "/dev/stderr"
	exit 2
}

# tolerance_for(LABEL, OP, FIGURE, OTHERWISE): what may pass there.
function tolerance_for(label, op, figure, otherwise,    i) {
	if (tolerance_lines)
		filter_label(label, op, figure)
	for (i = tolerance_lines; i >= 1; i--)
		if (filter_holds("tolerance" i))
			return tolerance_bound[i]
	return otherwise
}
