"""Opens sound files, with one clear sentence for those that cannot be."""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import soundfile

from speechkit.audio import _integrity, _kinds, _pyav
from speechkit.audio._files import open_file
from speechkit.audio._sound import Sound
from speechkit.audio._soundfile import open_with_soundfile
from speechkit.audio.audio_error import AudioError

# Sound of another rate would be gigabytes, or nothing, at that of speech.
_LEAST_RATE, _LARGEST_RATE = 1000, 1_000_000
_CONVERT = "which is not read; convert it to WAV, FLAC or MP3"
_NOT_SOUND = "is not a WAV, FLAC, OGG or MP3 file, or its header is damaged"


@contextlib.contextmanager
def open_sound(
    path: Path, *, is_read: bool = False, is_read_whole: bool = False
) -> Iterator[Sound]:
    """Opens `path`; whatever a decoder says in the block becomes an `AudioError`.

    Args:
        path: The file.
        is_read: Whether samples are wanted. Otherwise faults that only show behind the
            header are not looked for.
        is_read_whole: Whether all of them are wanted.
    """
    with open_file(path) as (file, size), _open(path, file, size, is_read) as sound:
        if is_read:
            _raise(
                path,
                _integrity.search_fault(file, size, is_read_whole=is_read_whole),
            )
        if not _LEAST_RATE <= sound.sampling_rate <= _LARGEST_RATE:
            raise AudioError(
                path,
                f"states a sampling rate of {sound.sampling_rate} Hz; those that are "
                f"read go from {_LEAST_RATE} to {_LARGEST_RATE} Hz",
            )
        try:
            yield sound
        except soundfile.SoundFileError:
            raise AudioError(
                path,
                f"is truncated or damaged: not all of its {sound.encoding} decodes",
            ) from None
        except MemoryError:
            raise AudioError(path, "does not fit into memory") from None
        except OSError as error:
            raise AudioError(path, f"cannot be read: {error.strerror}") from None


@contextlib.contextmanager
def _open(path: Path, file: BinaryIO, size: int, is_read: bool) -> Iterator[Sound]:
    _raise(path, _integrity.find_fault(file, size, is_read=is_read))
    with contextlib.ExitStack() as stack:
        sound: Sound | None = None
        with contextlib.suppress(soundfile.SoundFileError):
            sound = stack.enter_context(open_with_soundfile(path, file, size, is_read))
        if sound is None:
            sound = stack.enter_context(_open_with_pyav(path, file, size))
        yield sound


def _open_with_pyav(
    path: Path, file: BinaryIO, size: int
) -> contextlib.AbstractContextManager[Sound]:
    kind = _kinds.find_kind(file)
    av = _pyav.find_pyav()
    if kind is None:
        name = _kinds.find_refused(file)
        raise AudioError(path, f"is {name}, {_CONVERT}" if name else _NOT_SOUND)
    if av is None:
        which = (
            "whose header is damaged, or whose encoding"
            if kind.in_soundfile
            else "which"
        )
        raise AudioError(path, f"is {kind.name}, {which} {_pyav.HOW_TO_INSTALL}")
    return _pyav.open_with_pyav(path, file, size, kind, av)


def _raise(path: Path, reason: str | None) -> None:
    if reason is not None:
        raise AudioError(path, reason)
