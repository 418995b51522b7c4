# SPDX-License-Identifier: GPL-2.0
"""What a report is made of, and how to call it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dataset import DataSet

LANES = {"insn": "instruction lane", "time": "time lane"}


@dataclass
class Inputs:
    """What a report is made of."""
    sets: list[DataSet]
    base: list[DataSet] = field(default_factory=list)
    verdict: dict[str, Any] | None = None
    refusal: str = ""
    faults: list[str] = field(default_factory=list)
    explain: dict[str, Any] | None = None
    explain_dir: Path | None = None


def lane_name(data: DataSet) -> str:
    """For a heading."""
    return LANES.get(data.lane, f"lane {data.lane}")


def is_variation(first: DataSet, other: DataSet) -> bool:
    """The same kernel and lane, configured in another way."""
    return first.kind == other.kind
