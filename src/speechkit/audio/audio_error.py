"""The error of every sound file that cannot be used."""

import os
import unicodedata
from pathlib import Path


class AudioError(ValueError):
    """Says in one sentence which sound file cannot be used, and why.

    Bytes of its name that are no text, and control characters, are shown by number.

    Args:
        path: The file.
        reason: What is wrong with it: the sentence after its subject.

    Example:
        >>> str(AudioError("yes.wav", "has no samples"))
        '`yes.wav` has no samples'
    """

    def __init__(self, path: str | os.PathLike[str], reason: str):
        super().__init__(path, reason)
        self.path = Path(path)
        self.reason = reason

    def __str__(self) -> str:
        return f"`{printable(self.path)}` {self.reason}"


def printable(path: str | os.PathLike[str]) -> str:
    """Returns the name of a file as text that any UTF-8 terminal can show."""
    return "".join(map(_printable_character, os.fspath(path)))


def _printable_character(character: str) -> str:
    # Surrogates stand for bytes that are not UTF-8, and cannot be printed.
    if unicodedata.category(character) not in ("Cc", "Cs"):
        return character
    if "\udc80" <= character <= "\udcff":
        return f"\\x{ord(character) - 0xDC00:02x}"
    return character.encode("unicode_escape").decode()
