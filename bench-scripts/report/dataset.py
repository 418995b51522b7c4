# SPDX-License-Identifier: GPL-2.0
"""The tables that report.sh had results.awk and points.awk write.

One folder is one set: results of one kernel, lane and configuration.

    sources.tsv    tables of results.awk (meta param clock fact cells end)
    points.tsv     tables of points.awk (about points hists)
    sentences.tsv  answer.awk -v what=sentences
    kind           its number among the kinds of results, by kind.awk
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from buckets import Buckets
from units import Unit, size_short, times

Row = dict[str, str]


class Slice(NamedTuple):
    """How a cell is called; what a picture holds fixed."""
    flags: str
    context: str
    pattern: str
    cpus: str
    variant: str

    def words(self) -> str:
        """For a caption."""
        extra = "" if self.variant == "-" else f", {self.variant}"
        several = "s" * (not self.cpus.isdigit())
        return (f"{self.flags}, {self.context}, pattern {self.pattern}, "
                f"CPU{several} {self.cpus}{extra}")


class Key(NamedTuple):
    """One point of a picture."""
    slice: Slice
    alloc: str
    size: int
    op: str


@dataclass
class Point:
    """A row of the table points; ticks per call, None where '-'."""
    key: Key
    n: int
    calls: int
    figures: dict[str, float | None]
    under: int
    boots: int
    limited: bool
    state: str
    reason: str

    def __getattr__(self, name: str) -> float | None:
        if name.startswith("__"):
            raise AttributeError(name)
        return self.figures[name]


@dataclass
class DataSet:
    """Everything of one set."""
    kind: str = ""
    about: dict[str, str] = field(default_factory=dict)
    points: dict[Key, Point] = field(default_factory=dict)
    hist: dict[Key, Buckets] = field(default_factory=dict)
    states: dict[tuple[Slice, str, int], tuple[str, str]] = field(
        default_factory=dict)
    meta: dict[str, list[str]] = field(default_factory=dict)
    params: list[str] = field(default_factory=list)
    clock: dict[str, str] = field(default_factory=dict)
    overheads: list[str] = field(default_factory=list)
    objects: dict[str, str] = field(default_factory=dict)
    facts: list[tuple[str, int | None, str, Row]] = field(
        default_factory=list)
    cell_states: dict[str, int] = field(default_factory=dict)
    reasons: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    failures: dict[str, int] = field(default_factory=dict)
    tails: dict[Key, dict[str, int]] = field(default_factory=dict)
    ends: dict[str, str] = field(default_factory=dict)
    sentences: dict[str, str] = field(default_factory=dict)
    allocs: list[str] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)
    slices: list[Slice] = field(default_factory=list)

    @property
    def unit(self) -> Unit:
        """What a tick is."""
        return Unit(self.about.get("unit") == "insn",
                    float(self.about.get("khz") or 1e6))

    @property
    def lane(self) -> str:
        """insn or time; results that no script collected say it by unit."""
        return self.about.get("lane") or ("insn" if self.unit.insn
                                          else "time")

    @property
    def kernel(self) -> str:
        """Release of the kernel."""
        return self.about.get("kernel", "unknown kernel")

    def per_object(self, names: Iterable[str]) -> list[str]:
        """A note for each allocator whose call is for several objects."""
        return [f"{name}: per object; a call is for {self.objects[name]}."
                for name in names if name in self.objects]

    @property
    def overhead(self) -> str:
        """The clock's own cost, as it was taken off, of every file."""
        known = [float(ticks) for ticks in self.overheads]
        if not known:
            return "unknown"
        low, high = (self.unit.text(f(known)) for f in (min, max))
        span = low if low == high else f"{low} to {high}"
        return f"{span} {self.unit.name}"

    @property
    def tolerance(self) -> float:
        """Costs that differ by so many percent are the same."""
        return float(self.sentences.get("tolerance", "0"))

    def same(self, usual: float, cost: float) -> bool:
        """No more apart than a boot moves, or than two ticks."""
        return abs(cost - usual) <= max(2, usual * self.tolerance / 100)

    def multiple(self, usual: float, cost: float) -> str:
        """A cost as a multiple of the usual one, '~' for the same."""
        return "~" if self.same(usual, cost) else times(cost / usual)

    def has(self, name: str) -> bool:
        """Is there an allocator of that name?"""
        return name in self.allocs

    def p50(self, slice_: Slice, alloc: str, size: int,
            op: str) -> float | None:
        """Median of one op in ticks per call."""
        point = self.points.get(Key(slice_, alloc, size, op))
        return point.p50 if point else None

    def pair(self, slice_: Slice, alloc: str, size: int,
             touch: bool = False) -> float | None:
        """Cost of alloc and free together, as cost.awk counts it."""
        whole = self.p50(slice_, alloc, size, "pair")
        if whole is not None:
            return None if touch else whole
        ops = ["alloc", "free"] + (["touch"] if touch else [])
        parts = [self.p50(slice_, alloc, size, op) for op in ops]
        known = [part for part in parts if part is not None]
        return sum(known) if len(known) == len(ops) else None

    def limited(self, slice_: Slice, alloc: str, size: int) -> bool:
        """Is any op of the cell below 3 times the clock's cost?"""
        return any(point.limited for op in ("alloc", "free", "pair")
                   if (point := self.points.get(
                       Key(slice_, alloc, size, op))))

    def base_slice(self, touch: bool = False) -> Slice | None:
        """The slice with most costs of kmalloc and vmalloc; else of any."""
        names = [a for a in ("kmalloc", "vmalloc") if self.has(a)]
        best: Slice | None = None
        most = 0
        for slice_ in self.slices:
            count = sum(self.pair(slice_, alloc, size, touch) is not None
                        for alloc in names or self.allocs
                        for size in self.sizes)
            if count > most:
                best, most = slice_, count
        return best


