"""From manifest files to recordings."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from speechkit._reading import Place, parse_number
from speechkit._rows import read_rows
from speechkit.datasets._manifest_format import (
    COLUMNS,
    NAMES,
    OPTIONAL,
    PIECE_COLUMNS,
    REFUSED,
)
from speechkit.datasets.recording import Recording


def read_manifest(path: str | os.PathLike[str]) -> tuple[Recording, ...]:
    """Lists the recordings that a manifest names.

    A `.csv` or `.tsv` file has a header line. A `.jsonl` or `.json` file has one JSON
    object on each line. The names are `path` or `audio_filepath`, `text`, `speaker` and
    `split`, and for a piece of a file `start_seconds`, `offset` or `start`, and
    `duration_seconds` or `duration`, in seconds; others are ignored. All but `path` and
    `text` may be absent or empty. The file is UTF-8, plain or compressed by gzip.

    Args:
        path: The manifest. Relative paths in it start at its folder.

    Returns:
        The recordings, in the order of the manifest. No sound file is opened.

    Raises:
        ValueError: If the manifest is missing, has another suffix, names no
            recording, or has a line that is wrong; the message names the line.
    """
    path = Path(path)
    recordings = tuple(_make_recording(path.parent, *row) for row in read_rows(path))
    if not recordings:
        raise ValueError(f"`{path}` must name at least one recording. Received: none")
    return recordings


def _make_recording(folder: Path, place: Place, row: Mapping[str, Any]) -> Recording:
    row = _renamed(place, row)
    for name in COLUMNS:
        value = row.get(name)
        optional = name in OPTIONAL and value is None
        if not isinstance(value, str) and not optional:
            received = f"{name}={value!r}" if name in row else f"{', '.join(row)}"
            raise place.error(f"must have a text `{name}`. Received: {received}")
    if not row["path"]:
        raise place.error("must have a `path`. Received: an empty one")
    start, duration = (_read_seconds(place, row, name) for name in PIECE_COLUMNS)
    try:
        return Recording(
            path=folder / row["path"],
            text=row["text"],
            speaker=row.get("speaker") or None,
            split=row.get("split") or None,
            start_seconds=start or 0.0,
            duration_seconds=duration,
        )
    except ValueError as error:
        raise place.error(f"is wrong: {error}") from None


def _renamed(place: Place, row: Mapping[str, Any]) -> dict[str, Any]:
    """Returns a row with our names for what tools name otherwise."""
    renamed = dict(row)
    for name, others in NAMES.items():
        found = [other for other in others if other in row]
        if len(found) > 1:
            raise place.error(
                f"must have one of the names {', '.join(map(repr, found))}, which mean "
                "the same"
            )
        if found:
            renamed[name] = row[found[0]]
    for name in REFUSED:
        if renamed.get(name) and not renamed.get("duration_seconds"):
            raise place.error(
                "must say by `duration_seconds` where a piece of a file ends. "
                f"Received: {name}={row[name]!r}"
            )
    return renamed


def _read_seconds(place: Place, row: Mapping[str, Any], name: str) -> float | None:
    value = row.get(name)
    if value is None or value == "":
        return None
    number = parse_number(value.strip()) if isinstance(value, str) else value
    if isinstance(number, bool) or not isinstance(number, int | float):
        raise place.error(f"must have a number for `{name}`. Received: {value!r}")
    return number
