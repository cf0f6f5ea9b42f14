"""Checks the rules of this project that no linter knows; one function for each.

Usage: python .ci/check_source.py
"""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
FOLDERS = ("src", "tests", "docs", "examples", "benchmarks")
_MASKS = "src/speechkit/ops/time/masks.py"


def mask_attributes(path: str, tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Yields the uses of the attribute in which Keras keeps masks on most back ends.

    On JAX a tensor under `jit` has no such attribute, and its mask would be lost.
    """
    if path == _MASKS:
        return
    for node in ast.walk(tree):
        is_attribute = isinstance(node, ast.Attribute) and node.attr == "_keras_mask"
        is_name = isinstance(node, ast.Constant) and node.value == "_keras_mask"
        if is_attribute or is_name:
            yield node.lineno, "read and set masks with `speechkit.ops.time.masks`"


# Each takes the path of a file, relative to the project, and its syntax tree.
RULES = (mask_attributes,)


def check(path: str, source: str) -> list[str]:
    """Returns what is wrong in one file, each with its place."""
    tree = ast.parse(source)
    return [
        f"{path}:{line}: {message}"
        for rule in RULES
        for line, message in rule(path, tree)
    ]


def main() -> str | None:
    """Returns what is wrong in all files, or `None`."""
    paths = [path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py")]
    faults = [
        fault
        for path in sorted(paths)
        for fault in check(
            path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")
        )
    ]
    return "\n".join(faults) or None


if __name__ == "__main__":
    sys.exit(main())
