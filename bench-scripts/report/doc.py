# SPDX-License-Identifier: GPL-2.0
"""What a report is made of, before it becomes HTML, Markdown or text."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Table:
    """Rows under a head; left: the columns that hold words.

    A long table folds away in HTML; a ranked one has its first rows in text,
    and a minor one none.
    """
    caption: str
    head: list[str]
    rows: list[list[str]]
    left: set[int] = field(default_factory=lambda: {0})
    notes: list[str] = field(default_factory=list)
    long: bool = False
    ranked: bool = False
    minor: bool = False


@dataclass
class Panel:
    """One drawing; a figure has one or several side by side."""
    svg: str
    alt: str


@dataclass
class Figure:
    """Pictures of one matter, with their data as a table.

    The key says how to read the pictures: not for who cannot see them. Of a
    group, plain text has those only that are not minor.
    """
    name: str
    title: str
    caption: str
    panels: list[Panel]
    table: Table | None = None
    group: str = ""
    label: str = ""
    key: str = ""
    minor: bool = False


@dataclass
class Para:
    """A paragraph; kind is '', 'answer', 'warn' or 'note'."""
    text: str
    kind: str = ""


@dataclass
class Bullets:
    """A list of sentences."""
    items: list[str]


@dataclass
class Code:
    """A command or output, as it stands."""
    text: str


Block = Table | Figure | Para | Bullets | Code


@dataclass
class Section:
    """A heading and what stands under it."""
    name: str
    title: str
    blocks: list[Block] = field(default_factory=list)
