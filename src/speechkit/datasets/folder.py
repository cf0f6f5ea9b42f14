"""From folders named after their label to recordings."""

import os
import re
from pathlib import Path

from speechkit.datasets.recording import Recording

_SUFFIXES = (".wav", ".flac", ".ogg", ".mp3")


def read_folder(
    path: str | os.PathLike[str], *, speaker_pattern: str | None = None
) -> tuple[Recording, ...]:
    r"""Lists the sound files of a folder that has one sub-folder per label.

    The name of the sub-folder is the label. Files count whose suffix is `.wav`,
    `.flac`, `.ogg` or `.mp3`, in any case. Names that start with a dot are left out,
    and so are sub-folders that start with an underscore, such as the
    `_background_noise_` of Speech Commands.

    Args:
        path: The folder.
        speaker_pattern: Regular expression, searched in each file name, whose group
            `speaker` is the speaker: `"^(?P<speaker>[^_]+)_nohash_"` for Speech
            Commands, `r"^\d_(?P<speaker>.+)_\d+"` for the Free Spoken Digits.
            `None` leaves the speakers unknown.

    Returns:
        The recordings, sorted by label and then by file name. No file is opened.

    Raises:
        ValueError: If the folder is missing, has no sub-folder or no sound file, or
            if `speaker_pattern` has no group `speaker` or does not match a file name.
    """
    path = Path(path)
    pattern = None if speaker_pattern is None else _compile(speaker_pattern)
    return tuple(
        Recording(file, file.parent.name, pattern and _find_speaker(pattern, file))
        for file in _list_files(path)
    )


def _list_files(path: Path) -> list[Path]:
    if not path.is_dir():
        raise ValueError(f"`{path}` must be a folder with one sub-folder per label")
    labels = [
        folder
        for folder in sorted(path.iterdir())
        if folder.is_dir() and not folder.name.startswith((".", "_"))
    ]
    if not labels:
        raise ValueError(f"`{path}` must have one sub-folder per label. Received: none")
    files = [file for label in labels for file in sorted(label.iterdir())]
    sounds = [
        file
        for file in files
        if file.suffix.lower() in _SUFFIXES and not file.name.startswith(".")
    ]
    if not sounds:
        raise ValueError(
            f"`{path}` must have files ending in {', '.join(_SUFFIXES)} in its "
            "sub-folders. Received: none"
        )
    return sounds


def _compile(speaker_pattern: str) -> re.Pattern[str]:
    try:
        pattern = re.compile(speaker_pattern)
    except (re.error, TypeError) as error:
        reason = f"is wrong: {error}"
    else:
        if "speaker" in pattern.groupindex:
            return pattern
        reason = "has no such group"
    raise ValueError(
        "`speaker_pattern` must be a regular expression with a group `(?P<speaker>…)`. "
        f"Received: speaker_pattern={speaker_pattern!r}, which {reason}"
    )


def _find_speaker(pattern: re.Pattern[str], file: Path) -> str:
    match = pattern.search(file.name)
    if match is None or not match["speaker"]:
        raise ValueError(
            "`speaker_pattern` must find the speaker in every file name. "
            f"Received: speaker_pattern={pattern.pattern!r}, with none in `{file}`"
        )
    return match["speaker"]
