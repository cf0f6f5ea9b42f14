"""Opens sound files, with one clear sentence for those that cannot be."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import soundfile

from speechkit.audio._integrity import find_missing_end
from speechkit.audio.audio_error import AudioError

# What libsndfile gives for FLAC from a pipe. It then fails to read the last block.
UNKNOWN_LENGTH = 2**63 - 1
_BLOCK_LENGTH = 2**20


@contextlib.contextmanager
def open_sound(path: Path) -> Iterator[soundfile.SoundFile]:
    """Opens `path`; whatever libsndfile says in the block becomes an `AudioError`."""
    _check_file(path)
    try:
        sound = soundfile.SoundFile(path)
    except (soundfile.LibsndfileError, TypeError):  # TypeError: a name ending in .raw
        raise AudioError(
            path, "is not a WAV, FLAC, OGG or MP3 file, or its header is damaged"
        ) from None
    with sound:
        try:
            yield sound
        except soundfile.LibsndfileError:
            raise AudioError(
                path, f"is truncated or damaged: not all of its {sound.format} decodes"
            ) from None


def decode_blocks(sound: soundfile.SoundFile) -> Iterator[npt.NDArray[np.float32]]:
    """Yields `(samples, channels)` blocks; a header never decides how much memory."""
    while True:
        block = sound.read(_BLOCK_LENGTH, dtype="float32", always_2d=True)
        if not len(block):
            return
        yield block


def _check_file(path: Path) -> None:
    if path.is_dir():
        raise AudioError(path, "is a folder, not a sound file")
    try:
        with path.open("rb") as file:
            size = file.seek(0, 2)
            file.seek(0)
            reason = find_missing_end(file, size)
    except FileNotFoundError:
        raise AudioError(path, "does not exist") from None
    except OSError as error:
        raise AudioError(path, f"cannot be opened: {error.strerror}") from None
    if size == 0:
        raise AudioError(path, "is empty (0 bytes)")
    if reason is not None:
        raise AudioError(path, reason)
