"""Lines of transcript files, their comments, and numbers in them."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from speechkit import _checks
from speechkit._reading import LONGEST_LINE, Place, TextLines, parse_number
from speechkit._replacing import replacing_text

COMMENT = ";;"


def read_lines(
    path: str | os.PathLike[str], encoding: str = "utf-8"
) -> Iterator[tuple[Place, str]]:
    """Yields where each line stands, and the line; no empty lines and no comments.

    Raises:
        ValueError: If the file cannot be read or is not text.
    """
    lines = TextLines(path, encoding)
    for line in lines:
        stripped = line.strip()
        if stripped and not stripped.startswith(COMMENT):
            yield lines.place, stripped


def write_lines(path: str | os.PathLike[str], lines: Iterable[str]) -> None:
    """Writes lines into a file, which appears when it is complete.

    Raises:
        ValueError: If the folder of the file is missing, or `read_lines` would not give
            a line back.
    """
    path, lines = Path(path), tuple(lines)
    for number, line in enumerate(lines, start=1):
        _check_line(path, number, line)
    with replacing_text(path) as file:
        file.writelines(f"{line}\n" for line in lines)


def _check_line(path, number, line):
    if line.startswith(COMMENT):
        problem = f"a line that begins with {COMMENT}, which makes it a comment"
    elif number == 1 and line.startswith("\ufeff"):
        problem = "a byte-order mark before its first word, which no reader keeps"
    elif len(line) > LONGEST_LINE:
        problem = f"a line of more than {LONGEST_LINE} characters"
    else:
        return
    raise ValueError(f"`{path}` cannot hold {problem}. Received: {line[:60]!r}")


def check_seconds(name: str, value: float) -> float:
    """Returns a time to write, checked.

    Raises:
        ValueError: If `read_seconds` would not take it back.
    """
    return _checks.check_number(name, value)


def read_seconds(place: Place, name: str, value: str) -> float:
    """Returns a time of a line.

    Raises:
        ValueError: If `value` is not a number of 0 or more.
    """
    seconds = parse_number(value)
    if seconds is None or seconds < 0:
        raise place.error(
            f"must have the {name} in seconds, 0 or more. Received: {value[:40]}"
        )
    return seconds


def check_field(name: str, value: str) -> str:
    """Returns a field of a line, checked.

    Raises:
        ValueError: If it is empty, has white space in it, or cannot be written.
    """
    _checks.check_writable(name, value)
    if not value or value.split() != [value]:
        raise ValueError(
            f"`{name}` must be text without white space. Received: {name}={value!r}"
        )
    return value
