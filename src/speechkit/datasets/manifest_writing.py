"""From recordings to manifest files."""

import csv
import json
import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TextIO

from speechkit import _checks
from speechkit._replacing import replacing_text
from speechkit._rows import find_delimiter
from speechkit.datasets._manifest_format import OPTIONAL, PIECE_COLUMNS
from speechkit.datasets.recording import Recording

# A reader of Python takes no more in a column.
_LONGEST = 2**17

Row = dict[str, str | float | None]


def write_manifest(
    recordings: Iterable[Recording], path: str | os.PathLike[str]
) -> None:
    """Writes a manifest that `read_manifest` reads.

    Paths inside the folder of the manifest become relative to it, so that the folder
    can be moved; others become absolute. An empty speaker or split is read as `None`.
    The file appears when it is complete.

    Args:
        recordings: What to list.
        path: The manifest: `.csv`, `.tsv`, `.jsonl` or `.json`, in an existing folder.

    Raises:
        ValueError: If the suffix is another, the folder is missing, `recordings` is
            empty, or a value is no text or one that `read_manifest` would not take.
    """
    path = Path(path)
    delimiter = find_delimiter(path)
    recordings = tuple(recordings)
    is_piece = any(r.start_seconds or r.duration_seconds for r in recordings)
    pieces = PIECE_COLUMNS if is_piece else ()
    folder = path.parent.absolute()
    rows = [_make_row(folder, recording, pieces) for recording in recordings]
    if not rows:
        raise ValueError(
            "`recordings` must have at least one recording. Received: none"
        )
    with replacing_text(path) as file:
        _write_rows(file, rows, delimiter)


def _make_row(folder: Path, recording: Recording, pieces: Sequence[str]) -> Row:
    file = Path(recording.path).absolute()
    if file.is_relative_to(folder):
        file = file.relative_to(folder)
    row = {
        "path": file.as_posix(),
        "text": recording.text,
        "speaker": recording.speaker,
        "split": recording.split,
    }
    for name, value in row.items():
        if value is None and name in OPTIONAL:
            continue
        text = _checks.check_writable(name, value)
        if len(text) > _LONGEST:
            raise ValueError(
                f"`{name}` must have at most {_LONGEST} characters, as readers of "
                f"columns take no more. Received: {len(text)} characters"
            )
    return {**row, **{name: getattr(recording, name) for name in pieces}}


def _write_rows(file: TextIO, rows: list[Row], delimiter: str | None) -> None:
    if delimiter is None:
        file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        return
    # Before Python 3.13 a lone carriage return gets no quotes unless everything does.
    returns = any("\r" in str(value) for row in rows for value in row.values())
    writer = csv.DictWriter(
        file,
        tuple(rows[0]),
        delimiter=delimiter,
        lineterminator="\n",
        quoting=csv.QUOTE_ALL if returns else csv.QUOTE_MINIMAL,
    )
    writer.writeheader()
    writer.writerows(rows)
