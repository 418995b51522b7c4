# SPDX-License-Identifier: GPL-2.0
"""What changes when one thing changes: CPUs, live objects, configuration."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from dataset import DataSet, Slice
from doc import Figure, Panel, Table
from figures import drawn_allocs
from svgdraw import (Plot, Scale, linear_scale, log_scale, size_scale,
                     styles)
from units import size_short, size_text

SIZES = (64, 4096, 65536, 1 << 20)
MOST_FAMILIES = 4


def cpu_count(cpus: str) -> int:
    """CPUs in a list such as 0-3,8."""
    total = 0
    for part in cpus.split(","):
        low, _, high = part.partition("-")
        total += int(high or low) - int(low) + 1
    return total


def depth_of(variant: str) -> int:
    """Live objects that the variant names; 64 is the default."""
    words = dict(w.split("=", 1) for w in variant.split(",") if "=" in w)
    return int(words.get("depth", "64"))


def without_depth(variant: str) -> str:
    """The other words of a variant."""
    kept = [w for w in variant.split(",") if not w.startswith("depth=")]
    return ",".join(kept) or "-"


def count_scale(counts: Sequence[int]) -> Scale:
    """Counts, each named where there are few."""
    low, high = min(counts), max(counts)
    ticks = [(float(c), f"{c:,}") for c in sorted(set(counts))]
    return Scale(low / 1.15, high * 1.15, True,
                 ticks if len(ticks) <= 9 else ticks[::2])


class Sweep(NamedTuple):
    """A number in which slices differ, and how to speak of it."""
    name: str
    title: str
    caption: str
    x_label: str
    place: Callable[[Slice], int]
    same: Callable[[Slice], Slice]


CPUS = Sweep("cpus", "Many CPUs at once", "One pinned worker on each CPU; a "
             "flat line is perfect scaling.", "CPUs",
             lambda s: cpu_count(s.cpus), lambda s: s._replace(cpus="0"))
LIVE = Sweep("live", "Live objects", "A knee is where objects no longer come "
             "from what the CPU keeps at hand.", "live objects",
             lambda s: depth_of(s.variant),
             lambda s: s._replace(variant=without_depth(s.variant)))


def families(data: DataSet, kind: Sweep) -> dict[Slice, dict[int, Slice]]:
    """Slices that differ in the number only, by what they have in common."""
    found: dict[Slice, dict[int, Slice]] = {}
    for slice_ in data.slices:
        held = slice_.pattern not in ("pair", "cold")
        if (kind is CPUS or held) and drawn_allocs(data, slice_):
            found.setdefault(kind.same(slice_), {})[
                kind.place(slice_)] = slice_
    return {same: family for same, family in found.items()
            if len(family) > 1}


def sweeps(data: DataSet, kind: Sweep, prefix: str) -> list[Figure]:
    """A figure for each family, the largest first."""
    ranked = sorted(families(data, kind).items(),
                    key=lambda item: -len(item[1]))[:MOST_FAMILIES]
    several = len(ranked) > 1
    found = [sweep(data, kind, family,
                   f"{prefix}{kind.name}" + f"-{i + 1}" * (i > 0),
                   f"{kind.title}: {in_common(same)}" if several
                   else kind.title)
             for i, (same, family) in enumerate(ranked)]
    return [figure for figure in found if figure]


def drawn(data: DataSet, base: Slice) -> set[Slice]:
    """Slices in pictures, at another number than that of the base."""
    return {slice_ for kind in (CPUS, LIVE)
            for family in families(data, kind).values()
            for slice_ in family.values()
            if kind.place(slice_) != kind.place(base)}


def in_common(same: Slice) -> str:
    """What the slices of a family share."""
    words = [same.flags, same.context, f"pattern {same.pattern}"]
    return ", ".join(words + [same.variant] * (same.variant != "-"))


def sweep(data: DataSet, kind: Sweep, family: dict[int, Slice], name: str,
          title: str) -> Figure | None:
    """Cost against a number that the slices differ in, one panel a size."""
    names = drawn_allocs(data, next(iter(family.values())))
    wanted = [s for s in data.sizes if sum(
        data.pair(slice_, a, s) is not None
        for slice_ in family.values() for a in names) > 1]
    wanted = [s for s in SIZES if s in wanted] or wanted[:4]
    rows = [[alloc, size_short(size), f"{count:,}", data.unit.text(cost)]
            for alloc in names for size in wanted
            for count, slice_ in sorted(family.items())
            if (cost := data.pair(slice_, alloc, size)) is not None]
    if not rows:
        return None
    values = [data.unit.value(cost) for slice_ in family.values()
              for a in names for size in wanted
              if (cost := data.pair(slice_, a, size)) is not None]
    panels = [sweep_panel(data, family, names, size, kind.x_label,
                          log_scale(values)) for size in wanted]
    return Figure(name, title, f"{far_end(data, kind, family)} "
                  f"{kind.caption}".strip(), panels,
                  Table(f"alloc + free, medians, {data.unit.name}",
                        ["allocator", "size", kind.x_label, "cost"], rows))


def far_end(data: DataSet, kind: Sweep, family: dict[int, Slice]) -> str:
    """What the far end of a sweep costs against its near end."""
    low, high = min(family), max(family)
    parts = []
    for name in drawn_allocs(data, family[low]):
        found = sorted(
            (far / near, size) for size in data.sizes
            if (near := data.pair(family[low], name, size))
            and (far := data.pair(family[high], name, size)))
        if found:
            parts.append(f"{name} costs {span(found[0], found[-1])} as much")
    return (f"{high:,} {kind.x_label} against {low:,}: {'; '.join(parts)}."
            if parts else "")


def span(low: tuple[float, int], high: tuple[float, int]) -> str:
    """From one ratio to another, one where a reader sees no difference."""
    ends = [(f"{ratio:.2f} times" if ratio < 9.95 else f"{ratio:,.0f} times")
            for ratio, _ in (low, high)]
    if ends[0] == ends[1]:
        return ends[0]
    return " to ".join(f"{end} (at {size_text(size)})"
                       for end, (_, size) in zip(ends, (low, high)))


def far_ends(data: DataSet) -> list[str]:
    """A sentence for the largest family of each kind."""
    out = []
    for kind in (CPUS, LIVE):
        found = sorted(families(data, kind).items(),
                       key=lambda item: -len(item[1]))
        for same, family in found[:MOST_FAMILIES]:
            where = f"Pattern {same.pattern}: " if kind is LIVE else ""
            out.append(where + far_end(data, kind, family))
    return [text for text in out if text.endswith(".")]


def sweep_panel(data: DataSet, family: dict[int, Slice],
                names: Sequence[str], size: int, x_label: str,
                y: Scale) -> Panel:
    """One size of a sweep."""
    unit = data.unit
    style = styles(names)
    costs = {name: {count: cost for count, slice_ in sorted(family.items())
                    if (cost := data.pair(slice_, name, size)) is not None}
             for name in names}
    costs = {name: c for name, c in costs.items() if c}
    plot = Plot(size_text(size), count_scale(list(family)), y, x_label,
                f"{unit.name}, alloc + free",
                [(name, style[name]) for name in costs], 300)
    for name, by_count in costs.items():
        plot.path([(c, unit.value(v)) for c, v in by_count.items()],
                  style[name])
        for count, cost in by_count.items():
            plot.point(count, unit.value(cost), style[name],
                       f"{name} {size_text(size)}, {count:,} {x_label}: "
                       f"{unit.text(cost)} {unit.name}")
    alt = f"Cost at {size_text(size)} by {x_label}"
    return Panel(plot.svg(alt), alt)


def neighbours(points: Sequence[tuple[int, int]]
               ) -> list[list[tuple[int, int]]]:
    """Runs of sizes that at most double: between others lie steps."""
    runs: list[list[tuple[int, int]]] = []
    for point in points:
        if runs and point[0] <= 2 * runs[-1][-1][0]:
            runs[-1].append(point)
        else:
            runs.append([point])
    return runs


def waste(data: DataSet, prefix: str) -> Figure | None:
    """Usable bytes against bytes asked for."""
    points: dict[str, list[tuple[int, int]]] = {}
    for alloc, size, _, more in data.facts:
        if size and more.get("usable", "").isdigit():
            usable = int(more["usable"])
            known = points.setdefault(alloc, [])
            if (size, usable) not in known and usable >= size:
                known.append((size, usable))
    points = {a: sorted(p) for a, p in points.items() if p}
    if not points:
        return None
    first = [a for a in ("kmalloc", "kvmalloc", "vmalloc") if a in points]
    names = (first + [a for a in points if a not in first])[:4]
    sizes = [s for p in points.values() for s, _ in p]
    style = styles(names)
    plot = Plot("share of the memory that was not asked for",
                size_scale(sorted(set(sizes))), linear_scale(0, 100, " %"),
                "size asked for", "", [(n, style[n]) for n in names])
    for name in names:
        for run in neighbours(points[name]):
            plot.path([(s, 100 * (u - s) / u) for s, u in run], style[name])
        for s, u in points[name]:
            plot.point(s, 100 * (u - s) / u, style[name],
                       f"{name}: {s:,} bytes asked for, {u:,} usable")
    alt = "Waste in percent of the usable bytes by size"
    rows = [[name, f"{s:,}", f"{u:,}", f"{100 * (u - s) / u:.1f} %"]
            for name, p in points.items() for s, u in p]
    return Figure(f"{prefix}waste", "What you really get",
                  "Usable bytes of a real allocation, looked at, not "
                  "computed.", [Panel(plot.svg(alt), alt)],
                  Table("Bytes", ["allocator", "asked for", "usable",
                                  "waste"], rows, long=len(rows) > 12))
