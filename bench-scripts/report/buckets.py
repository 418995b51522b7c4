# SPDX-License-Identifier: GPL-2.0
"""A histogram as points.awk prints it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

Bucket = tuple[float, float, int]


class Buckets(Sequence[Bucket]):
    """A histogram, taken apart when somebody looks: most never are."""

    def __init__(self, text: str, calls: int) -> None:
        self.text = text
        self.calls = calls
        self.parts: list[Bucket] | None = None

    def all(self) -> list[Bucket]:
        """lowest, highest, count; ticks per call."""
        if self.parts is None:
            self.parts = []
            for word in self.text.split(" "):
                low, _, rest = word.partition("-")
                high, _, count = rest.partition(":")
                self.parts.append((int(low) / self.calls,
                                   int(high) / self.calls, int(count)))
        return self.parts

    def __getitem__(self, index: Any) -> Any:
        return self.all()[index]

    def __len__(self) -> int:
        return len(self.all())
