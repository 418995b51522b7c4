# SPDX-License-Identifier: GPL-2.0
"""Print the Python functions that are longer than the house limit."""

import ast
import sys
from pathlib import Path

LIMIT = 40


def long_functions(path: Path) -> list[str]:
    """One line for each function of a file that is over the limit."""
    text = path.read_text(encoding="utf-8")
    lines = text.splitlines()
    tree = ast.parse(text)
    found = []
    for node in ast.walk(tree):
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            continue
        body = node.body[1:] if ast.get_docstring(node) else node.body
        if not body:
            continue
        inside = lines[body[0].lineno - 1:node.end_lineno]
        length = sum(1 for line in inside if line.strip())
        if length > LIMIT:
            found.append(f"{path}:{node.lineno}: {length} lines, "
                         f"limit {LIMIT}: {node.name}")
    return found


def main(argv: list[str]) -> int:
    """Check the files named on the command line."""
    found = [line for name in argv for line in long_functions(Path(name))]
    for line in found:
        print(line)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
