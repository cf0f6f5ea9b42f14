"""Reads the rows of a table in a file: columns, or JSON objects in lines."""

import csv
import io
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from speechkit._reading import read_text

# A row, after where it stands.
Row = tuple[str, Mapping[str, Any]]
DELIMITERS = {".csv": ",", ".tsv": "\t", ".jsonl": None, ".json": None}


def find_delimiter(path: Path) -> str | None:
    """Returns what separates the columns; `None` for JSON lines.

    Raises:
        ValueError: If the suffix is none of a table.
    """
    suffix = path.suffix.lower()
    if suffix not in DELIMITERS:
        raise ValueError(
            f"`path` must end in {', '.join(DELIMITERS)}. Received: path={str(path)!r}"
        )
    return DELIMITERS[suffix]


def read_rows(path: Path) -> Iterator[Row]:
    """Yields the rows of a `.csv`, `.tsv`, `.jsonl` or `.json` file, in UTF-8.

    Raises:
        ValueError: If the file cannot be read, has another suffix or a line that is
            wrong; the message names the line.
    """
    delimiter = find_delimiter(path)
    text = read_text(path)
    if delimiter is None:
        return _read_json_lines(path, text)
    return _read_columns(path, text, delimiter)


def _read_json_lines(path: Path, text: str) -> Iterator[Row]:
    for number, line in enumerate(text.split("\n"), start=1):
        where = f"`{path}`, line {number},"
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except json.JSONDecodeError as error:
            raise ValueError(f"{where} must be a JSON object: {error.msg}") from None
        if not isinstance(row, dict):
            raise ValueError(f"{where} must be a JSON object. Received: {line[:40]}")
        yield where, row


def _read_columns(path: Path, text: str, delimiter: str) -> Iterator[Row]:
    # Strict: otherwise a quote that is never closed swallows the rest of the file.
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    names: list[str] | None = None
    try:
        for values in lines:
            where = f"`{path}`, line {lines.line_num},"
            if names is None:
                names = values
            elif len(values) == len(names):
                yield where, dict(zip(names, values, strict=True))
            elif values:
                raise ValueError(
                    f"{where} must have as many values as the header, {len(names)}. "
                    f"Received: {len(values)}"
                )
    except csv.Error as error:
        raise ValueError(
            f"`{path}`, line {lines.line_num}, is wrong: {error}"
        ) from None
