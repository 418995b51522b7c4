# SPDX-License-Identifier: GPL-2.0
"""Join what the plugin counted with what the guest measured, and check it."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path as File

from dump import Bad, Dump, Path

Row = dict[str, str]
UNITS = ["", "K", "M", "G", "T"]


def short_size(size: int) -> str:
    """65536 as 64K."""
    unit = 0
    while size >= 1024 and size % 1024 == 0 and unit + 1 < len(UNITS):
        size //= 1024
        unit += 1
    return f"{size}{UNITS[unit]}"


@dataclass(frozen=True)
class Key:
    """What makes it the same op in another run; plan: number of the file."""
    plan: int
    alloc: str
    size: int
    flags: str
    context: str
    pattern: str
    round: int
    op: str
    more: str = ""

    @property
    def label(self) -> str:
        """The name for people, the same as in the verdict table."""
        words = [self.alloc, short_size(self.size), self.pattern]
        if self.flags != "GFP_KERNEL":
            words.append(self.flags)
        if self.context != "process":
            words.append(self.context)
        return " ".join(words) + self.more

    @property
    def title(self) -> str:
        """The headline: the verdict table merges rounds, explain does not."""
        turn = f" round={self.round}" if self.round else ""
        return f"{self.label}{turn}: {self.op}"

    @property
    def slug(self) -> str:
        """The name for files."""
        words = [self.alloc, short_size(self.size), self.flags, self.pattern,
                 self.context, f"p{self.plan}r{self.round}", self.op]
        return "-".join(words).replace("|", "+")


@dataclass
class Route:
    """Samples of one op through one set of functions, of any length."""
    n: int
    sum: int
    min: int
    max: int
    insns: Counter[str]
    calls: Counter[str]
    root: str = ""
    doors: Counter[str] = field(default_factory=Counter)
    interrupted: bool = False

    @property
    def functions(self) -> list[str]:
        """Its functions, the dearest first."""
        return [f for f, _ in sorted(self.insns.items(),
                                     key=lambda item: (-item[1], item[0]))]


@dataclass
class Op:
    """One op of one cell: the guest's own figures and what they are made of.

    All instructions are net of the clock read, as in the result.
    """

    key: Key
    n: int
    sum: int
    overhead: int
    calls: str
    buckets: list[tuple[int, int, int]]
    paths: list[Path]
    dump: Dump

    @property
    def mode(self) -> tuple[int, int]:
        """The bucket with the most samples, the lowest of equals."""
        low, high, _ = max(self.buckets, key=lambda b: (b[2], -b[0]))
        return low, high

    def route(self, paths: Iterable[Path]) -> Route:
        """Several paths as one, by function."""
        route = Route(0, 0, 0, 0, Counter(), Counter())
        first = True
        for path in paths:
            net = path.sum - self.overhead * path.n
            low, high = path.min - self.overhead, path.max - self.overhead
            route.min = low if first else min(route.min, low)
            route.max = high if first else max(route.max, high)
            route.n += path.n
            route.sum += net
            first = False
            for number, count in path.nodes.items():
                node = self.dump.nodes[number]
                own = count.insns
                if node.parent is None:
                    own -= self.overhead * path.n
                    route.root = node.function
                route.insns[node.function] += own
                route.calls[node.function] += count.calls
        route.interrupted = not self.dump.interrupts.isdisjoint(route.insns)
        return route

    @property
    def least(self) -> Route:
        """The shortest samples."""
        shortest = min(p.min for p in self.paths)
        return self.route(p for p in self.paths if p.max == shortest)

    @property
    def whole(self) -> Route:
        """All samples."""
        return self.route(self.paths)

    @property
    def typical(self) -> Route:
        """The samples of the mode's bucket: what compare.sh gates on."""
        low, high = self.mode
        return self.route(
            p for p in self.paths if low <= p.min - self.overhead
            and p.max - self.overhead <= high)

    @property
    def routes(self) -> list[Route]:
        """By set of functions, the most frequent first; doors filled in.

        Hardly two interrupts take the same path: all of them are one route.
        """
        sets: dict[str, list[Path]] = {}
        for path in self.paths:
            alone = self.route([path])
            name = "interrupted" if alone.interrupted else path.set
            sets.setdefault(name, []).append(path)
        groups = sorted(sets.values(),
                        key=lambda g: (-sum(p.n for p in g), g[0].set))
        routes = [self.route(group) for group in groups]
        usual = set(routes[0].insns)
        for route, group in zip(routes, groups):
            route.doors = self.doors(group, usual)
        return routes

    def doors(self, paths: list[Path], usual: set[str]) -> Counter[str]:
        """Functions by which paths leave the usual ones, with all below."""
        doors: Counter[str] = Counter()
        for path in paths:
            for number, count in path.nodes.items():
                for step in self.dump.chain(number):
                    name = self.dump.nodes[step].function
                    if name not in usual:
                        doors[name] += count.insns
                        break
        return doors


