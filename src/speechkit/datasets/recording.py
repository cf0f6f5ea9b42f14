"""One sound file and what is known of it."""

import dataclasses
from pathlib import Path


@dataclasses.dataclass(frozen=True)
class Recording:
    """Describes a sound file of a data set.

    Attributes:
        path: The file.
        text: What is said in it: a label or a transcript.
        speaker: Name of who says it; `None` if unknown.
        split: Name of the part of the data set it belongs to; `None` if none.

    Example:
        >>> Recording(Path("yes/anna_0.wav"), "yes", speaker="anna").text
        'yes'
    """

    path: Path
    text: str
    speaker: str | None = None
    split: str | None = None
