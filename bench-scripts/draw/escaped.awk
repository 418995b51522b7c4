# SPDX-License-Identifier: GPL-2.0
# escaped.awk - text as SVG, HTML and XML hold it; loaded before css.awk, html.awk and junit.awk.

function escaped(text) {
	gsub(/&/, "\\&amp;", text)
	gsub(/</, "\\&lt;", text)
	gsub(/>/, "\\&gt;", text)
	gsub(/"/, "\\&quot;", text)
	return text
}
