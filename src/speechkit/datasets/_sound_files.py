"""The sound files in the sub-folders of a folder, and what else lies there."""

import warnings
from collections.abc import Iterable
from pathlib import Path

from speechkit._names import by_form
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
    try:
        is_folder = path.is_dir()
    except OSError:  # a name that is too long
        is_folder = False
    if not is_folder:
        raise ValueError(
            f"`{printable(path)}` must be a folder with one sub-folder per label"
        )
    entries = _list(path)
    folders = [x for x in entries if x.is_dir() and not x.name.startswith("_")]
    _check_different(path, folders)
    loose = [x for x in entries if not x.is_dir() and _is_sound(x)]
    if not folders and not (is_flat and loose):
        raise ValueError(
            f"`{printable(path)}` must have one sub-folder per label. Received: none"
        )
    sounds, skipped = _divide(loose) if is_flat else ([], dict.fromkeys(loose, _LOOSE))
    lost: list[Path] = []
    for folder in folders:
        files = _list(folder)
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


def _list(folder: Path) -> list[Path]:
    """Returns what lies in a folder, sorted, without hidden files.

    Raises:
        ValueError: If the folder cannot be read, or two names look alike.
    """
    try:
        entries = sorted(folder.iterdir())
    except OSError as error:
        raise ValueError(
            f"`{printable(folder)}` cannot be read: {error.strerror}"
        ) from None
    visible = {entry.name: entry for entry in entries if entry.name[0] != "."}
    by_form(f"`{printable(folder)}`", visible)
    return list(visible.values())


def _check_different(path: Path, folders: list[Path]) -> None:
    """Raises if a link makes two labels of one folder, or one of the whole."""
    places = {path.resolve(): path}
    for folder in folders:
        place = folder.resolve()
        if place in places:
            raise ValueError(
                f"`{printable(path)}` must have different sub-folders. Received: "
                f"`{printable(folder)}`, a link to `{printable(places[place])}`"
            )
        places[place] = folder


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
