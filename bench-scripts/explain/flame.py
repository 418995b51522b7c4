# SPDX-License-Identifier: GPL-2.0
"""flame.py OUT: draws OUT/flame/SLUG.svg of every op.

Reads OUT/explain.tsv (see join.awk) and OUT/folded/SLUG.folded.
"""

from __future__ import annotations

import sys
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape
from pathlib import Path

WIDTH, ROW, TOP, FOOT, EDGE = 1200, 18, 52, 12, 10
# Narrower boxes cannot be seen and narrower texts cannot be read.
MIN_BOX, MIN_TEXT, CHAR = 0.4, 28, 6.7
# By function, of the largest change; None with one kernel.
Shares = dict[str, float] | None
# How the functions of an interrupt are called, on one machine or the other.
INTERRUPTS = ("asm_", "irq_", "sysvec_", "common_interrupt", "vectors", "el1")


@dataclass
class Box:
    """One function under one chain of callers; total: with all below."""

    own: int = 0
    total: int = 0
    below: dict[str, "Box"] = field(default_factory=dict)

    def depth(self, least: float) -> int:
        """Rows of its boxes that are wide enough to be drawn."""
        return 1 + max((box.depth(least) for box in self.below.values()
                        if box.total >= least), default=0)


def read_folded(file: Path) -> Box:
    """The stacks as boxes under a root without a name."""
    root = Box()
    for line in file.read_text(encoding="utf-8").splitlines():
        stack, _, own = line.rpartition(" ")
        box = root
        box.total += int(own)
        for name in stack.split(";"):
            box = box.below.setdefault(name, Box())
            box.total += int(own)
        box.own += int(own)
    return root


def colour(name: str, shares: Shares) -> str:
    """Red for what costs more in new, blue for less; else by the name."""
    if shares is not None:
        share = shares.get(name, 0.0)
        depth = 86 - round(30 * abs(share))
        return f"hsl({8 if share > 0 else 215},75%,{depth}%)" if share \
            else "hsl(0,0%,86%)"
    spread = zlib.crc32(name.encode())
    if name.startswith(INTERRUPTS):
        return f"hsl({205 + spread % 20},55%,68%)"
    return f"hsl({18 + spread % 36},{72 + spread // 64 % 20}%,62%)"


def boxes(level: dict[str, Box], x: float, y: float, unit: float,
          samples: int, shares: Shares) -> Iterator[str]:
    """Boxes of one row and, above each, what it called: widest first."""
    for name, box in sorted(level.items(),
                            key=lambda item: (-item[1].total, item[0])):
        width = box.total * unit
        if width >= MIN_BOX:
            tip = (f"{name}: {box.total / samples:,.2f} instructions a "
                   f"sample, {box.own / samples:,.2f} of its own")
            yield (f'<g><title>{escape(tip)}</title><rect x="{x:.1f}" y="{y}" '
                   f'width="{max(width - 0.4, 0.2):.1f}" height="{ROW - 1}" '
                   f'fill="{colour(name, shares)}"/>')
            room = int((width - 6) / CHAR)
            if width >= MIN_TEXT:
                text = name if len(name) <= room else f"{name[:room - 1]}…"
                yield (f'<text x="{x + 3:.1f}" y="{y + 13}">'
                       f'{escape(text)}</text>')
            yield "</g>"
            yield from boxes(box.below, x, y - ROW, unit, samples, shares)
        x += width


def svg(root: Box, samples: int, title: str, note: str,
        shares: Shares) -> str:
    """The whole picture; callers stand below what they call."""
    unit = (WIDTH - 2 * EDGE) / max(root.total, 1)
    height = TOP + (root.depth(MIN_BOX / unit) - 1) * ROW + FOOT
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" '
        f'height="{height}" viewBox="0 0 {WIDTH} {height}" '
        'font-family="monospace" font-size="11">',
        f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>',
        f'<text x="{EDGE}" y="20" font-size="15" font-family="sans-serif">'
        f'{escape(title)}</text>',
        f'<text x="{EDGE}" y="38" fill="#555" font-family="sans-serif">'
        f'{escape(note)}</text>',
        *boxes(root.below, EDGE, height - FOOT - ROW, unit, samples, shares),
        "</svg>", ""])


def main(argv: list[str]) -> int:
    """Draw every op."""
    out = Path(argv[0])
    rows = [line.split("\t") for line in
            (out / "explain.tsv").read_text(encoding="utf-8").splitlines()]
    about = {row[1]: row[2] for row in rows if row[0] == "about"}
    ops = [row for row in rows if row[0] == "ops"]
    base, kernel = about.get("base"), about.get("kernel", about.get("new"))
    shares: dict[str, dict[str, float]] = {}
    for row in [row for row in rows if row[0] == "shades"][1:]:
        shares.setdefault(row[1], {})[row[2]] = float(row[3])
    for row in ops[1:]:
        op = dict(zip(ops[0], row))
        note = (f"{int(op['n']):,} samples, {int(op['sum']):,} instructions, "
                "all counted, none sampled; width: instructions; callers below"
                + (f"; red: more than {base}, blue: less" if base else ""))
        (out / "flame" / f"{op['slug']}.svg").write_text(svg(
            read_folded(out / "folded" / f"{op['slug']}.folded"),
            int(op["n"]), f"{op['title']}, {kernel}", note,
            shares.get(op["op"], {}) if base else None), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
