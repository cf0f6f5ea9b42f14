"""The sound files in the sub-folders of a folder, and what else lies there."""

import warnings
from collections.abc import Iterable
from pathlib import Path

from speechkit.audio._kinds import PYAV_SUFFIXES, SOUNDFILE_SUFFIXES
from speechkit.audio._pyav import HOW_TO_INSTALL, find_pyav
from speechkit.audio.audio_error import printable

_LOOSE = "in no sub-folder"
_NO_SOUND = "no suffix of sound"


def list_sound_files(path: Path, *, is_flat: bool) -> list[Path]:
    """Returns the sound files in the sub-folders of a folder, sorted.

    Args:
        path: The folder.
        is_flat: Whether files directly in the folder count, too.

    Raises:
        ValueError: If there are none, or none in a sub-folder.
    """
    if not path.is_dir():
        raise ValueError(
            f"`{printable(path)}` must be a folder with one sub-folder per label"
        )
    entries = [entry for entry in sorted(path.iterdir()) if entry.name[0] != "."]
    folders = [x for x in entries if x.is_dir() and not x.name.startswith("_")]
    loose = [x for x in entries if not x.is_dir() and _is_sound(x)]
    if not folders and not (is_flat and loose):
        raise ValueError(
            f"`{printable(path)}` must have one sub-folder per label. Received: none"
        )
    sounds, skipped = _divide(loose) if is_flat else ([], dict.fromkeys(loose, _LOOSE))
    lost: list[Path] = []
    for folder in folders:
        files = [x for x in sorted(folder.iterdir()) if x.name[0] != "."]
        found, others = _divide(files)
        if not found:
            lost.append(folder)
        sounds += found
        skipped |= others
    if lost:
        raise ValueError(_describe_loss(path, lost, skipped))
    if skipped:
        warnings.warn(
            f"`{printable(path)}` has files that are left out: {_join(path, skipped)}",
            stacklevel=3,
        )
    return sounds


def _is_sound(file: Path) -> bool:
    return file.suffix.lower() in (*SOUNDFILE_SUFFIXES, *PYAV_SUFFIXES)


def _divide(files: Iterable[Path]) -> tuple[list[Path], dict[Path, str]]:
    """Returns the sound files that can be read, and why each other cannot."""
    sounds: list[Path] = []
    others: dict[Path, str] = {}
    has_pyav: bool | None = None
    for file in files:
        suffix = file.suffix.lower()
        if suffix in PYAV_SUFFIXES and has_pyav is None:
            has_pyav = find_pyav() is not None
        if file.is_dir():
            others[file] = "a folder"
        elif suffix in SOUNDFILE_SUFFIXES or (suffix in PYAV_SUFFIXES and has_pyav):
            sounds.append(file)
        else:
            others[file] = HOW_TO_INSTALL if suffix in PYAV_SUFFIXES else _NO_SOUND
    return sounds, others


def _describe_loss(path: Path, lost: list[Path], skipped: dict[Path, str]) -> str:
    parts = []
    for folder in lost:
        inside = {x: reason for x, reason in skipped.items() if x.parent == folder}
        name = printable(folder.relative_to(path))
        parts.append(f"`{name}` has {_join(folder, inside) or 'no file at all'}")
    return (
        f"`{printable(path)}` must have a sound file that can be read in every "
        f"sub-folder, so that none is lost. Received: {', and '.join(parts)}"
    )


def _join(path: Path, others: dict[Path, str]) -> str:
    """Returns the names of files in `path`, those of one reason together."""
    by_reason: dict[str, list[str]] = {}
    for file, reason in others.items():
        name = printable(file.relative_to(path))
        by_reason.setdefault(reason, []).append(name)
    return "; ".join(
        f"{', '.join(names)} ({reason})" for reason, names in by_reason.items()
    )
