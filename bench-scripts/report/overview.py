# SPDX-License-Identifier: GPL-2.0
"""Every allocator beside the others, where there are many."""

from __future__ import annotations

from dataset import DataSet, Slice
from doc import Figure, Panel, Table
from figures import MOST_DRAWN, REFERENCES
from svgdraw import Plot, Scale, log_scale
from units import size_short, size_text

SIZES = (64, 4096, 65536)
SHAPES = (1, 2, 3)
ROW = 21.0


def overview(data: DataSet, slice_: Slice, prefix: str) -> Figure | None:
    """A row for each allocator, a mark for each size."""
    sizes = [s for s in SIZES if s in data.sizes]
    costs = {alloc: {size: cost for size in sizes
                     if (cost := data.pair(slice_, alloc, size)) is not None}
             for alloc in data.allocs if alloc not in REFERENCES}
    costs = {alloc: by_size for alloc, by_size in costs.items() if by_size}
    if len(costs) <= MOST_DRAWN or not sizes:
        return None
    order = sorted(costs, key=lambda a: min(costs[a].values()))
    unit = data.unit
    values = [unit.value(c) for by_size in costs.values()
              for c in by_size.values()]
    plot = Plot("alloc + free, medians", log_scale(values),
                Scale(0, len(order), False, []), unit.name, "",
                [(size_text(s), style) for s, style in zip(sizes, SHAPES)],
                120 + ROW * len(order))
    plot.x.start = 190
    plot.x.ticks = [t for t in plot.x.ticks if plot.x.at(t[0]) > 190]
    for i, alloc in enumerate(order):
        y = len(order) - i - 0.5
        plot.words(plot.x.low, y, alloc, "tick end", -8, 5)
        plot.rule(y=y, css="grid")
        for size, style in zip(sizes, SHAPES):
            cost = costs[alloc].get(size)
            if cost:
                plot.point(unit.value(cost), y, style,
                           f"{alloc} {size_text(size)}: {unit.text(cost)} "
                           f"{unit.name}", data.limited(slice_, alloc, size))
    alt = "Cost of every allocator at " + ", ".join(map(size_text, sizes))
    rows = [[alloc, *(unit.text(costs[alloc].get(s)) for s in sizes)]
            for alloc in order]
    return Figure(f"{prefix}all", "Every allocator beside the others",
                  "Cheapest first, by the cheapest of the sizes. "
                  + slice_.words() + ".", [Panel(plot.svg(alt), alt)],
                  Table(f"alloc + free, medians, {unit.name}",
                        ["allocator", *map(size_short, sizes)], rows))
