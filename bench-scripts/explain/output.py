# SPDX-License-Identifier: GPL-2.0
"""explain.json, for report.sh and other programs.

One kernel:

    {"format": "kallocbench-explain 1", "kind": "one", "kernel": RELEASE,
     "ops": [{
       "label": "kmalloc 64", "plan": 0, "alloc": "kmalloc", "size": 64,
       "flags": "GFP_KERNEL", "context": "process", "pattern": "pair",
       "round": 0, "op": "alloc",
       "n": 1000, "sum": 117000,           samples; instructions of all, net
       "mode": [117, 117],                 bounds of the fullest bucket
       "functions": [{"name": F, "insns": I, "calls": C}, ...],
       "routes": [{"n", "sum", "min", "max", "through": [F, ...],
                   "functions": [...]}, ...],
       "flame": "flame/NAME.svg", "folded": "folded/NAME.folded"}, ...]}

`functions` are totals over the n samples beside them and add up to the sum
beside them; dearest first. The first route is the usual path, `through` is
empty there. Paths of files are relative to the folder of explain.json.

Two kernels:

    {"format": "kallocbench-explain 1", "kind": "two",
     "base": RELEASE, "new": RELEASE,
     "ops": [{... "label" to "op" as above ...,
       "mode": {"base": 131, "new": 117, "change": -14, "functions": [
          {"name": "old -> new", "base_name": F or "", "new_name": F or "",
           "base": 93, "new": 76, "change": -17}, ...]},
       "mean": {the same over all samples, rare paths included},
       "flame": ...}, ...]}

`mode` is over the samples of the fullest bucket, as compare.sh judges them;
figures are instructions a sample, integers where they are whole. Largest
change first; they add up to `change`.
"""

from __future__ import annotations

import json
from fractions import Fraction
from typing import Any

import diff
from cells import Key, Op, Route

FORMAT = "kallocbench-explain 1"


def plain(value: Fraction) -> int | float:
    """A number JSON has."""
    return value.numerator if value.denominator == 1 else float(value)


def head(key: Key) -> dict[str, Any]:
    """What names an op."""
    return {"label": key.label, "plan": key.plan, "alloc": key.alloc,
            "size": key.size, "flags": key.flags, "context": key.context,
            "pattern": key.pattern, "round": key.round, "op": key.op}


def functions(route: Route) -> list[dict[str, Any]]:
    """Totals by function."""
    return [{"name": name, "insns": route.insns[name],
             "calls": route.calls[name]} for name in route.functions]


def route_of(route: Route) -> dict[str, Any]:
    """One set of functions."""
    return {"n": route.n, "sum": route.sum, "min": route.min,
            "max": route.max,
            "through": [name for name, _ in route.doors.most_common()],
            "functions": functions(route)}


def one(kernel: str, ops: list[Op]) -> str:
    """explain.json of one kernel."""
    return json.dumps({
        "format": FORMAT, "kind": "one", "kernel": kernel,
        "ops": [{**head(op.key), "n": op.n, "sum": op.sum,
                 "mode": list(op.mode), "functions": functions(op.whole),
                 "routes": [route_of(route) for route in op.routes],
                 "flame": f"flame/{op.key.slug}.svg",
                 "folded": f"folded/{op.key.slug}.folded"}
                for op in ops]}, indent=1) + "\n"


def figures(base: Route, new: Route,
            renames: dict[str, str]) -> dict[str, Any]:
    """A difference and what it is made of."""
    return {
        "base": plain(diff.mean(base)), "new": plain(diff.mean(new)),
        "change": plain(diff.mean(new) - diff.mean(base)),
        "functions": [
            {"name": row.label, "base_name": row.base_name,
             "new_name": row.new_name, "base": plain(row.base),
             "new": plain(row.new), "change": plain(row.change)}
            for row in diff.changes(base, new, renames)]}


def two(base: str, new: str, found: list[tuple[Op, Op]],
        renames: dict[str, str]) -> str:
    """explain.json of two kernels."""
    return json.dumps({
        "format": FORMAT, "kind": "two", "base": base, "new": new,
        "ops": [{**head(after.key),
                 "mode": figures(before.typical, after.typical, renames),
                 "mean": figures(before.whole, after.whole, renames),
                 "flame": f"flame/{after.key.slug}.svg",
                 "folded": f"folded/{after.key.slug}.folded"}
                for before, after in found]}, indent=1) + "\n"
