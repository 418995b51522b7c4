# SPDX-License-Identifier: GPL-2.0
"""What changes when one thing changes: CPUs, live objects, configuration."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from dataset import DataSet, Slice
from doc import Figure, Panel, Table
from figures import drawn_allocs
from svgdraw import (Plot, Scale, linear_scale, log_scale, size_scale,
                     styles)
from units import size_short, size_text

SIZES = (64, 4096, 65536, 1 << 20)
LABEL_LEFT = 14.0
LABEL_LONGEST = 52


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


def sweep(data: DataSet, prefix: str, name: str, title: str, caption: str,
          x_label: str, place: Callable[[Slice], int],
          same: Callable[[Slice], Slice]) -> Figure | None:
    """Cost against a number that the slices differ in, one panel a size."""
    families: dict[Slice, dict[int, Slice]] = {}
    for slice_ in data.slices:
        families.setdefault(same(slice_), {})[place(slice_)] = slice_
    family: dict[int, Slice] = max(families.values(), key=len, default={})
    if len(family) < 2:
        return None
    any_slice = next(iter(family.values()))
    names = drawn_allocs(data, any_slice)
    wanted = [s for s in data.sizes if sum(
        data.pair(slice_, a, s) is not None
        for slice_ in family.values() for a in names) > 1]
    wanted = [s for s in SIZES if s in wanted] or wanted[:4]
    panels = [sweep_panel(data, family, names, size, x_label)
              for size in wanted]
    rows = [[alloc, size_short(size), f"{count:,}",
             data.unit.text(cost)]
            for alloc in names for size in wanted
            for count, slice_ in sorted(family.items())
            if (cost := data.pair(slice_, alloc, size)) is not None]
    if not rows:
        return None
    return Figure(f"{prefix}{name}", title, caption, panels,
                  Table(f"alloc + free, medians, {data.unit.name}",
                        ["allocator", "size", x_label, "cost"], rows))


def sweep_panel(data: DataSet, family: dict[int, Slice],
                names: Sequence[str], size: int, x_label: str) -> Panel:
    """One size of a sweep."""
    unit = data.unit
    style = styles(names)
    costs = {name: {count: cost for count, slice_ in sorted(family.items())
                    if (cost := data.pair(slice_, name, size)) is not None}
             for name in names}
    costs = {name: c for name, c in costs.items() if c}
    plot = Plot(size_text(size), count_scale(list(family)),
                log_scale([unit.value(v) for c in costs.values()
                           for v in c.values()]), x_label,
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


def scaling(data: DataSet, prefix: str) -> Figure | None:
    """Many CPUs at once."""
    return sweep(data, prefix, "cpus", "Many CPUs at once",
                 "One pinned worker on each CPU; a flat line is perfect "
                 "scaling.", "CPUs", lambda s: cpu_count(s.cpus),
                 lambda s: s._replace(cpus="0"))


def live_objects(data: DataSet, prefix: str) -> Figure | None:
    """Patterns that keep objects alive."""
    held = [s for s in data.slices if s.pattern not in ("pair", "cold")]
    part = DataSet(data.about, data.points, allocs=data.allocs,
                   sizes=data.sizes, slices=held)
    return sweep(part, prefix, "live", "Live objects",
                 "A knee is where objects no longer come from what the CPU "
                 "keeps at hand.", "live objects",
                 lambda s: depth_of(s.variant),
                 lambda s: s._replace(variant=without_depth(s.variant)))


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
        plot.path([(s, 100 * (u - s) / u) for s, u in points[name]],
                  style[name])
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


def steps(sets: Sequence[tuple[str, DataSet]],
          base: Slice) -> list[tuple[str, DataSet, Slice]]:
    """What to draw: each configuration, and accounting in the first."""
    first = sets[0][1]
    out = [(label, data, base) for label, data in sets]
    return out + [("charged to a memcg (__GFP_ACCOUNT)", first, slice_)
                  for slice_ in first.slices if "ACCOUNT" in slice_.flags
                  and slice_._replace(flags=base.flags) == base]


def waterfall(sets: Sequence[tuple[str, DataSet]],
              prefix: str) -> Figure | None:
    """The same kernel, one thing switched on at a time."""
    base = sets[0][1]
    slice_ = base.base_slice()
    if slice_ is None:
        return None
    switched = steps(sets, slice_)
    panels, rows = [], []
    for alloc in ("kmalloc", "vmalloc"):
        for size in SIZES[:3]:
            costs = [(label, cost) for label, data, where in switched
                     if (cost := data.pair(where, alloc, size)) is not None]
            if len(costs) < 2 or base.pair(slice_, alloc, size) is None:
                continue
            panels.append(waterfall_panel(base, alloc, size, costs))
            first = costs[0][1]
            rows += [[f"{alloc} {size_short(size)}", label,
                      base.unit.text(cost),
                      f"{base.unit.value(cost - first):+,.0f}"]
                     for label, cost in costs]
    if not panels:
        return None
    return Figure(f"{prefix}waterfall", "What each switch adds per call",
                  "alloc + free, medians; each step alone against the first "
                  "row, not on top of the one before.", panels,
                  Table(f"alloc + free, medians, {base.unit.name}",
                        ["cell", "with", "cost", "more"], rows, {0, 1}))


def waterfall_panel(base: DataSet, alloc: str, size: int,
                    costs: Sequence[tuple[str, float]]) -> Panel:
    """Bars from the plain cost to the cost with a switch."""
    unit = base.unit
    top = max(unit.value(c) for _, c in costs) * 1.3
    plot = Plot(f"{alloc} {size_text(size)}", linear_scale(0, top),
                Scale(0, len(costs), False, []), unit.name, "", [],
                90 + 46.0 * len(costs))
    plot.x.start = LABEL_LEFT
    style = styles([alloc])[alloc]
    first = costs[0][1]
    for i, (label, cost) in enumerate(costs):
        y = len(costs) - i - 1
        plot.box(0, unit.value(first), y + 0.12, y + 0.5,
                 f"s{style} bar")
        if i:
            plot.box(unit.value(min(first, cost)),
                     unit.value(max(first, cost)), y + 0.12, y + 0.5,
                     "s2 solid pt" if cost > first else "s3 solid pt",
                     f"{label}: {unit.value(cost - first):+,.0f} {unit.name}")
        text = unit.text(cost) + (
            f" ({unit.value(cost - first):+,.0f})" if i else "")
        if len(label) + len(text) > LABEL_LONGEST:
            label = label[:LABEL_LONGEST - len(text) - 3] + "..."
        plot.words(0, y + 0.58, f"{label}: {text}", "key", 2)
    alt = (f"Cost of {alloc} at {size_text(size)} with "
           + ", ".join(label for label, _ in costs))
    return Panel(plot.svg(alt), alt)
