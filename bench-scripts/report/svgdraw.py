# SPDX-License-Identifier: GPL-2.0
"""A panel with two axes, as SVG.

The report draws its own SVG, not gnuplot: the colours must follow the reader's
light or dark mode through CSS, and every point must carry the text that shows
when a mouse or a finger is on it. Colours, dashes and fonts are in figure.css;
a series is a class s1 to s8, the same for an allocator in every picture.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from xml.sax.saxutils import escape, quoteattr

from units import compact, size_text

WIDTH, HEIGHT = 520.0, 372.0
LEFT, RIGHT, BOTTOM = 66.0, 12.0, 56.0
WELL_KNOWN = {"kmalloc": 1, "vmalloc": 2, "kvmalloc": 3, "kzalloc": 4}
SERIES = 8
CHARACTER = 8.6

XY = tuple[float, float]


def styles(names: Sequence[str]) -> dict[str, int]:
    """A style for each name; the four everybody asks for keep theirs."""
    free = [n for n in range(1, SERIES + 1)
            if n not in {WELL_KNOWN.get(name) for name in names}]
    taken = {name: WELL_KNOWN[name] for name in names if name in WELL_KNOWN}
    others = [name for name in names if name not in WELL_KNOWN]
    for i, name in enumerate(others):
        taken[name] = free[i % len(free)] if free else i % SERIES + 1
    return taken


@dataclass
class Scale:
    """Data to a stretch of the panel, logarithmic or linear."""
    low: float
    high: float
    log: bool
    ticks: list[tuple[float, str]]
    start: float = 0.0
    end: float = 1.0

    def at(self, value: float) -> float:
        """Where a value lies, kept inside."""
        low, high = self.low, self.high
        value = min(max(value, low), high)
        if self.log:
            share = math.log(value / low) / math.log(high / low)
        else:
            share = (value - low) / (high - low)
        return self.start + share * (self.end - self.start)


def log_scale(values: Sequence[float], roomy: float = 1.25) -> Scale:
    """Decades, or 1-2-5 where there are few of them."""
    known = [v for v in values if v > 0]
    low, high = (min(known), max(known)) if known else (1.0, 10.0)
    low, high = low / roomy, high * roomy
    if high / low < 4:
        middle = math.sqrt(high * low)
        low, high = middle / 2, middle * 2
    steps: Sequence[float] = (1,) if high / low > 2000 else (1, 2, 5)
    ticks = [(s * 10.0 ** e, compact(s * 10.0 ** e))
             for e in range(math.floor(math.log10(low)),
                            math.ceil(math.log10(high)) + 1) for s in steps]
    return Scale(low, high, True, [t for t in ticks if low <= t[0] <= high])


def power_scale(low: float, high: float, base: float = 2) -> Scale:
    """Ticks at powers of a base, for ratios."""
    first = math.floor(math.log(low, base))
    last = math.ceil(math.log(high, base))
    ticks = [(base ** e, f"{base ** e:g}" if e >= 0 else f"1/{base ** -e:g}")
             for e in range(first, last + 1)]
    return Scale(low, high, True, [t for t in ticks if low <= t[0] <= high])


def size_scale(sizes: Sequence[int]) -> Scale:
    """Bytes, named at powers of eight so that the names do not touch."""
    low, high = min(sizes), max(sizes)
    if low == high:
        low, high = low // 2 or 1, high * 2
    ticks = [(float(8 ** e), size_text(8 ** e)) for e in range(1, 14)]
    ticks = [t for t in ticks if low <= t[0] <= high]
    if len(ticks) < 2:
        ticks = [(float(s), size_text(s)) for s in sizes[:5]]
    return Scale(low / 1.2, high * 1.2, True, ticks)


def linear_scale(low: float, high: float, suffix: str = "") -> Scale:
    """Five round steps or fewer."""
    span = (high - low) or 1.0
    raw = span / 5
    step = 10 ** math.floor(math.log10(raw))
    step *= next(f for f in (1, 2, 5, 10) if f * step >= raw)
    first = math.ceil(low / step)
    ticks = [(i * step, compact_signed(i * step) + suffix)
             for i in range(first, math.floor(high / step + 1e-9) + 1)]
    return Scale(low, low + span, False, ticks)


def compact_signed(value: float) -> str:
    """compact() for values on both sides of 0."""
    return ("-" if value < 0 else "") + compact(abs(value))


def mark(kind: int, x: float, y: float, hollow: bool, tip: str) -> str:
    """A point in the shape of its series, with a larger spot to hit."""
    shape = {
        1: f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.6"/>',
        2: f'<path d="M{x:.1f} {y - 4.6:.1f}l4.6 8h-9.2z"/>',
        3: f'<path d="M{x - 3.5:.1f} {y - 3.5:.1f}h7v7h-7z"/>',
        4: f'<path d="M{x:.1f} {y - 4.8:.1f}l4.8 4.8l-4.8 4.8l-4.8-4.8z"/>',
        5: f'<path d="M{x:.1f} {y + 4.6:.1f}l4.6-8h-9.2z"/>',
        6: f'<path d="M{x - 4:.1f} {y - 4:.1f}l8 8m0-8l-8 8" class="x"/>',
        7: f'<path d="M{x - 4.5:.1f} {y:.1f}h9m-4.5-4.5v9" class="x"/>',
        8: f'<path d="M{x - 4.5:.1f} {y - 2:.1f}h9v4h-9z"/>',
    }[kind]
    dress = "h" if hollow else "m"
    hit = f'<circle cx="{x:.1f}" cy="{y:.1f}" r="9" class="hit"/>'
    return (f'<g class="s{kind} {dress} pt">{shape}{hit}'
            f'<title>{escape(tip)}</title></g>')


@dataclass
class Plot:
    """Collects elements; svg() puts the frame around them."""
    title: str
    x: Scale
    y: Scale
    x_label: str
    y_label: str
    legend: list[tuple[str, int]] = field(default_factory=list)
    height: float = HEIGHT
    parts: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.rows = self.legend_rows()
        self.top = 34.0 + 22.0 * len(self.rows)
        self.x.start, self.x.end = LEFT, WIDTH - RIGHT
        self.y.start, self.y.end = self.height - BOTTOM, self.top

    def legend_rows(self) -> list[list[tuple[str, int, float]]]:
        """Entries of the legend with their places, wrapped."""
        rows: list[list[tuple[str, int, float]]] = []
        at = WIDTH
        for name, style in self.legend:
            wide = 44 + CHARACTER * len(name)
            if at + wide > WIDTH - RIGHT:
                rows.append([])
                at = LEFT
            rows[-1].append((name, style, at))
            at += wide
        return rows

    def add(self, part: str) -> None:
        """An element, on top of what is there."""
        self.parts.append(part)

    def path(self, points: Sequence[XY], style: int) -> None:
        """A line through points that follow each other without a gap."""
        steps = " ".join(f"{self.x.at(x):.1f},{self.y.at(y):.1f}"
                         for x, y in points)
        if len(points) > 1:
            self.add(f'<polyline class="s{style} l" points="{steps}"/>')

    def band(self, points: Sequence[tuple[float, float, float]],
             style: int) -> None:
        """The area between two lines."""
        there = [f"{self.x.at(x):.1f},{self.y.at(low):.1f}"
                 for x, low, _ in points]
        back = [f"{self.x.at(x):.1f},{self.y.at(high):.1f}"
                for x, _, high in reversed(points)]
        if len(points) > 1:
            self.add(f'<polygon class="s{style} b" '
                     f'points="{" ".join(there + back)}"/>')

    def point(self, x: float, y: float, style: int, tip: str,
              hollow: bool = False) -> None:
        """One measured value."""
        self.add(mark(style, self.x.at(x), self.y.at(y), hollow, tip))

    def box(self, x0: float, x1: float, y0: float, y1: float, css: str,
            tip: str = "", more: str = "") -> None:
        """A rectangle in data coordinates."""
        left, right = sorted((self.x.at(x0), self.x.at(x1)))
        upper, lower = sorted((self.y.at(y0), self.y.at(y1)))
        title = f"<title>{escape(tip)}</title>" if tip else ""
        self.add(f'<rect class="{css}" x="{left:.1f}" y="{upper:.1f}" '
                 f'width="{max(right - left, 0.6):.1f}" '
                 f'height="{max(lower - upper, 0.6):.1f}"{more}>{title}'
                 '</rect>')

    def rule(self, x: float | None = None, y: float | None = None,
             css: str = "rule") -> None:
        """A line across the panel."""
        if x is not None:
            at = self.x.at(x)
            where = (f'x1="{at:.1f}" x2="{at:.1f}" y1="{self.y.start:.1f}" '
                     f'y2="{self.y.end:.1f}"')
        else:
            at = self.y.at(y or 0)
            where = (f'x1="{self.x.start:.1f}" x2="{self.x.end:.1f}" '
                     f'y1="{at:.1f}" y2="{at:.1f}"')
        self.add(f'<line class="{css}" {where}/>')

    def words(self, x: float, y: float, text: str, css: str = "note",
              dx: float = 0, dy: float = 0) -> None:
        """Text at a place of the data."""
        self.add(f'<text class="{css}" x="{self.x.at(x) + dx:.1f}" '
                 f'y="{self.y.at(y) + dy:.1f}">{escape(text)}</text>')

    def frame(self) -> list[str]:
        """Grid, ticks, names of the axes, legend."""
        out = []
        for value, name in self.x.ticks:
            at = self.x.at(value)
            inside = min(at, WIDTH - 2 - CHARACTER * len(name) / 2)
            out.append(f'<path class="grid" d="M{at:.1f} {self.y.start:.1f}'
                       f'V{self.y.end:.1f}"/><text class="tick mid" '
                       f'x="{inside:.1f}" y="{self.y.start + 22:.1f}">'
                       f'{escape(name)}</text>')
        for value, name in self.y.ticks:
            at = self.y.at(value)
            out.append(f'<path class="grid" d="M{self.x.start:.1f} {at:.1f}'
                       f'H{self.x.end:.1f}"/><text class="tick end" '
                       f'x="{self.x.start - 6:.1f}" y="{at + 5:.1f}">'
                       f'{escape(name)}</text>')
        out.append(f'<text class="head" x="4" y="18">{escape(self.title)}'
                   f'<tspan class="axis" dx="8">{escape(self.y_label)}'
                   '</tspan></text>')
        out.append(f'<text class="axis end" x="{WIDTH - RIGHT}" '
                   f'y="{self.height - 10:.1f}">{escape(self.x_label)}</text>')
        return out + self.legend_parts()

    def legend_parts(self) -> list[str]:
        """Line, shape and name of each series."""
        out = []
        for row, entries in enumerate(self.rows):
            y = 40.0 + 22 * row
            for name, style, at in entries:
                out.append(f'<path class="s{style} l" '
                           f'd="M{at:.1f} {y:.1f}h30"/>')
                out.append(mark(style, at + 15, y, False, name))
                out.append(f'<text class="key" x="{at + 35:.1f}" '
                           f'y="{y + 5.5:.1f}">{escape(name)}</text>')
        return out

    def svg(self, alt: str) -> str:
        """The whole drawing."""
        inner = "".join(self.frame() + self.parts)
        return (f'<svg class="fig" viewBox="0 0 {WIDTH:g} {self.height:g}" '
                f'xmlns="http://www.w3.org/2000/svg" role="img" '
                f'aria-label={quoteattr(alt)}>{inner}</svg>')
