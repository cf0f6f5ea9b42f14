"""From manifest files to recordings."""

import csv
import io
import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from speechkit._reading import read_text
from speechkit.datasets._manifest_format import COLUMNS, find_delimiter
from speechkit.datasets.recording import Recording

# A row, after where it stands.
_Row = tuple[str, Mapping[str, Any]]


def read_manifest(path: str | os.PathLike[str]) -> tuple[Recording, ...]:
    """Lists the recordings that a manifest names.

    A `.csv` or `.tsv` file has a header line. A `.jsonl` or `.json` file has one JSON
    object on each line. The names are `path`, `text`, `speaker` and `split`; others
    are ignored. `speaker` and `split` may be absent or empty. The file is UTF-8.

    Args:
        path: The manifest. Relative paths in it start at its folder.

    Returns:
        The recordings, in the order of the manifest. No sound file is opened.

    Raises:
        ValueError: If the manifest is missing, has another suffix, names no
            recording, or has a line that is wrong; the message names the line.
    """
    path = Path(path)
    delimiter = find_delimiter(path)
    text = read_text(path)
    if delimiter is None:
        rows = _read_json_lines(path, text)
    else:
        rows = _read_columns(path, text, delimiter)
    recordings = tuple(_make_recording(path.parent, *row) for row in rows)
    if not recordings:
        raise ValueError(f"`{path}` must name at least one recording. Received: none")
    return recordings


def _read_json_lines(path: Path, text: str) -> Iterator[_Row]:
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


def _read_columns(path: Path, text: str, delimiter: str) -> Iterator[_Row]:
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


def _make_recording(folder: Path, where: str, row: Mapping[str, Any]) -> Recording:
    for name in COLUMNS:
        value = row.get(name)
        optional = name in ("speaker", "split") and value is None
        if not isinstance(value, str) and not optional:
            received = f"{name}={value!r}" if name in row else f"{', '.join(row)}"
            raise ValueError(f"{where} must have a text `{name}`. Received: {received}")
    if not row["path"]:
        raise ValueError(f"{where} must have a `path`. Received: an empty one")
    return Recording(
        path=folder / row["path"],
        text=row["text"],
        speaker=row.get("speaker") or None,
        split=row.get("split") or None,
    )
