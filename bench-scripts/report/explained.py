# SPDX-License-Identifier: GPL-2.0
"""What explain.sh found: functions, rare paths, flame graphs."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

from doc import Block, Figure, Panel, Para, Section, Table

MOST_FUNCTIONS = 15
MOST_OPS = 24


def number(value: Any) -> str:
    """Whole numbers whole, others with one digit."""
    if not isinstance(value, (int, float)):
        return "-"
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.1f}"


def signed(value: Any) -> str:
    """A difference."""
    text = number(value)
    return "+" + text if isinstance(value, (int, float)) and value > 0 \
        else text


def flame(op: dict[str, Any], folder: Path) -> list[Panel]:
    """The flame graph as a picture of its own: its styles stay inside."""
    name = op.get("flame")
    path = folder / str(name)
    if not name or not path.is_file():
        return []
    alt = f"Flame graph of {op['label']} {op['op']}"
    data = base64.b64encode(path.read_bytes()).decode("ascii")
    return [Panel(f'<img alt="{alt}" style="width:100%" '
                  f'src="data:image/svg+xml;base64,{data}">', alt)]


def route_text(route: dict[str, Any], total: int) -> str:
    """One way through the functions."""
    share = 100 * route["n"] / total if total else 0
    span = (number(route["min"]) if route["min"] == route["max"]
            else f"{number(route['min'])} to {number(route['max'])}")
    through = ", ".join(str(f) for f in route["through"][:4])
    return (f"{share:.1f} % of the samples: {span} instructions"
            + (f", through {through}" if through else ", the usual path"))


def op_blocks(op: dict[str, Any], folder: Path) -> list[Block]:
    """One op of one kernel."""
    usual = op["routes"][0] if op.get("routes") else op
    n = usual["n"] or 1
    rows = [[f["name"], number(f["insns"] / n), number(f["calls"] / n),
             f"{100 * f['insns'] / (usual['sum'] or 1):.1f} %"]
            for f in usual["functions"][:MOST_FUNCTIONS]]
    left = len(usual["functions"]) - len(rows)
    notes = [route_text(r, op["n"]) for r in op.get("routes", [])[:6]]
    if left > 0:
        notes.append(f"{left} more functions are not shown.")
    name = f"explain-{op['label']}-{op['op']}".replace(" ", "-")
    table = Table(f"{op['label']} {op['op']}, usual path, per call",
                  ["function", "instructions", "calls", "share"], rows,
                  {0}, notes)
    panels = flame(op, folder)
    if not panels:
        return [table]
    return [Figure(name, f"{op['label']}, {op['op']}",
                   "; ".join(notes).rstrip(".") + ".",
                   panels, table, "explain", f"{op['label']} {op['op']}")]


def change_blocks(op: dict[str, Any], folder: Path) -> list[Block]:
    """One op of two kernels: where the difference went."""
    mode = op["mode"]
    rows = [[f["name"], number(f["base"]), number(f["new"]),
             signed(f["change"])]
            for f in mode["functions"][:MOST_FUNCTIONS] if f["change"]]
    rows.append(["all functions", number(mode["base"]), number(mode["new"]),
                 signed(mode["change"])])
    table = Table(f"{op['label']} {op['op']}: instructions per call at the "
                  "mode", ["function", "base", "new", "change"], rows, {0})
    panels = flame(op, folder)
    if not panels:
        return [table]
    name = f"explain-{op['label']}-{op['op']}".replace(" ", "-")
    return [Figure(name, f"{op['label']}, {op['op']}",
                   f"{signed(mode['change'])} instructions.", panels, table,
                   "explain", f"{op['label']} {op['op']}")]


def section(explain: dict[str, Any], folder: Path) -> Section:
    """The functions behind the numbers."""
    out = Section("explain", "Which functions")
    kind = explain.get("kind")
    ops = explain.get("ops", [])
    if kind == "two":
        ops = sorted(ops, key=lambda op: -abs(float(op["mode"]["change"])))
        out.blocks.append(Para(f"Base {explain.get('base')}, new "
                               f"{explain.get('new')}; the differences of "
                               "the functions add up to that of the op."))
    else:
        out.blocks.append(Para("Instructions counted between the two clock "
                               "reads, by function, on "
                               f"{explain.get('kernel')}."))
    for op in ops[:MOST_OPS]:
        out.blocks += (change_blocks if kind == "two" else op_blocks)(
            op, folder)
    if len(ops) > MOST_OPS:
        out.blocks.append(Para(f"{len(ops) - MOST_OPS} more ops are in "
                               "explain.json.", "note"))
    return out
