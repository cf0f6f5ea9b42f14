"""Reads the rows of a table in a file: columns, or JSON objects in lines."""

import csv
import itertools
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from speechkit._reading import Place, TextLines, suffix_of

# A row, after where it stands.
Row = tuple[Place, Mapping[str, Any]]
DELIMITERS = {".csv": ",", ".tsv": "\t", ".jsonl": None, ".json": None}
_SPACE = re.compile(r"(?<=,) +| +(?=,|$)|^ +")
_NAMES = {",": "a comma", ";": "a semicolon", "\t": "a tab", "|": "a bar"}


def find_delimiter(path: Path) -> str | None:
    """Returns what separates the columns; `None` for JSON lines.

    Raises:
        ValueError: If the suffix is none of a table.
    """
    suffix = suffix_of(path)
    if suffix not in DELIMITERS:
        raise ValueError(
            f"`path` must end in {', '.join(DELIMITERS)}. Received: path={str(path)!r}"
        )
    return DELIMITERS[suffix]


def read_rows(path: Path, encoding: str = "utf-8") -> Iterator[Row]:
    """Yields the rows of a `.csv`, `.tsv`, `.jsonl` or `.json` file.

    Raises:
        ValueError: If the file cannot be read, has another suffix or a line that is
            wrong; the message names the line.
    """
    delimiter = find_delimiter(path)
    lines = TextLines(path, encoding)
    if delimiter is None:
        return _read_json_lines(lines)
    return _read_columns(lines, delimiter)


def _read_json_lines(lines: TextLines) -> Iterator[Row]:
    for line in lines:
        if not line.strip():
            continue
        try:
            row = json.loads(line, parse_constant=_refuse, object_pairs_hook=_object)
            # A lone half of a surrogate pair cannot be written anywhere.
            json.dumps(row, ensure_ascii=False).encode()
        except RecursionError:
            raise lines.error(
                "must be a JSON object: it is nested too deeply"
            ) from None
        except ValueError as error:
            reason = getattr(error, "msg", None) or str(error)
            raise lines.error(f"must be a JSON object: {reason}") from None
        if not isinstance(row, dict):
            raise lines.error(f"must be a JSON object. Received: {line[:40].rstrip()}")
        yield lines.place, row


def _refuse(constant):
    raise ValueError(f"{constant} is no number of JSON")


def _object(pairs):
    names = [name for name, _ in pairs]
    _check_different(names)
    return dict(pairs)


def _check_different(names):
    twice = [name for name in names if names.count(name) > 1]
    if twice:
        raise ValueError(f"the name {twice[0]!r} comes twice")


def _read_columns(lines: TextLines, delimiter: str) -> Iterator[Row]:
    # Strict: otherwise a quote that is never closed swallows the rest of the file.
    source = iter(lines)
    header = next(source, "")
    # Some write a space behind each comma; before a quote it must be skipped.
    spaced = header != _SPACE.sub("", header) if delimiter == "," else False
    source = itertools.chain([header] if header else [], source)
    rows = csv.reader(source, delimiter=delimiter, strict=True, skipinitialspace=spaced)
    names: list[str] | None = None
    try:
        for values in rows:
            values = [value.strip() for value in values] if spaced else values
            if names is None:
                names = values
                _check_header(lines, names, delimiter)
            elif len(values) == len(names):
                yield lines.place, dict(zip(names, values, strict=True))
            elif values:
                raise lines.error(
                    f"must have as many values as the header, {len(names)}. "
                    f"Received: {len(values)}"
                )
    except csv.Error as error:
        raise lines.error(f"is wrong: {error}") from None


def _check_header(lines, names, delimiter):
    for other, name in _NAMES.items():
        if len(names) == 1 and other != delimiter and other in names[0]:
            raise lines.error(
                f"must have {_NAMES[delimiter]} between the names of the columns. "
                f"Received: {name}, in {names[0][:60]!r}"
            )
    try:
        _check_different(names)
    except ValueError as error:
        raise lines.error(f"is wrong: {error}") from None
