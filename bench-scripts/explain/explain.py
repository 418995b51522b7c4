# SPDX-License-Identifier: GPL-2.0
"""Reports of explain.sh, from the plugin's dump and the tables of the result.

explain.py one --side DIR --out OUT
explain.py two --base DIR --new DIR --out OUT

A side is a folder with `dump` and `tables` (`results.awk -v
table=meta,param,clock,cells,ops,hist`). Leaves in OUT: explain.txt,
explain.json (see output.py), folded/*.folded and flame/*.svg, and prints the
text.
"""

from __future__ import annotations

import argparse
import csv
import re
import sys
import textwrap
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path as File

import cells
import diff
import dump
import flame
import lines
import names
import output
import text
from cells import Key, Op

HERE = File(__file__).resolve().parent
CALLED = ("REGRESSION", "IMPROVEMENT")


@dataclass
class Side:
    """One kernel's run."""

    kernel: str
    image: str
    ops: list[Op]
    left_out: list[str]
    vmlinux: str


def load(folder: File, vmlinux: str) -> Side:
    """Read and check one side."""
    found = cells.tables(folder / "tables")
    ops, left_out = cells.join(dump.read(folder / "dump"), found)
    image = cells.meta(found, "kernel_sha256")[:12]
    return Side(cells.meta(found, "kernel"), image, ops, left_out, vmlinux)


class Wanted:
    """Which ops to report, and what a verdict table said of them."""

    def __init__(self, table: File | None, verdict: File | None) -> None:
        self.rows: list[dict[str, str]] | None = None
        self.gate: dict[tuple[str, str], list[str]] = {}
        if table:
            with table.open(encoding="utf-8", newline="") as rows:
                self.rows = list(csv.DictReader(rows, delimiter="\t"))
        if verdict:
            self.rows = []
            self.read_verdict(verdict)

    def read_verdict(self, verdict: File) -> None:
        """Keep the rows in which compare.sh calls a change."""
        for line in verdict.read_text(encoding="utf-8").splitlines():
            row = line.split("\t")
            if row[0] != "row" or row[12] not in CALLED:
                continue
            # Lines of a plan that differ in nothing a label shows are
            # numbered there; here all of them are shown, and on one CPU.
            label = re.sub(r" plan=\d+$| cpus=\S+", "", row[1])
            if (label, row[2]) not in self.gate and self.rows is not None:
                self.rows.append({"label": label, "op": row[2]})
            self.gate.setdefault((label, row[2]), []).append(
                f"{row[12]} of the {row[3]}, median over all boots: {row[4]} "
                f"-> {row[5]}, {int(row[6]):+d}; below, one boot")

    def worse(self, key: Key) -> bool:
        """Does the verdict call it a regression?"""
        return any(line.startswith("REGRESSION")
                   for line in self.gate.get((key.label, key.op), []))

    def has(self, key: Key) -> bool:
        """Does a row name this op, or is everything wanted."""
        columns = ("label", "alloc", "size", "flags", "context", "pattern",
                   "op")
        return self.rows is None or any(
            all(row.get(c) in (None, "", "-", str(getattr(key, c)))
                for c in columns) for row in self.rows)


def alike(found: list[tuple[Op, Op]], renames: dict[str, str]
          ) -> list[list[tuple[Op, Op]]]:
    """Ops of other sizes and rounds that the same functions moved."""
    groups: dict[object, list[tuple[Op, Op]]] = {}
    for base, new in found:
        key = new.key
        path = diff.moved(base.typical, new.typical, renames)
        name = (key.alloc, key.flags, key.context, key.pattern, key.more,
                key.op, frozenset(path)) if path else (key, )
        groups.setdefault(name, []).append((base, new))
    return list(groups.values())


def others(group: list[tuple[Op, Op]]) -> Iterator[str]:
    """Which ops the first one of a group speaks for."""
    if len(group) > 1:
        titles = ", ".join(new.key.title for _, new in group[1:])
        yield from textwrap.wrap(f"the same functions by as much: {titles}",
                                 76, subsequent_indent="    ")
        yield ""


