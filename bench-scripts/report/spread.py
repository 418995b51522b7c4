# SPDX-License-Identifier: GPL-2.0
"""How the samples of one size are spread: CDF, bars, heat map."""

from __future__ import annotations

import math
from collections.abc import Sequence

from buckets import Bucket, Buckets
from dataset import DataSet, Key, Slice
from doc import Figure, Panel, Table
from figures import OP_TITLES, drawn_allocs
from svgdraw import (Plot, Scale, linear_scale, log_scale, size_scale, styles)
from units import size_short, size_text

BARS_PER_DOUBLING = 12
SMALL = 0.5
MOST_SIZES = 12
HEAT_ROWS = 36
# Half a bar of the heat map: sizes that double leave a gap.
BAR_HALF = 1.38
SPREAD_KEY = ("Lines: the share of the calls that cost at most so much; a "
              f"step is a path. Bars: {BARS_PER_DOUBLING} to the doubling, "
              "their height logarithmic, so that rare paths show.")
PREFERRED = (64, 4096, 65536, 1 << 20)


def sizes_to_show(data: DataSet, slice_: Slice) -> list[int]:
    """Preferred sizes first where measured, then others, in order."""
    there = [s for s in data.sizes if any(
        Key(slice_, a, s, "alloc") in data.hist for a in data.allocs)]
    chosen = [s for s in PREFERRED if s in there]
    others = [s for s in there if s not in chosen]
    step = max(1, math.ceil(len(others) / (MOST_SIZES - len(chosen))))
    return sorted(chosen + others[::step])


def sizes_for_text(data: DataSet, slice_: Slice) -> list[int]:
    """Those that plain text has room for."""
    shown = sizes_to_show(data, slice_)
    return [s for s in PREFERRED if s in shown] or shown[:1]


def cdf_points(data: DataSet,
               buckets: Sequence[Bucket]) -> list[tuple[float, float]]:
    """Corners of the cumulative line, in percent."""
    total = sum(count for _, _, count in buckets)
    seen = 0
    points: list[tuple[float, float]] = []
    for low, high, count in buckets:
        if not points:
            points.append((max(data.unit.value(low), SMALL), 0.0))
        at = max(data.unit.value(high), SMALL)
        points.append((at, 100 * seen / total))
        seen += count
        points.append((at, 100 * seen / total))
    return thinned(points)


def thinned(points: Sequence[tuple[float, float]]
            ) -> list[tuple[float, float]]:
    """Without corners nearer than a pixel to the one before."""
    out: list[tuple[float, float]] = []
    for i, (x, y) in enumerate(points):
        if (out and i < len(points) - 1 and abs(y - out[-1][1]) < 0.2
                and x < out[-1][0] * 1.004):
            continue
        out.append((x, y))
    return out


def bars(data: DataSet, buckets: Sequence[Bucket]) -> dict[int, float]:
    """Share of the samples in each bar of equal width, in percent."""
    total = sum(count for _, _, count in buckets)
    out: dict[int, float] = {}
    for low, _, count in buckets:
        at = max(data.unit.value(low), SMALL)
        index = math.floor(BARS_PER_DOUBLING * math.log2(at) + 1e-6)
        out[index] = out.get(index, 0) + 100 * count / total
    return out


def edge(index: int) -> float:
    """Lower end of a bar."""
    return float(2 ** (index / BARS_PER_DOUBLING))


def cdf_panel(data: DataSet, hists: dict[str, Buckets], op: str,
              x: Scale) -> Panel:
    """Cumulative lines of all allocators."""
    style = styles(list(hists))
    plot = Plot(f"{OP_TITLES.get(op, op)}: calls at most so costly", x,
                linear_scale(0, 100, " %"), f"{data.unit.name} per call", "",
                [(name, style[name]) for name in hists], 300)
    for name, buckets in hists.items():
        plot.path(cdf_points(data, buckets), style[name])
    alt = f"Cumulative distribution of {op} for {', '.join(hists)}"
    return Panel(plot.svg(alt), alt)


def bars_panel(data: DataSet, hists: dict[str, Buckets], op: str,
               x: Scale) -> Panel:
    """Bars on a logarithmic scale, so that rare paths show."""
    style = styles(list(hists))
    shares = {name: bars(data, b) for name, b in hists.items()}
    least = min(min(s.values()) for s in shares.values())
    y = log_scale([least / 2, 110], 1)
    plot = Plot(f"{OP_TITLES.get(op, op)}: calls in each bar", x, y,
                f"{data.unit.name} per call", "",
                [(name, style[name]) for name in hists], 300)
    plot.y.ticks = [(v, f"{t} %") for v, t in plot.y.ticks]
    for name, share in shares.items():
        for index, part in sorted(share.items()):
            tip = (f"{name}: {part:.3g} % of the calls from "
                   f"{edge(index):,.0f} to {edge(index + 1):,.0f} "
                   f"{data.unit.name}")
            plot.box(edge(index), edge(index + 1), y.low, part,
                     f"s{style[name]} bar pt", tip)
    alt = f"Histogram of {op} for {', '.join(hists)}"
    return Panel(plot.svg(alt), alt)


