# SPDX-License-Identifier: GPL-2.0
"""Reads a picture of draw/ back: what points, boxes and lines stand for."""

from __future__ import annotations

import math
import re
import xml.etree.ElementTree as tree
from dataclasses import dataclass, field

SVG = "{http://www.w3.org/2000/svg}"
# Of a name of a tick: from its baseline up to the middle of its letters.
HALF = 14 * 0.325
UNITS = {"": 1.0, "k": 1e3, "K": 1024.0, "M": 1e6, "G": 1e9}

XY = tuple[float, float]


def number(text: str) -> float | None:
    """100, 1.5k, 64, 4K, 25 %, 1/2."""
    found = re.fullmatch(r"([0-9.]+)(?:/([0-9.]+))?([kKMG]?)( %)?", text)
    if not found:
        return None
    value = float(found[1]) / float(found[2] or 1)
    return value * UNITS[found[3]]


@dataclass
class Axis:
    """Pixels to values, by what stands at its ticks."""
    ticks: list[XY] = field(default_factory=list)
    size: bool = False

    def at(self, pixel: float) -> float:
        """The value at a pixel; the axis is logarithmic where it must be."""
        if len(self.ticks) < 2:
            return pixel
        (p, v), (q, w) = min(self.ticks), max(self.ticks)
        share = (pixel - p) / (q - p)
        if min(v, w) > 0 and not self.linear():
            return math.exp(math.log(v) + share * math.log(w / v))
        return v + share * (w - v)

    def linear(self) -> bool:
        """Three ticks in a row tell."""
        if len(self.ticks) < 3:
            return False
        (p, v), (q, w), (r, x) = sorted(self.ticks)[:3]
        return abs((w - v) / (q - p) - (x - w) / (r - q)) < 1e-2 * abs(
            (w - v) / (q - p))


@dataclass
class Panel:
    """One pair of axes; its box is top and bottom in pixels."""
    top: float
    bottom: float
    x: Axis = field(default_factory=Axis)
    y: Axis = field(default_factory=Axis)

    def value(self, x: float, y: float) -> XY:
        """Both, rounded as far as pixels go."""
        return self.x.at(x), self.y.at(y)


def numbers(text: str) -> list[float]:
    """All numbers of a text."""
    return [float(n) for n in re.findall(r"-?[0-9]+(?:\.[0-9]+)?", text)]


class Picture:
    """The parts of an SVG, in the values of its axes."""

    def __init__(self, text: str) -> None:
        self.root = tree.fromstring(text)
        self.texts: list[tuple[str, float, float, str]] = []
        for group in self.root.iter(SVG + "g"):
            label = group.find(SVG + "text")
            if label is not None:
                x, y = numbers(group.get("transform", ""))[:2]
                self.texts.append(("".join(label.itertext()), x, y,
                                   group.get("text-anchor", "start")))
        self.panels = self.find_panels()

    def find_panels(self) -> list[Panel]:
        """A row of names in the middle of their ticks is below each."""
        rows = sorted({y for _, _, y, anchor in self.texts
                       if anchor == "middle"})
        panels, above = [], 0.0
        for row in rows:
            panel = Panel(above, row)
            for text, x, y, anchor in self.texts:
                value = number(text)
                if value is None:
                    continue
                if anchor == "middle" and y == row:
                    # Sizes are in powers of 1024.
                    panel.x.ticks.append((x, value))
                elif anchor == "end" and above < y < row and x < 70:
                    panel.y.ticks.append((y - HALF, value))
            panels.append(panel)
            above = row
        return panels

    def panel_of(self, y: float) -> int:
        """Which panel a pixel lies in."""
        return next(i for i, p in enumerate(self.panels) if y < p.bottom)

    def beside(self, x: float, y: float) -> str:
        """The name in the legend whose sign has its middle there."""
        return next((text for text, left, base, anchor in self.texts
                     if text and anchor == "start" and abs(left - x - 20) < 2
                     and abs(base - HALF - y) < 2), "")

    def polygons(self) -> list[tuple[str, str, list[XY]]]:
        """Colour, name where it is a sign of the legend, and corners."""
        out = []
        for shape in self.root.iter(SVG + "polygon"):
            at = numbers(shape.get("points", ""))
            xs, ys = at[::2], at[1::2]
            name = self.beside((min(xs) + max(xs)) / 2,
                               (min(ys) + max(ys)) / 2)
            out.append((shape.get("class", ""), name, list(zip(xs, ys))))
        return out

    def legend(self) -> dict[str, str]:
        """The colour of the sign on the left of each name."""
        signs = [(numbers(use.get("transform", "")), use.get("class", ""))
                 for use in self.root.iter(SVG + "use")
                 if use.get("transform", "").startswith("translate")]
        names = {self.beside(*at[:2]): css for at, css in signs}
        names.update({name: css for css, name, _ in self.polygons()})
        names.pop("", None)
        return names

    def points(self) -> list[tuple[int, str, str, XY]]:
        """Panel, colour, tip and value of each."""
        out = []
        for group in self.root.iter(SVG + "g"):
            use = group.find(SVG + "use")
            if not group.get("class", "").startswith("pt") or use is None:
                continue
            # a dot of one pixel has x and y instead
            x, y = numbers(use.get("transform", f"{use.get('x')} "
                                   f"{use.get('y')}"))[:2]
            k = self.panel_of(y)
            out.append((k, use.get("class", ""),
                        group.findtext(SVG + "title", ""),
                        self.panels[k].value(x, y)))
        return out

    def boxes(self) -> list[tuple[int, str, list[XY]]]:
        """Panel, colour and corners of what is filled."""
        out = []
        for css, name, corners in self.polygons():
            if name:
                continue
            k = self.panel_of(max(y for _, y in corners))
            out.append((k, css,
                        [self.panels[k].value(x, y) for x, y in corners]))
        return out

    def lines(self) -> list[tuple[int, str, list[XY]]]:
        """Panel, colour and corners of each curve."""
        out = []
        for path in self.root.iter(SVG + "path"):
            css, at = path.get("class", ""), numbers(path.get("d", ""))
            corners = list(zip(at[::2], at[1::2]))
            if not re.match("S([0-9]|base|new)", css) or len(corners) < 2:
                continue
            y = max(y for _, y in corners)
            # The legend is above the first panel's title.
            if not self.panels or y < min(
                    t for _, t in [(0, p.y.ticks and min(p.y.ticks)[0] or 0)
                                   for p in self.panels]) - 20:
                continue
            k = self.panel_of(y)
            out.append((k, css, [self.panels[k].value(*c) for c in corners]))
        return out
