"""The error of every sound file that cannot be used."""

import os
from pathlib import Path


class AudioError(ValueError):
    """Says in one sentence which sound file cannot be used, and why.

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
        return f"`{self.path}` {self.reason}"
