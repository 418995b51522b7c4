# SPDX-License-Identifier: GPL-2.0
# escaped.awk - text as SVG and HTML hold it; loaded before css.awk and html.awk.

function escaped(text) {
	gsub(/&/, "\\&amp;", text)
	gsub(/</, "\\&lt;", text)
	gsub(/>/, "\\&gt;", text)
	gsub(/"/, "\\&quot;", text)
	return text
}
