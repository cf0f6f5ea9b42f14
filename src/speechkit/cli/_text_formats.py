"""The formats of the files that `speechkit score` reads."""

import codecs
import re
from collections.abc import Callable
from pathlib import Path

from speechkit._reading import TextLines, parse_number, suffix_of
from speechkit._rows import DELIMITERS

FORMATS = ("trn", "stm", "ctm", "text")
# Names of NIST, and those of Python.
_ENCODINGS = {"gb": "gb18030", "euc": "euc_jp"}
_NAMED = re.compile(r".*\([^\s()]+\)")


def find_encoding(name: str) -> str:
    """Returns Python's name of an encoding.

    Raises:
        ValueError: If there is no such encoding of text.
    """
    encoding = _ENCODINGS.get(name.lower(), name)
    try:
        "a".encode(encoding)
    except (LookupError, ValueError):
        raise ValueError(
            "`--encoding` must be the name of an encoding of text, such as utf-8, gb, "
            f"big5 or euc. Received: {name}"
        ) from None
    return codecs.lookup(encoding).name


def find_format(path: Path, encoding: str, is_reference: bool) -> str:
    """Returns the format of a file: one of `FORMATS`, or `"table"`.

    The suffix says which. Where it says nothing, as `.ref` and `.hyp`, it is the format
    that more than half of the lines have.

    Raises:
        ValueError: If the file cannot be read.
    """
    suffix = suffix_of(path)
    if suffix in DELIMITERS:
        return "table"
    if suffix.removeprefix(".") in ("trn", "stm", "ctm"):
        return suffix.removeprefix(".")
    return "text" if suffix == ".txt" else _find_by_lines(path, encoding, is_reference)


def _find_by_lines(path, encoding, is_reference):
    lines = [line.strip() for line in TextLines(path, encoding)]
    lines = [line for line in lines if line and not line.startswith(";;")]
    kinds: dict[str, Callable[[str], bool]] = {
        "trn": lambda line: _NAMED.fullmatch(line) is not None,
        "stm": lambda line: is_reference and _has_numbers(line, (3, 4)),
        "ctm": lambda line: _has_numbers(line, (2, 3)),
    }
    for kind, fits in kinds.items():
        if 2 * sum(map(fits, lines)) > len(lines):
            return kind
    return "text"


def _has_numbers(line, places):
    """Returns whether fields are times; a star stands in the lines of alternatives."""
    fields = line.split()
    if len(fields) < 5:
        return False
    return all(fields[n] == "*" or parse_number(fields[n]) is not None for n in places)