def put(out: File, name: str, content: str) -> None:
    """Write a file of the output folder."""
    file = out / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(content, encoding="utf-8")


def draw(out: File, op: Op, kernel: str, colours: str = "",
         colour: flame.Colour = flame.warm) -> None:
    """Folded stacks and flame graph of one op."""
    title = f"{op.key.title}, {kernel}"
    note = (f"{op.n:,} samples, {op.sum:,} instructions, all counted, none "
            f"sampled; width: instructions; callers below{colours}")
    stacks = flame.folded(op)
    put(out, f"folded/{op.key.slug}.folded", "".join(
        f"{stack} {n}\n" for stack, n in sorted(stacks.items())))
    put(out, f"flame/{op.key.slug}.svg",
        flame.svg(stacks, op.n, title, note, colour))


def one(side: Side, args: argparse.Namespace) -> Iterator[str]:
    """Report one kernel."""
    wanted = Wanted(args.cells, args.verdict)
    ops = [op for op in side.ops if wanted.has(op.key)]
    yield f"Instructions between the clock reads, by function: {side.kernel}"
    yield ""
    for op in ops:
        draw(args.out, op, side.kernel)
        yield from text.report(op, args.full)
        if side.vmlinux:
            yield from lines.report(op, side.vmlinux)
    yield from (f"not explained: {line}" for line in side.left_out)
    put(args.out, "explain.json", output.one(side.kernel, ops))


def pairs(base: Side, new: Side) -> Iterator[tuple[Op, Op]]:
    """Ops that both kernels measured."""
    before = {op.key: op for op in base.ops}
    for op in new.ops:
        if op.key in before:
            yield before[op.key], op


def two(base: Side, new: Side, args: argparse.Namespace) -> Iterator[str]:
    """Report the difference of two kernels."""
    if base.kernel == new.kernel:
        for side in base, new:
            side.kernel += f", image {side.image}"
    wanted = Wanted(args.cells, args.verdict)
    renames = names.load(HERE / "renames.tsv")
    found = [(b, n) for b, n in pairs(base, new) if wanted.has(n.key)]
    yield "Instructions between the clock reads, by function"
    yield f"base: {base.kernel}"
    yield f"new:  {new.kernel}"
    yield ""
    groups = [[pair] for pair in found]
    if args.verdict:
        groups = alike(found, renames)
        groups.sort(key=lambda group: not any(wanted.worse(new.key)
                                              for _, new in group))
    for group in groups:
        before, op = group[0]
        yield from diff.report(before, op, renames, args.full,
                               wanted.gate.get((op.key.label, op.key.op), []))
        yield from others(group)
        changed = diff.changes(before.whole, op.whole, renames)
        draw(args.out, op, new.kernel, f"; red: more than {base.kernel}, "
             "blue: less", diff.by_change(changed, renames))
        if base.vmlinux and new.vmlinux:
            yield from lines.difference(before, base.vmlinux, op, new.vmlinux)
    yield from (f"not explained: {line}" for line in
                dict.fromkeys(base.left_out + new.left_out))
    put(args.out, "explain.json",
        output.two(base.kernel, new.kernel, found, renames))


def parse(argv: list[str]) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="explain.py")
    parser.add_argument("mode", choices=["one", "two"])
    for name in ("side", "base", "new", "out", "cells", "verdict"):
        parser.add_argument(f"--{name}", type=File)
    parser.add_argument("--vmlinux", default="")
    parser.add_argument("--base-vmlinux", default="")
    parser.add_argument("--full", action="store_true")
    return parser.parse_args(argv)


def run(args: argparse.Namespace) -> Iterable[str]:
    """The lines of the report."""
    if args.mode == "one":
        return one(load(args.side, args.vmlinux), args)
    return two(load(args.base, args.base_vmlinux),
               load(args.new, args.vmlinux), args)


def main(argv: list[str]) -> int:
    """Print and keep the report."""
    args = parse(argv)
    try:
        report = "\n".join(run(args)) + "\n"
        put(args.out, "explain.txt", report)
        sys.stdout.write(report)
    except (dump.Bad, OSError) as error:
        print(f"explain.sh: {error}", file=sys.stderr)
        return 3
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
