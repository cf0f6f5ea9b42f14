"""Sound files that libsndfile decodes."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import soundfile

from speechkit.audio import _following, _integrity, _ogg
from speechkit.audio._files import FilePart
from speechkit.audio._sound import BLOCK_SIZE, Block
from speechkit.audio.audio_error import AudioError

# What libsndfile gives for FLAC from a pipe. It then fails to read the last block.
_UNKNOWN_LENGTH = 2**63 - 1
# In a byte: GSM and ADPCM have 5.
_MOST_SAMPLES = 16


class _SoundFile(soundfile.SoundFile):
    """A file of libsndfile, which gets lost where it seeks in MP3 and Vorbis.

    `soundfile` seeks after each block, to where it is: in MP3 the next one begins with
    zeros. In Vorbis a place near the end is missed by some hundred samples.
    """

    def seekable(self) -> bool:
        is_lost = self.subtype == "VORBIS" or self.subtype.startswith("MPEG")
        return not is_lost and super().seekable()


class SoundfileSound:
    """A file that libsndfile has opened."""

    def __init__(self, sound: soundfile.SoundFile, states_length: bool):
        self._sound = sound
        self.encoding: str = sound.format
        self.sampling_rate: int = sound.samplerate
        self.num_channels: int = sound.channels
        self.num_samples: int | None = sound.frames if states_length else None

    def count_samples(self) -> int:
        if self.num_samples is None and self._sound.format != "MP3":
            # libsndfile can only guess how much MP3 in a WAV file gives.
            return sum(map(len, self.read_blocks(0)))
        return self._sound.frames

    def read_blocks(self, start: int) -> Iterator[Block]:
        length = max(1, BLOCK_SIZE // self.num_channels)
        if self._sound.seekable():
            self._sound.seek(start)
            start = 0
        while True:
            block = self._sound.read(length, dtype="float32", always_2d=True)
            if not len(block):
                return
            if start < len(block):
                yield block[start:]
            start = max(0, start - len(block))


class ChainedSound:
    """Recordings that stand one after the other in one file."""

    def __init__(self, sounds: list[SoundfileSound]):
        self._sounds = sounds
        first = sounds[0]
        self.encoding = first.encoding
        self.sampling_rate = first.sampling_rate
        self.num_channels = first.num_channels
        self.num_samples: int | None = sum(sound.count_samples() for sound in sounds)

    def count_samples(self) -> int:
        return sum(sound.count_samples() for sound in self._sounds)

    def read_blocks(self, start: int) -> Iterator[Block]:
        for sound in self._sounds:
            length = sound.count_samples()
            if start < length:
                yield from sound.read_blocks(start)
            start = max(0, start - length)


@contextlib.contextmanager
def open_with_soundfile(
    path: Path, file: BinaryIO, size: int, is_read: bool
) -> Iterator[SoundfileSound | ChainedSound]:
    """Yields an opened file; raises `LibsndfileError` if it is of another format."""
    with contextlib.ExitStack() as stack:
        sounds = [
            stack.enter_context(_open(source))
            for source in _find_parts(path, file, size, is_read)
        ]
        first = sounds[0]
        if first.frames == _UNKNOWN_LENGTH:
            raise AudioError(
                path,
                "does not state its length, as FLAC written to a pipe; "
                "converting it once more, into a file, states it",
            )
        if len({sound.samplerate for sound in sounds}) > 1:
            raise AudioError(
                path,
                "is several recordings of different sampling rates, one after the "
                "other; write each to a file of its own",
            )
        if not _can_hold(first, size):
            raise AudioError(
                path,
                f"is truncated or damaged: its header promises {first.frames} samples, "
                f"more than its {size} bytes can hold",
            )
        is_mpeg = first.subtype.startswith("MPEG")  # in MP3 or WAV
        states_length = not is_mpeg or _integrity.states_length(file)
        opened = [SoundfileSound(sound, states_length) for sound in sounds]
        yield opened[0] if len(opened) == 1 else ChainedSound(opened)


def _can_hold(sound: soundfile.SoundFile, size: int) -> bool:
    """Returns whether a file of `size` bytes can hold what its header promises.

    libsndfile would decode silence, for hours. Where silence takes hardly any bytes,
    the end of the file ends it.
    """
    is_dense = (
        sound.format not in ("FLAC", "OGG", "MP3") and "ALAC" not in sound.subtype
    )
    return not is_dense or sound.frames * sound.channels <= _MOST_SAMPLES * size


def _open(source: str | bytes | FilePart) -> soundfile.SoundFile:
    try:
        sound = _SoundFile(source)
    except TypeError:  # a name ending in .raw, of which nothing is known
        raise soundfile.LibsndfileError(1) from None
    if sound.format == "RAW":  # libsndfile guesses by a name such as .vox or .gsm
        sound.close()
        raise soundfile.LibsndfileError(1)
    return sound


def _find_parts(
    path: Path, file: BinaryIO, size: int, is_read: bool
) -> list[str | bytes | FilePart]:
    """Returns what libsndfile is to open: the file, or repaired parts of it."""
    file.seek(0)
    if file.read(4) == b"OggS":
        return _find_ogg_parts(path, file, size, is_read)
    unstated = _integrity.find_unstated_size(file, size)
    end = _integrity.find_stated_end(file)
    if unstated is None and (end is None or end >= size):
        return [_name(path)]
    patches = {} if unstated is None else dict([unstated])
    return [FilePart(file, [(0, min(end or size, size))], patches)]


def _find_ogg_parts(
    path: Path, file: BinaryIO, size: int, is_read: bool
) -> list[str | bytes | FilePart]:
    sounds = _ogg.find_sounds(path, file, size, is_checked=is_read)
    reason = _following.find_near(file, sounds[-1].end, size)
    if reason is not None:
        raise AudioError(path, reason)
    if len(sounds) == 1 and sounds[0].is_marked and sounds[0].pages == [(0, size)]:
        return [_name(path)]
    return [FilePart(file, sound.pages, _mark_end(file, sound)) for sound in sounds]


def _mark_end(file: BinaryIO, sound: _ogg.OggSound) -> dict[int, bytes]:
    if sound.is_marked:
        return {}
    file.seek(sound.last_page)
    page = file.read(sound.end - sound.last_page)
    return {sound.last_page: _ogg.mark_last_page(page)}


def _name(path: Path) -> str | bytes:
    """Returns a path as `soundfile` takes it; as text it must be UTF-8."""
    return str(path) if os.name == "nt" else os.fsencode(path)
