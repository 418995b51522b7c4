#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Read LAVA signals on stdin with the code of LAVA's dispatcher.

usage: lava.py DIST_PACKAGES <SIGNALS; prints "id result units measurement"
per test case. DIST_PACKAGES comes from unpacked lava-dispatcher and
lava-common packages. What they import for devices and networks is replaced
by empty modules: parsing a signal needs none of it.
"""
import importlib
import importlib.abc
import importlib.machinery
import re
import sys
from types import ModuleType
from typing import Any, Optional, Sequence
from unittest.mock import MagicMock


class Missing(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds what nobody else found, as an empty module."""

    def find_spec(self, name: str, path: Optional[Sequence[str]],
                  target: Optional[ModuleType] = None
                  ) -> Optional[importlib.machinery.ModuleSpec]:
        if name.startswith("lava_"):
            return None
        return importlib.machinery.ModuleSpec(name, self, is_package=True)

    def create_module(self, spec: importlib.machinery.ModuleSpec
                      ) -> ModuleType:
        module: Any = MagicMock(name=spec.name)
        module.__path__ = []
        return module  # type: ignore[no-any-return]

    def exec_module(self, module: ModuleType) -> None:
        pass


def main(argv: list[str]) -> int:
    sys.path.insert(0, argv[1])
    sys.meta_path.append(Missing())
    shell = importlib.import_module("lava_dispatcher.actions.test.shell")
    connection = importlib.import_module("lava_dispatcher.connection")
    signal = re.compile(r"<LAVA_SIGNAL_(\S+) ([^>]+)>")
    for line in sys.stdin:
        match = signal.search(line)
        if match is None:
            print("not a signal: " + line, file=sys.stderr)
            return 1
        if match.group(1) != "TESTCASE":
            print(match.group(1), match.group(2))
            continue
        data = shell.handle_testcase(match.group(2).split())
        got = connection.SignalMatch().match(data)
        print(got["test_case_id"], got["result"],
              got.get("units", "-"), got.get("measurement", "-"))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
