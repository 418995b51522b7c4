# SPDX-License-Identifier: GPL-2.0
"""The report as one HTML file that needs nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path

from doc import Block, Bullets, Code, Figure, Para, Section, Table

VERDICTS = {"REGRESSION", "IMPROVEMENT", "true", "false"}


def table_html(table: Table) -> str:
    """A table that sorts when its heads are clicked."""
    left = table.left
    head = "".join(f'<th scope="col"{word_class(i in left)}>{escape(h)}</th>'
                   for i, h in enumerate(table.head))
    rows = "".join(row_html(row, left) for row in table.rows)
    notes = "".join(f'<p class="note">{escape(n)}</p>' for n in table.notes)
    return (f'<div class="scroll"><table class="sort"><caption>'
            f'{escape(table.caption)}</caption><thead><tr>{head}</tr></thead>'
            f'<tbody>{rows}</tbody></table></div>{notes}')


def word_class(is_word: bool) -> str:
    """Words stand left, numbers right."""
    return ' class="w"' if is_word else ""


def row_html(row: Sequence[str], left: set[int]) -> str:
    """One row; a verdict gives the row its colour."""
    verdict = next((c for c in row if c in VERDICTS), "")
    cells = []
    for i, cell in enumerate(row):
        words = [w for w, there in (("w", i in left),
                                    ("verdict", bool(verdict)
                                     and cell == verdict)) if there]
        css = f' class="{" ".join(words)}"' if words else ""
        cells.append(f"<td{css}>{escape(cell)}</td>")
    css = f' class="v-{verdict}"' if verdict else ""
    return f"<tr{css}>{''.join(cells)}</tr>"


def figure_html(figure: Figure, above: str) -> str:
    """Panels side by side, their data folded below."""
    title = ("" if above.startswith(figure.title)
             else f"<h3>{escape(figure.title)}</h3>")
    caption = f"{figure.caption} {figure.key}".strip()
    panels = "".join(f'<div class="panel">{p.svg}</div>'
                     for p in figure.panels)
    data = ""
    if figure.table:
        data = (f"<details><summary>the numbers ({len(figure.table.rows)} "
                f"rows)</summary>{table_html(figure.table)}</details>")
    return (f'<figure id="{escape(figure.name)}" '
            f'data-label="{escape(figure.label)}">'
            f"{title}"
            f"<figcaption>{escape(caption)}</figcaption>"
            f'<div class="panels">{panels}</div>{data}</figure>')


def block_html(block: Block, above: str = "") -> str:
    """Any block but a group of figures."""
    if isinstance(block, Table):
        if not block.long:
            return table_html(block)
        return (f"<details><summary>{escape(block.caption)} "
                f"({len(block.rows)} rows)</summary>{table_html(block)}"
                "</details>")
    if isinstance(block, Figure):
        return figure_html(block, above)
    if isinstance(block, Bullets):
        return "<ul>" + "".join(f"<li>{escape(i)}</li>"
                                for i in block.items) + "</ul>"
    if isinstance(block, Code):
        return f"<pre>{escape(block.text)}</pre>"
    return para_html(block)


def para_html(para: Para) -> str:
    """A paragraph, dressed by its kind."""
    if para.kind == "answer":
        return f'<div class="answer"><p>{escape(para.text)}</p></div>'
    css = f' class="{para.kind}"' if para.kind else ""
    return f"<p{css}>{escape(para.text)}</p>"


def section_html(section: Section) -> str:
    """Figures of one group that follow each other share a switch."""
    out = [f'<section id="{escape(section.name)}">'
           f"<h2>{escape(section.title)}</h2>"]
    group = ""
    for block in section.blocks:
        its = block.group if isinstance(block, Figure) else ""
        if its != group:
            out.append("</div>" if group else "")
            out.append('<div class="group">' if its else "")
            group = its
        out.append(block_html(block, section.title))
    out.append("</div>" if group else "")
    return "".join(out) + "</section>"


def page(title: str, subtitle: str, sections: Sequence[Section],
         here: Path) -> str:
    """The whole file."""
    links = "".join(f'<a href="#{escape(s.name)}">{escape(s.title)}</a>'
                    for s in sections[1:])
    body = "\n".join(section_html(s) for s in sections)
    style = (here / "style.css").read_text(encoding="utf-8")
    figure_style = (here / "figure.css").read_text(encoding="utf-8")
    script = (here / "script.js").read_text(encoding="utf-8")
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<title>{escape(title)}</title>
<style>
{style}</style>
<style id="figure-style">
{figure_style}</style>
</head>
<body>
<header>
<h1>{escape(title)}</h1>
<p class="sub">{escape(subtitle)}</p>
</header>
<main>
{body.replace("</section>", f"<nav>{links}</nav></section>", 1)}
</main>
<footer><p>Written by kallocbench. Every number comes from the result files
named above. Hover or tap a point for its value; click the head of a table to
sort it; without JavaScript everything is shown at once.</p></footer>
<script>
{script}</script>
</body>
</html>
"""
