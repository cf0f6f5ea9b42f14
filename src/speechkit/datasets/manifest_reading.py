"""From manifest files to recordings."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from speechkit._reading import Place
from speechkit._rows import read_rows
from speechkit.datasets._manifest_format import COLUMNS, OPTIONAL
from speechkit.datasets.recording import Recording


def read_manifest(path: str | os.PathLike[str]) -> tuple[Recording, ...]:
    """Lists the recordings that a manifest names.

    A `.csv` or `.tsv` file has a header line. A `.jsonl` or `.json` file has one JSON
    object on each line. The names are `path`, `text`, `speaker` and `split`; others
    are ignored. `speaker` and `split` may be absent or empty. The file is UTF-8,
    plain or compressed by gzip.

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
    for name in COLUMNS:
        value = row.get(name)
        optional = name in OPTIONAL and value is None
        if not isinstance(value, str) and not optional:
            received = f"{name}={value!r}" if name in row else f"{', '.join(row)}"
            raise place.error(f"must have a text `{name}`. Received: {received}")
    if not row["path"]:
        raise place.error("must have a `path`. Received: an empty one")
    return Recording(
        path=folder / row["path"],
        text=row["text"],
        speaker=row.get("speaker") or None,
        split=row.get("split") or None,
    )
