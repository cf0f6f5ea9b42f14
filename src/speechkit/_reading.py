"""Reads a text file; what is wrong with it is said with its name and line."""

from pathlib import Path


def read_text(path: Path) -> str:
    """Returns the text of a UTF-8 file, without a byte-order mark.

    Raises:
        ValueError: If the file cannot be read or is not UTF-8; the message names the
            file, and the line.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ValueError(f"`{path}` cannot be read: {error.strerror}") from None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = 1 + data.count(b"\n", 0, error.start)
        raise ValueError(f"`{path}`, line {line}, must be UTF-8 text") from None
