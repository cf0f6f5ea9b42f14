"""What the reader and the writer of manifests agree on."""

from pathlib import Path

COLUMNS = ("path", "text", "speaker", "split")
_DELIMITERS = {".csv": ",", ".tsv": "\t", ".jsonl": None, ".json": None}


def find_delimiter(path: Path) -> str | None:
    """Returns what separates the columns; `None` for JSON lines.

    Raises:
        ValueError: If the suffix is none of a manifest.
    """
    suffix = path.suffix.lower()
    if suffix not in _DELIMITERS:
        raise ValueError(
            f"`path` must end in {', '.join(_DELIMITERS)}. Received: path={str(path)!r}"
        )
    return _DELIMITERS[suffix]
