#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Write the report; called by report.sh, which prepares the tables."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

import answer
import comparison
import explained
import hgrm
import html_out
import plain_out
import provenance
import sections
import switches
from dataset import DataSet, load
from doc import Section
from inputs import Inputs, is_variation, lane_name


def load_sets(folder: Path) -> list[DataSet]:
    """Sets in the order report.sh numbered them."""
    if not folder.is_dir():
        return []
    return [load(path) for path in sorted(folder.iterdir(),
                                          key=lambda p: int(p.name))]


def load_json(path: Path | None, maker: str,
              key: str) -> dict[str, Any] | None:
    """An object with a key, or nothing where there is no such file."""
    if path is None or not path.is_file() or path.stat().st_size == 0:
        return None
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        value = None
    if not isinstance(value, dict) or key not in value:
        print(f"report.sh: {path} is not what {maker} writes",
              file=sys.stderr)
        sys.exit(2)
    return value


def read_inputs(work: Path, verdict: Path | None,
                explain: Path | None) -> Inputs:
    """Everything that report.sh left in its folder, and the user's files."""
    refusal = work / "refusal"
    return Inputs(
        load_sets(work / "new"), load_sets(work / "base"),
        load_json(verdict or work / "verdict.json", "compare.sh --json",
                  "rows"),
        refusal.read_text(encoding="utf-8").strip()
        if refusal.is_file() else "",
        (work / "faults").read_text(encoding="utf-8").splitlines(),
        load_json(explain, "explain.sh", "format"),
        explain.parent if explain else None)


def assemble(inputs: Inputs) -> list[Section]:
    """All sections in the order of a reader's questions."""
    first = inputs.sets[0]
    chapters = [first] + [d for d in inputs.sets[1:]
                          if not is_variation(first, d)]
    found: list[Section | None] = [answer.section(inputs)]
    if inputs.base:
        found.append(comparison.section(inputs.base[0], first, inputs.verdict,
                                        inputs.refusal))
    if inputs.explain and inputs.explain_dir:
        found.append(explained.section(inputs.explain, inputs.explain_dir))
    found.append(switches.section(inputs))
    for i, data in enumerate(chapters):
        found += sections.chapter(data, f"c{i}-" if i else "",
                                  len(chapters) > 1)
    found += [sections.slow_ones(first), sections.facts(first),
              sections.not_whole(inputs),
              provenance.section(inputs)]
    return [section for section in found if section and section.blocks]


def titles(inputs: Inputs) -> tuple[str, str]:
    """Title and the line below it."""
    first = inputs.sets[0]
    kernels = list(dict.fromkeys(d.kernel for d in inputs.base + inputs.sets))
    lanes = list(dict.fromkeys(lane_name(d) for d in inputs.sets))
    title = "What kernel memory costs: " + " against ".join(kernels)
    slice_ = first.base_slice()
    return title, ", ".join(
        lanes + [f"clock {first.about.get('clock', '?')} "
                 f"(its own cost, {first.overhead}, is taken off)"]
        + ([slice_.words()] if slice_ else []))


def write(path: Path, text: str) -> None:
    """Whole or not at all: a full disk must not leave half a report."""
    part = path.with_name(path.name + ".part")
    try:
        part.write_text(text, encoding="utf-8", errors="replace")
        part.replace(path)
    except OSError:
        part.unlink(missing_ok=True)
        raise


def parse(argv: list[str]) -> argparse.Namespace:
    """Options as report.sh gives them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--verdict", type=Path)
    parser.add_argument("--explain", type=Path)
    parser.add_argument("--hgrm", type=Path)
    parser.add_argument("--hgrm-match", default="")
    return parser.parse_args(argv)


def main(argv: list[str]) -> int:
    """Three files beside each other."""
    args = parse(argv)
    inputs = read_inputs(args.work, args.verdict, args.explain)
    for side in (inputs.sets, inputs.base):
        kernels = list(dict.fromkeys(d.kernel for d in side))
        if len(kernels) > 1:
            print(f"report.sh: results of {kernels[0]} and of {kernels[1]}: "
                  "give those of one of them with --base", file=sys.stderr)
            return 2
    if args.hgrm and not any(hgrm.wanted(data, args.hgrm_match)
                             for data in inputs.sets):
        print(f"report.sh: --hgrm-match {args.hgrm_match}: no histogram has "
              "that in its file name, alloc-size-op", file=sys.stderr)
        return 2
    title, subtitle = titles(inputs)
    parts = assemble(inputs)
    here = Path(__file__).resolve().parent
    write(args.out, html_out.page(title, subtitle, parts, here))
    write(args.out.with_suffix(".md"),
          plain_out.markdown(title, subtitle, parts))
    write(args.out.with_suffix(".txt"),
          plain_out.text(title, subtitle, parts))
    if args.hgrm:
        several = len(inputs.sets) > 1
        count = sum(hgrm.export(data, args.hgrm / f"set-{n}" if several
                                else args.hgrm, args.hgrm_match)
                    for n, data in enumerate(inputs.sets, 1))
        print(f"{count} .hgrm files in {args.hgrm}", file=sys.stderr)
    return 0


def guarded(argv: list[str]) -> int:
    """main(), with the exit codes of report.sh."""
    try:
        return main(argv)
    except OSError as error:
        print(f"report.sh: cannot write {error.filename}: {error.strerror}",
              file=sys.stderr)
        return 3


if __name__ == "__main__":
    sys.exit(guarded(sys.argv[1:]))