def table_rows(path: Path, names: set[str]) -> Iterator[tuple[str, Row]]:
    """Rows of the wanted tables; every table is led by its header line."""
    heads: dict[str, list[str]] = {}
    first: dict[str, str] = {}
    with path.open(encoding="utf-8", errors="surrogateescape") as lines:
        for line in lines:
            name, _, rest = line.rstrip("\n").partition("\t")
            if name not in names:
                continue
            if name not in heads:
                heads[name] = rest.split("\t")
                first[name] = rest
            elif rest != first[name]:
                yield name, dict(zip(heads[name], rest.split("\t")))


def number(text: str, calls: int) -> float | None:
    """Ticks per call; whole numbers stay whole."""
    if text == "-":
        return None
    value = float(text)
    return value if calls == 1 else value / calls


FIGURES = ("sum", "mean", "min", "p1", "p10", "p25", "p50", "p75", "p90",
           "p99", "p999", "max", "p50_low", "p50_high")


def key_of(row: Row) -> Key:
    """What a row of points or hist is about."""
    return Key(Slice(row["flags"], row["context"], row["pattern"],
                     row["cpus"], row["variant"]),
               row["alloc"], int(row["size"]), row["op"])


def add_point(data: DataSet, row: Row) -> None:
    """One row of the table points."""
    key = key_of(row)
    calls = 1 if row["calls"] == "-" else int(row["calls"])
    figures = {name: number(row[name], calls) for name in FIGURES}
    data.points[key] = Point(
        key, int(row["n"]), calls, figures, int(row["under"]),
        int(row["boots"]), row["limited"] == "yes", row["state"],
        row["reason"])
    if row["objects"] != "-":
        data.objects[key.alloc] = row["objects"]
    data.states[key.slice, key.alloc, key.size] = (row["state"],
                                                   row["reason"])
    if key.alloc not in data.allocs:
        data.allocs.append(key.alloc)
    if key.size not in data.sizes:
        data.sizes.append(key.size)
    if key.slice not in data.slices:
        data.slices.append(key.slice)


def load_points(data: DataSet, path: Path) -> None:
    """points.tsv."""
    for name, row in table_rows(path, {"about", "points", "hists"}):
        if name == "about":
            data.about[row["key"]] = row["value"]
        elif name == "points":
            add_point(data, row)
        else:
            key = key_of(row)
            data.hist[key] = Buckets(row["buckets"], data.points[key].calls)
    data.sizes.sort()


def words(text: str) -> Row:
    """key=value words of the column more; blanks are still escaped."""
    pairs = (word.partition("=") for word in text.split(" ")
             if "=" in word)
    return {key: value.replace("\\040", " ").replace("\\134", "\\")
            for key, _, value in pairs}


def load_sources(data: DataSet, path: Path) -> None:
    """sources.tsv."""
    params: dict[str, list[str]] = defaultdict(list)
    for name, row in table_rows(path, {"meta", "param", "clock", "fact",
                                       "cells", "tail", "end"}):
        if name == "meta":
            seen = data.meta.setdefault(row["key"], [])
            if row["value"] not in seen:
                seen.append(row["value"])
        elif name == "param":
            params[row["file"]].append(f"{row['key']}={row['value']}")
        elif name == "clock":
            data.clock[row["key"]] = row["value"]
            if row["key"] == "overhead":
                data.overheads.append(row["value"])
        elif name == "fact":
            size = None if row["size"] == "-" else int(row["size"])
            data.facts.append((row["alloc"], size, row["flags"],
                               words(row["more"])))
        elif name == "tail":
            add_tail(data, row)
        elif name == "end":
            data.ends[row["file"]] = row["state"]
        else:
            add_cell(data, row)
    data.params = list(dict.fromkeys(" ".join(p) for p in params.values()))


def add_tail(data: DataSet, row: Row) -> None:
    """Causes add up over rounds and boots; CPUs and variant do not matter.

    Results that do not say what all chunks have cannot blame anything.
    """
    key = Key(Slice(row["flags"], row["context"], row["pattern"], "", ""),
              row["alloc"], int(row["size"]), row["op"])
    counts = {"chunks": row["chunks"], **words(row["more"])}
    if "blamed" not in counts:
        return
    into = data.tails.setdefault(key, {})
    counts["lines"] = "1"
    for cause in counts["blamed"].split(","):
        counts["blamed " + cause] = "1"
    for name, text in counts.items():
        if text.isdigit():
            into[name] = into.get(name, 0) + int(text)


def add_cell(data: DataSet, row: Row) -> None:
    """One row of the table cells: what did not go well."""
    state = row["state"]
    data.cell_states[state] = data.cell_states.get(state, 0) + 1
    label = f"{row['alloc']} {size_short(int(row['size']))}"
    if state != "ok":
        data.reasons.setdefault((state, row["reason"]), []).append(label)
    if int(row["fail"]):
        data.failures[label] = (data.failures.get(label, 0)
                                + int(row["fail"]))


def load(folder: Path) -> DataSet:
    """One set."""
    data = DataSet((folder / "kind").read_text(encoding="utf-8").strip())
    load_points(data, folder / "points.tsv")
    load_sources(data, folder / "sources.tsv")
    with (folder / "sentences.tsv").open(encoding="utf-8") as lines:
        for line in lines:
            name, _, sentence = line.rstrip("\n").partition("\t")
            data.sentences[name] = sentence
    return data
