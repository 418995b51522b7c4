#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Read a JUnit file with junitparser: counts, then the cases by result."""
import importlib
import sys


def main(argv: list[str]) -> int:
    junitparser = importlib.import_module("junitparser")
    for suite in junitparser.JUnitXml.fromfile(argv[1]):
        print("suite", suite.name, suite.tests, suite.failures, suite.errors,
              suite.skipped)
        for case in suite:
            print(case.name, *(type(r).__name__ for r in case.result),
                  sep="\t")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
