# SPDX-License-Identifier: GPL-2.0
"""Folded stacks, and the flame graph drawn from them."""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html import escape

from cells import Op

WIDTH, ROW, TOP, FOOT, EDGE = 1200, 18, 52, 12, 10
# Narrower boxes cannot be seen and narrower texts cannot be read.
MIN_BOX, MIN_TEXT, CHAR = 0.4, 28, 6.7
Colour = Callable[[str], str]
# How the functions of an interrupt are called, on one machine or the other.
INTERRUPTS = ("asm_", "irq_", "sysvec_", "common_interrupt", "vectors", "el1")


@dataclass
class Box:
    """One function under one chain of callers."""

    own: int = 0
    below: dict[str, "Box"] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """Its own instructions and all below."""
        return self.own + sum(box.total for box in self.below.values())

    def depth(self, least: float) -> int:
        """Rows of its boxes that are wide enough to be drawn."""
        return 1 + max((box.depth(least) for box in self.below.values()
                        if box.total >= least), default=0)


def folded(op: Op) -> Counter[str]:
    """Instructions by chain of functions, over all samples."""
    stacks: Counter[str] = Counter()
    for path in op.paths:
        for number, count in path.nodes.items():
            chain = op.dump.chain(number)
            own = count.insns
            if len(chain) == 1:
                own -= op.overhead * path.n
            if own:
                stacks[";".join(op.dump.nodes[i].function
                                for i in chain)] += own
    return stacks


def tree(stacks: Counter[str]) -> Box:
    """The folded stacks as boxes under a root without a name."""
    root = Box()
    for stack, own in stacks.items():
        box = root
        for name in stack.split(";"):
            box = box.below.setdefault(name, Box())
        box.own += own
    return root


def warm(name: str) -> str:
    """A colour that stays with the name; interrupts are blue."""
    spread = zlib.crc32(name.encode())
    if name.startswith(INTERRUPTS):
        return f"hsl({205 + spread % 20},55%,68%)"
    return f"hsl({18 + spread % 36},{72 + spread // 64 % 20}%,62%)"


def box_svg(name: str, box: Box, x: float, y: float, unit: float,
            samples: int, colour: Colour) -> Iterator[str]:
    """A box, its text and its tooltip."""
    width = box.total * unit
    tip = (f"{name}: {box.total / samples:,.2f} instructions a sample, "
           f"{box.own / samples:,.2f} of its own")
    yield (f'<g><title>{escape(tip)}</title><rect x="{x:.1f}" y="{y}" '
           f'width="{max(width - 0.4, 0.2):.1f}" height="{ROW - 1}" '
           f'fill="{colour(name)}"/>')
    if width >= MIN_TEXT:
        room = int((width - 6) / CHAR)
        text = name if len(name) <= room else name[:max(room - 1, 1)] + "…"
        yield f'<text x="{x + 3:.1f}" y="{y + 13}">{escape(text)}</text>'
    yield "</g>"


def boxes(level: dict[str, Box], x: float, y: float, unit: float,
          samples: int, colour: Colour) -> Iterator[str]:
    """Boxes of one row and, above each, what it called: widest first."""
    for name, box in sorted(level.items(),
                            key=lambda item: (-item[1].total, item[0])):
        width = box.total * unit
        if width >= MIN_BOX:
            yield from box_svg(name, box, x, y, unit, samples, colour)
            yield from boxes(box.below, x, y - ROW, unit, samples, colour)
        x += width


def svg(stacks: Counter[str], samples: int, title: str, note: str,
        colour: Colour = warm) -> str:
    """The whole picture; callers stand below what they call."""
    root = tree(stacks)
    unit = (WIDTH - 2 * EDGE) / max(root.total, 1)
    height = TOP + (root.depth(MIN_BOX / unit) - 1) * ROW + FOOT
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" '
        f'height="{height}" viewBox="0 0 {WIDTH} {height}" '
        'font-family="monospace" font-size="11">',
        f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>',
        f'<text x="{EDGE}" y="20" font-size="15" font-family="sans-serif">'
        f'{escape(title)}</text>',
        f'<text x="{EDGE}" y="38" fill="#555" font-family="sans-serif">'
        f'{escape(note)}</text>',
        *boxes(root.below, EDGE, height - FOOT - ROW, unit, samples, colour),
        "</svg>"]
    return "\n".join(lines) + "\n"
