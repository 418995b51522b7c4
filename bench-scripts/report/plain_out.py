# SPDX-License-Identifier: GPL-2.0
"""The report as Markdown, and as plain text for a mailing list."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import replace

from doc import Block, Bullets, Code, Figure, Para, Section, Table

WIDTH = 72
LONGEST = 40
NARROWEST = 10
LONGEST_WORD = 24
TOP = 20


def cell_md(text: str) -> str:
    """A cell that does not end the cell."""
    return text.replace("\\", "\\\\").replace("|", "\\|").replace("\n", " ")


def table_md(table: Table) -> str:
    """A pipe table; a long one folds away."""
    rule = [":--" if i in table.left else "--:"
            for i in range(len(table.head))]
    rows = [table.head, rule, *table.rows]
    lines = ["| " + " | ".join(cell_md(c) for c in row) + " |"
             for row in rows]
    text = "\n".join(lines)
    notes = "".join(f"\n\n{note}" for note in table.notes)
    if len(table.rows) > LONGEST // 2:
        return (f"<details><summary>{table.caption} ({len(table.rows)} rows)"
                f"</summary>\n\n{text}{notes}\n\n</details>")
    return f"{table.caption}:\n\n{text}{notes}"


def captions_once(blocks: Sequence[Block]) -> list[Block]:
    """Figures of a group that are called alike say so once."""
    out: list[Block] = []
    before = ""
    for block in blocks:
        if isinstance(block, Figure) and block.group:
            caption = block.caption
            if caption == before:
                block = replace(block, caption="")
            before = caption
        out.append(block)
    return out


def too_long(block: Block) -> bool:
    """More than a mail should carry."""
    if isinstance(block, Figure):
        return block.minor or block.table is None or too_long(block.table)
    return isinstance(block, Table) and (
        block.minor or not block.ranked and len(block.rows) > LONGEST)


def left_out(section: Section) -> str:
    """What of a section the text has no room for."""
    names = []
    for block in section.blocks:
        if isinstance(block, Figure) and too_long(block):
            names.append(block.label or rows_of(block.table))
        elif isinstance(block, Table) and too_long(block):
            names.append(rows_of(block))
    return f"{section.title} ({', '.join(names)})" if names else ""


def rows_of(table: Table | None) -> str:
    """How long a table is."""
    return f"{len(table.rows):,} rows" if table else "a picture"


def block_md(block: Block, above: str) -> str:
    """One block of Markdown."""
    if isinstance(block, Table):
        return table_md(block)
    if isinstance(block, Figure):
        parts = [f"### {block.title}"] * (not above.startswith(block.title))
        parts += [block.caption] * bool(block.caption)
        return "\n\n".join(parts + ([table_md(block.table)]
                                    if block.table else []))
    if isinstance(block, Bullets):
        return "\n".join(f"- {item}" for item in block.items)
    if isinstance(block, Code):
        return f"```\n{block.text}\n```"
    if block.kind == "answer":
        return f"**{block.text}**"
    return f"> {block.text}" if block.kind == "warn" else block.text


def markdown(title: str, subtitle: str, sections: Sequence[Section]) -> str:
    """The whole report as Markdown."""
    parts = [f"# {title}", subtitle]
    for section in sections:
        parts.append(f"## {section.title}")
        parts += [block_md(b, section.title)
                  for b in captions_once(section.blocks)]
    return "\n\n".join(parts) + "\n"


def fold(text: str, indent: str = "") -> str:
    """A paragraph within the width."""
    return textwrap.fill(text, WIDTH, initial_indent=indent,
                         subsequent_indent=" " * len(indent),
                         break_on_hyphens=False)


def widths_of(table: Table) -> list[int]:
    """Widths that fit; columns of words give way first, between words."""
    rows = [table.head, *table.rows]
    wide = [max(len(row[i]) for row in rows) for i in range(len(table.head))]
    words = [max((len(word) for row in rows
                  for word in row[i].replace("-", "- ").split()), default=0)
             for i in range(len(table.head))]
    least = [max(NARROWEST, min(word, LONGEST_WORD)) for word in words]
    gaps = 2 * (len(wide) - 1)
    while sum(wide) + gaps > WIDTH:
        soft = [i for i in table.left if wide[i] > least[i]]
        if not soft:
            break
        wide[max(soft, key=lambda i: wide[i])] -= 1
    return wide


def row_lines(row: Sequence[str], wide: Sequence[int],
              left: set[int]) -> list[str]:
    """One row, over several lines where words are folded."""
    folded = [textwrap.wrap(cell, w) or [""] for cell, w in zip(row, wide)]
    lines = []
    for k in range(max(len(f) for f in folded)):
        cells = [f[k] if k < len(f) else "" for f in folded]
        lines.append("  ".join(c.ljust(w) if i in left else c.rjust(w)
                               for i, (c, w) in enumerate(zip(cells, wide))))
    return [line.rstrip() for line in lines]


def split_columns(table: Table) -> list[Table]:
    """Two tables where one is too wide even when its words are folded."""
    wide = widths_of(table)
    if sum(wide) + 2 * (len(wide) - 1) <= WIDTH or len(wide) < 4:
        return [table]
    lead = [i for i in range(len(wide)) if i in table.left][:3] or [0]
    rest = [i for i in range(len(wide)) if i not in lead]
    half = (len(rest) + 1) // 2
    parts = []
    for columns in (rest[:half], rest[half:]):
        order = lead + columns
        parts.append(Table(
            table.caption, [table.head[i] for i in order],
            [[row[i] for i in order] for row in table.rows],
            {k for k, i in enumerate(order) if i in table.left}))
    return parts


def table_text(table: Table) -> str:
    """A table in columns."""
    if len(table.rows) > LONGEST:
        left = len(table.rows) - TOP
        table = replace(table, rows=table.rows[:TOP], notes=table.notes + [
            f"{left} more rows are in the HTML and Markdown reports."])
    out = []
    for part in split_columns(table):
        wide = widths_of(part)
        out.append(fold(part.caption + ":"))
        out += row_lines(part.head, wide, part.left)
        for row in part.rows:
            out += row_lines(row, wide, part.left)
        out.append("")
    out += [fold(note) for note in table.notes]
    return "\n".join(out).rstrip()


def block_text(block: Block, above: str) -> str:
    """One block of plain text."""
    if isinstance(block, Table):
        return table_text(block)
    if isinstance(block, Figure):
        parts = [fold(block.title)] * (not above.startswith(block.title))
        parts += [fold(block.caption)] * bool(block.caption)
        return "\n\n".join(parts + ([table_text(block.table)]
                                    if block.table else []))
    if isinstance(block, Bullets):
        return "\n".join(fold(item, "- ") for item in block.items)
    if isinstance(block, Code):
        return "\n".join(code_line(line) for line in block.text.split("\n"))
    return fold(block.text, "NOTE: " if isinstance(block, Para)
                and block.kind == "warn" else "")


def code_line(line: str) -> str:
    """A command that a shell still takes when it is too long for a line.

    A backslash at the end of a line joins the next one everywhere but in
    single quotes, so these give way where that changes nothing.
    """
    if len(line) <= WIDTH:
        return line
    if not set(line) & set('"$`\\!'):
        line = line.replace("'", '"')
    pieces = []
    while len(line) > WIDTH:
        at = line.rfind(" ", WIDTH // 2, WIDTH - 1) + 1 or WIDTH - 1
        pieces.append(line[:at] + "\\")
        line = line[at:]
    return "\n".join(pieces + [line])


def text(title: str, subtitle: str, sections: Sequence[Section]) -> str:
    """The whole report as plain text of at most 72 columns."""
    parts = [fold(title), fold(subtitle)]
    for section in sections:
        blocks = [b for b in section.blocks if not too_long(b)]
        if not blocks:
            continue
        heading = fold(section.title)
        parts.append(heading + "\n" + "-" * min(len(heading), WIDTH))
        parts += [block_text(b, section.title)
                  for b in captions_once(blocks)]
    rest = [text for text in map(left_out, sections) if text]
    if rest:
        parts.append(fold("In the HTML and Markdown reports besides: "
                          + "; ".join(rest) + "."))
    return "\n\n".join(parts) + "\n"