def tables(file: File) -> dict[str, list[Row]]:
    """Tables of results.awk, each line led by the name of its table."""
    found: dict[str, list[Row]] = {}
    heads: dict[str, list[str]] = {}
    with file.open(encoding="utf-8", newline="") as lines:
        for row in csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            name, values = row[0], row[1:]
            if name not in heads:
                heads[name] = values
                found[name] = []
            else:
                found[name].append(dict(zip(heads[name], values)))
    return found


def meta(found: dict[str, list[Row]], key: str) -> str:
    """A meta value of the first file that has it."""
    for row in found["meta"]:
        if row["key"] == key:
            return row["value"]
    return "-"


def agree(op: Op, row: Row) -> None:
    """The sums by function must be the op's own, to the instruction."""
    name = f"{op.key.label} {op.key.op}"
    if int(row["under"]):
        raise Bad(f"{name}: {row['under']} samples below the clock's cost")
    whole = op.whole
    counted = (whole.n, whole.sum, whole.min, whole.max)
    measured = (op.n, op.sum, int(row["min"]), int(row["max"]))
    if counted != measured:
        raise Bad(f"{name}: counted n, sum, min, max {counted}, "
                  f"the guest measured {measured}")


def ordinals(dump: Dump, files: list[str],
             measured: list[Row]) -> dict[tuple[str, str], int]:
    """Which announced cell is which: the clock's calibration leads a file."""
    if not dump.cells:
        raise Bad("the plugin met no cell: the symbols are of another boot")
    extra = dump.cells - len(measured)
    if extra not in (0, len(files)):
        raise Bad(f"the plugin saw {dump.cells} cells, the results have "
                  f"{len(measured)}")
    shift = 1 if extra else 0
    return {(row["file"], row["cell"]):
            i + shift * (1 + files.index(row["file"]))
            for i, row in enumerate(measured)}


def buckets_of(found: dict[str, list[Row]]
               ) -> dict[tuple[str, str, str], list[tuple[int, int, int]]]:
    """The merged histogram of every op."""
    buckets: dict[tuple[str, str, str], list[tuple[int, int, int]]] = {}
    for row in found["hist"]:
        if row["cpu"] == "-":
            buckets.setdefault((row["file"], row["cell"], row["op"]), []) \
                .append((int(row["lo"]), int(row["hi"]), int(row["count"])))
    return buckets


def more_of(cell: Row) -> str:
    """What else names the cell: its CPUs and the plan's words."""
    words = [f"cpus={cell['cpus']}"] if set(",-") & set(cell["cpus"]) else []
    if cell["variant"] != "-":
        words += cell["variant"].split(",")
    return "".join(f" {word}" for word in words)


def key_of(row: Row, files: list[str], cell: Row) -> Key:
    """What names the op of a row of that cell."""
    return Key(files.index(row["file"]), row["alloc"], int(row["size"]),
               row["flags"], row["context"], row["pattern"],
               int(row["round"]), row["op"], more_of(cell))


def own_overhead(row: Row, clock: int) -> int:
    """A stretch has more taken off than the clock's own cost."""
    said = row.get("overhead", "-")
    return clock if said == "-" else int(said)


def join(dump: Dump,
         found: dict[str, list[Row]]) -> tuple[list[Op], list[str]]:
    """Every measured op with its paths, in the order of the results.

    And what was left out: a call that failed is timed as any other, but it is
    no sample, and the plugin cannot tell the two apart.
    """
    files = list(dict.fromkeys(row["file"] for row in found["cells"]))
    overhead = {row["file"]: int(row["value"]) for row in found["clock"]
                if row["key"] == "overhead"}
    measured = [row for row in found["cells"] if row["state"] != "skipped"]
    ordinal = ordinals(dump, files, measured)
    cells = {(row["file"], row["cell"]): row for row in measured}
    left_out = []
    buckets = buckets_of(found)
    by_op: dict[tuple[int, str], list[Path]] = {}
    for path in dump.paths:
        by_op.setdefault((path.cell, path.op), []).append(path)
    ops = []
    for row in found["ops"]:
        if row["cpu"] != "-" or not int(row["n"]):
            continue
        where = row["file"], row["cell"]
        key = key_of(row, files, cells[where])
        failures = int(cells[where]["fail"])
        if failures:
            left_out.append(f"{key.label}: {key.op}: {failures} "
                            "allocations failed")
            continue
        op = Op(key, int(row["n"]), int(row["sum"]),
                own_overhead(row, overhead[row["file"]]), row["calls"],
                buckets[(*where, row["op"])],
                by_op.get((ordinal[where], row["op"]), []), dump)
        agree(op, row)
        ops.append(op)
    return ops, left_out
