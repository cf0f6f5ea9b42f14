"""Lines of transcript files, their comments, and numbers in them."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from speechkit._reading import read_text
from speechkit._replacing import replacing


def read_lines(path: str | os.PathLike[str]) -> Iterator[tuple[str, str]]:
    """Yields where each line stands, and the line; no empty lines and no comments.

    Raises:
        ValueError: If the file cannot be read or is not UTF-8.
    """
    path = Path(path)
    for number, line in enumerate(read_text(path).split("\n"), start=1):
        if line.strip() and not line.lstrip().startswith(";;"):
            yield f"`{path}`, line {number},", line.strip()


def write_lines(path: str | os.PathLike[str], lines: Iterable[str]) -> None:
    """Writes lines into a file, which appears when it is complete.

    Raises:
        ValueError: If the folder of the file is missing.
    """
    path = Path(path)
    if not path.parent.is_dir():
        raise ValueError(f"`{path}` cannot be written: its folder does not exist")
    with (
        replacing(path) as temporary,
        temporary.open("w", encoding="utf-8", newline="") as file,
    ):
        file.writelines(f"{line}\n" for line in lines)


def read_seconds(where: str, name: str, value: str) -> float:
    """Returns a time of a line.

    Raises:
        ValueError: If `value` is not a number of 0 or more.
    """
    try:
        seconds = float(value)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds < float("inf"):
        raise ValueError(
            f"{where} must have the {name} in seconds, 0 or more. "
            f"Received: {value[:40]}"
        )
    return seconds


def check_field(name: str, value: str) -> str:
    """Returns a field of a line, checked.

    Raises:
        ValueError: If it is empty or has white space in it.
    """
    if not value or value.split() != [value]:
        raise ValueError(
            f"`{name}` must be text without white space. Received: {name}={value!r}"
        )
    return value