def distribution(data: DataSet, slice_: Slice, size: int,
                 prefix: str) -> Figure | None:
    """CDF and histogram of alloc and free at one size."""
    names = drawn_allocs(data, slice_)
    by_op = {op: {name: data.hist[key] for name in names
                  if (key := Key(slice_, name, size, op)) in data.hist}
             for op in ("alloc", "free")}
    by_op = {op: hists for op, hists in by_op.items() if hists}
    if not by_op:
        return None
    ends = [max(data.unit.value(v), SMALL) for hists in by_op.values()
            for b in hists.values() for v in (b[0][0], b[-1][1])]
    panels = []
    for op, hists in by_op.items():
        panels += [cdf_panel(data, hists, op, log_scale(ends)),
                   bars_panel(data, hists, op, log_scale(ends))]
    return Figure(f"{prefix}spread-{size}",
                  f"How the calls of {size_text(size)} are spread",
                  slice_.words() + ".", panels,
                  spread_table(data, slice_, names, size, list(by_op)),
                  f"{prefix}spread", size_short(size), SPREAD_KEY,
                  size not in sizes_for_text(data, slice_))


def spread_table(data: DataSet, slice_: Slice, names: Sequence[str],
                 size: int, ops: Sequence[str]) -> Table:
    """Percentiles of one size."""
    unit = data.unit
    rows = []
    for op in ops:
        for name in names:
            point = data.points.get(Key(slice_, name, size, op))
            if point and point.n:
                rows.append([name, op, f"{point.n:,}"] + [
                    unit.text(point.figures[q]) for q in
                    ("min", "p10", "p50", "p90", "p99", "p999", "max")])
    return Table(f"{size_text(size)}, {unit.name} per call",
                 ["allocator", "op", "samples", "min", "p10", "p50", "p90",
                  "p99", "p99.9", "max"], rows, {0, 1})


def heat_panel(data: DataSet, slice_: Slice, name: str, op: str,
               y: Scale) -> Panel:
    """Size across, latency up, the share of the samples as darkness."""
    style = styles([name])[name]
    x = size_scale(data.sizes)
    x.low, x.high = min(data.sizes) / BAR_HALF, max(data.sizes) * BAR_HALF
    plot = Plot(f"{name}, {OP_TITLES.get(op, op)}", x, y,
                "size asked for", f"{data.unit.name} per call", [], 300)
    step = max(2, round(BARS_PER_DOUBLING * math.log2(y.high / y.low)
                        / HEAT_ROWS))
    for size in data.sizes:
        buckets = data.hist.get(Key(slice_, name, size, op))
        if not buckets:
            continue
        for index, part in sorted(coarse(bars(data, buckets), step).items()):
            shade = 0.12 + 0.88 * max(0.0, math.log10(part / 0.01) / 4)
            low, high = edge(step * index), edge(step * index + step)
            plot.box(size / BAR_HALF, size * BAR_HALF, low, high,
                     f"s{style} heat pt",
                     f"{name} {size_text(size)}: {part:.3g} % of the calls "
                     f"from {low:,.0f} to {high:,.0f} {data.unit.name}",
                     f' fill-opacity="{min(shade, 1):.2f}"')
    alt = f"Heat map of {name} {op}: size against cost"
    return Panel(plot.svg(alt), alt)


def coarse(fine: dict[int, float], step: int) -> dict[int, float]:
    """Several bars in one: a heat map needs no more."""
    out: dict[int, float] = {}
    for index, part in fine.items():
        out[index // step] = out.get(index // step, 0) + part
    return out


def heat(data: DataSet, slice_: Slice, prefix: str) -> Figure | None:
    """A heat map for each allocator drawn."""
    names = [name for name in drawn_allocs(data, slice_)
             if any(Key(slice_, name, s, "alloc") in data.hist
                    for s in data.sizes)][:4]
    if not names:
        return None
    values = [max(data.unit.value(v), SMALL)
              for key, buckets in data.hist.items()
              if key.slice == slice_ and key.alloc in names
              and key.op == "alloc"
              for v in (buckets[0][0], buckets[-1][1])]
    panels = [heat_panel(data, slice_, name, "alloc",
                         log_scale(values, 1.4)) for name in names]
    rows = [[name, size_short(size), f"{len(b):,}",
             data.unit.text(b[0][0]), data.unit.text(b[-1][1])]
            for name in names for size in data.sizes
            if (b := data.hist.get(Key(slice_, name, size, "alloc")))]
    return Figure(f"{prefix}heat", "Where the samples lie, by size",
                  "Allocation only.", panels,
                  Table("Extent of the histograms of alloc, "
                        + data.unit.name,
                        ["allocator", "size", "buckets", "lowest", "highest"],
                        rows, long=len(rows) > 12),
                  key="The fuller the colour, the more calls; it is "
                  "logarithmic, so that one call in ten thousand still "
                  "shows. Two full rows mean two paths.")
