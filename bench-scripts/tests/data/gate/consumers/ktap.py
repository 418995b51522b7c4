#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Read KTAP on stdin with the kernel's own parser.

usage: ktap.py KUNIT_DIR <KTAP; KUNIT_DIR is tools/testing/kunit of a kernel.
Prints "status name" per test, then the counts.
"""
import importlib
import io
import sys
from contextlib import redirect_stdout


def main(argv: list[str]) -> int:
    sys.path.insert(0, argv[1])
    parser = importlib.import_module("kunit_parser")
    printer = importlib.import_module("kunit_printer")
    lines = sys.stdin.readlines()
    quiet = io.StringIO()
    with redirect_stdout(quiet):
        try:
            test = parser.parse_run_tests(lines,
                                          printer.Printer(output=quiet))
        except TypeError:  # before 6.14 it printed by itself
            test = parser.parse_run_tests(lines)
    for sub in test.subtests:
        print(sub.status.name, sub.name)
    counts = test.counts
    print("passed", counts.passed, "failed", counts.failed, "skipped",
          counts.skipped, "crashed", counts.crashed, "errors", counts.errors)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
