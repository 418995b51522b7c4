# SPDX-License-Identifier: GPL-2.0
"""Read what the plugin counted.

The dump is text, one record a line, a kind and then key=value words:

    kallocbench-explain 1
    path cell=0 op=alloc set=14ee n=954 sum=111618 min=117 max=117
    count node=3 insns=72504 calls=954
    insn addr=ffffffff813cabb0 n=954        (with insns=on)
    function id=30943 addr=ffffffff813cabb0 interrupt=0 name=__kmalloc_noprof
    node id=3 function=30943 parent=0
    error SENTENCE                          (the markers do not fit)
    end cells=1 samples=1000 torn=0 lost=0

A path is the samples of one op of one cell that ran through the same
functions (`set` is a hash of them) and took equally many instructions; where
a cell has more than 512 lengths, the others share a path per set. The count
and insn lines behind it are its own. `cell` counts the measured cells of the
boot from 0; instructions include those of the clock read. `interrupt=1` marks
what the processor enters without a call, and what goes on in another task. A
node is a function as reached through one chain of callers, `parent=-` the
function that holds the timed region. `torn` counts clock reads out of order,
`lost` calls too deep for the tree: only the tree suffers from those, not the
sums.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path as File


class Bad(Exception):
    """A file that must not be trusted; the text says which and why."""


@dataclass
class Count:
    """What one node cost over all samples of a path."""

    insns: int
    calls: int


@dataclass
class Path:
    """Samples of one op through the same functions."""

    cell: int
    op: str
    set: str
    n: int
    sum: int
    min: int
    max: int
    nodes: dict[int, Count] = field(default_factory=dict)
    insns: dict[int, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Node:
    """A function as reached through one chain of callers."""

    function: str
    parent: int | None


@dataclass
class Dump:
    """Everything the plugin counted in one boot.

    Interrupts are the functions by which other work gets into a sample: a
    change of task too.
    """

    cells: int = 0
    paths: list[Path] = field(default_factory=list)
    nodes: dict[int, Node] = field(default_factory=dict)
    interrupts: set[str] = field(default_factory=set)

    def chain(self, node: int | None) -> list[int]:
        """The nodes from the timed region to this one."""
        chain: list[int] = []
        while node is not None:
            chain.append(node)
            node = self.nodes[node].parent
        return chain[::-1]


def records(file: File) -> Iterator[tuple[int, str, dict[str, str]]]:
    """The lines behind the first, taken apart."""
    with file.open(encoding="ascii") as lines:
        if next(lines, "").strip() != "kallocbench-explain 1":
            raise Bad(f"{file}:1: not a dump of the explain plugin")
        for number, line in enumerate(lines, start=2):
            kind, _, rest = line.rstrip("\n").partition(" ")
            if kind == "error":
                raise Bad(f"{file}:{number}: {rest}: the symbols are not "
                          "those of this boot")
            yield number, kind, dict(
                word.split("=", 1) for word in rest.split(" "))


def path_of(row: dict[str, str]) -> Path:
    """A path line."""
    return Path(int(row["cell"]), row["op"], row["set"], int(row["n"]),
                int(row["sum"]), int(row["min"]), int(row["max"]))


def take(dump: Dump, names: dict[str, str], kind: str,
         row: dict[str, str]) -> None:
    """Add one line to the dump."""
    if kind == "path":
        dump.paths.append(path_of(row))
    elif kind == "count":
        dump.paths[-1].nodes[int(row["node"])] = Count(
            int(row["insns"]), int(row["calls"]))
    elif kind == "insn":
        dump.paths[-1].insns[int(row["addr"], 16)] = int(row["n"])
    elif kind == "function":
        names[row["id"]] = row["name"]
        if row["interrupt"] == "1":
            dump.interrupts.add(row["name"])
    elif kind == "node":
        parent = None if row["parent"] == "-" else int(row["parent"])
        # A function the samples only passed on the way has no name line.
        dump.nodes[int(row["id"])] = Node(
            names.get(row["function"], "[unknown]"), parent)


def check(file: File, dump: Dump, end: dict[str, str] | None) -> None:
    """Refuse what is cut short or does not add up."""
    if end is None:
        raise Bad(f"{file}: cut short: no end line")
    if int(end["torn"]):
        raise Bad(f"{file}: {end['torn']} clock reads out of order")
    if sum(path.n for path in dump.paths) != int(end["samples"]):
        raise Bad(f"{file}: the paths do not hold all samples")
    for path in dump.paths:
        if sum(c.insns for c in path.nodes.values()) != path.sum:
            raise Bad(f"{file}: a path's functions do not add up")
        if path.insns and sum(path.insns.values()) != path.sum:
            raise Bad(f"{file}: a path's instructions do not add up")


def read(file: File) -> Dump:
    """The dump, whole and checked."""
    dump = Dump()
    names: dict[str, str] = {}
    end = None
    try:
        for number, kind, row in records(file):
            if kind == "end":
                end = row
            else:
                take(dump, names, kind, row)
    except (KeyError, ValueError, IndexError) as error:
        raise Bad(f"{file}:{number}: cannot read this line") from error
    check(file, dump, end)
    dump.cells = int(end["cells"]) if end else 0
    return dump
