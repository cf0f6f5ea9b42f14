"""From folders named after their label, or their speaker, to recordings."""

import os
from collections.abc import Mapping
from pathlib import Path

from speechkit._names import alike
from speechkit.datasets._naming import (
    check_name,
    check_used,
    compile_pattern,
    find_group,
)
from speechkit.datasets._sound_files import list_sound_files
from speechkit.datasets.recording import Recording


def read_folder(
    path: str | os.PathLike[str],
    *,
    speaker_pattern: str | None = None,
    text_pattern: str | None = None,
    texts: Mapping[str, str] | None = None,
) -> tuple[Recording, ...]:
    r"""Lists the sound files of a folder that has one sub-folder per label or speaker.

    The name of the sub-folder is the label, in the composed form of Unicode (NFC). With
    `text_pattern` or `texts` the text comes from the name of the file, and the name of
    the sub-folder is the speaker, unless `speaker_pattern` is given; files need no
    sub-folder then.

    Files count by their suffix, in any case: `.wav`, `.flac`, `.ogg`, `.mp3` and others
    that `audio.read` reads. Those of phones and browsers, such as `.m4a`, `.3gp`,
    `.amr` and `.webm`, need the package PyAV. Names that start with a dot are left out,
    and so are sub-folders that start with an underscore, such as the
    `_background_noise_` of Speech Commands. A warning lists every other file of the
    sub-folders that is left out, and sound files beside them.

    Args:
        path: The folder.
        speaker_pattern: Regular expression, searched in each file name, whose group
            `speaker` is the speaker: `"^(?P<speaker>[^_]+)_nohash_"` for Speech
            Commands, `r"^\d_(?P<speaker>.+)_\d+"` for the Free Spoken Digits.
            `None` leaves the speakers unknown, or to the sub-folders.
        text_pattern: Regular expression, searched in each file name, whose group `text`
            is the text, or with `texts` a key of it: `r"^(?P<text>[^_.]+)"` for
            `anna/turn left_2.wav`.
        texts: Text of each file. Without `text_pattern` a key is the path of a file in
            `path`, such as `"anna/01.wav"`, its name, or its name without the suffix:
            `"01"` is the text of all files of this name. Every file must have a text,
            and every text a file.

    Returns:
        The recordings, sorted by sub-folder and then by file name. No file is opened.

    Raises:
        ValueError: If the folder is missing, it or one of its sub-folders has no
            recording, cannot be read, or is a link to another of them, two names look
            alike, a name begins or ends with white space, a pattern has no such group
            or does not match a file name, or `texts` and the files do not fit.
    """
    path = Path(path)
    find_speaker = compile_pattern("speaker_pattern", speaker_pattern, "speaker")
    find_text = compile_pattern("text_pattern", text_pattern, "text")
    by_speaker = find_text is not None or texts is not None
    files = list_sound_files(path, is_flat=by_speaker)
    keys = [_find_keys(find_text, path, file) for file in files]
    folders = {file.parent for file in files} - {path}
    names = {folder: check_name(folder.name, folder) for folder in folders}
    labels = [names.get(file.parent, "") for file in files]
    if texts is not None:
        labels = check_used(texts, keys, files)
    elif find_text is not None:
        labels = [key for (key,) in keys]
    recordings = []
    for file, label in zip(files, labels, strict=True):
        folder = names.get(file.parent) if by_speaker else None
        speaker = find_speaker and find_group(find_speaker, "speaker", file)
        recordings.append(Recording(file, label, speaker or folder))
    return tuple(recordings)


def _find_keys(find_text, path: Path, file: Path) -> tuple[str, ...]:
    """Returns the names by which a text of `file` may be found, the best first."""
    if find_text is not None:
        return (find_group(find_text, "text", file),)
    relative = file.relative_to(path)
    names = (relative.as_posix(), relative.with_suffix("").as_posix())
    return tuple(map(alike, (*names, file.name, file.stem)))
