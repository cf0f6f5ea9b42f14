"""Writes a file so that it is there whole or not at all."""

import contextlib
import secrets
from collections.abc import Iterator
from pathlib import Path


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Yields a new name beside `path`; the file there becomes `path` at the end.

    If the block raises, the new file is removed and `path` stays as it was.
    """
    # No `tempfile`: it makes files that only their owner may read.
    temporary = path.with_name(f".{path.stem}-{secrets.token_hex(4)}{path.suffix}")
    try:
        yield temporary
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
