"""Sound files that libsndfile decodes."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import soundfile

from speechkit.audio import _integrity, _ogg
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
        is_lost = self.format == "MP3" or self.subtype == "VORBIS"
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
    path: Path, file: BinaryIO, size: int
) -> Iterator[SoundfileSound | ChainedSound]:
    """Yields an opened file; raises `LibsndfileError` if it is of another format."""
    with contextlib.ExitStack() as stack:
        sounds = [
            stack.enter_context(_open(source))
            for source in _find_parts(path, file, size)
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
        states_length = first.format != "MP3" or _integrity.states_length(file)
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


def _find_parts(path: Path, file: BinaryIO, size: int) -> list[str | bytes | FilePart]:
    """Returns what libsndfile is to open: the file, or repaired parts of it."""
    file.seek(0)
    if file.read(4) == b"OggS":
        pages = _ogg.find_pages(file, size)
        if pages is None:
            raise AudioError(path, _ogg.TRUNCATED)
        if len(pages.starts) == 1 and pages.is_marked and pages.end == size:
            return [_name(path)]
        patches = {} if pages.is_marked else _mark_end(file, pages)
        ends = (*pages.starts[1:], pages.end)
        return [
            FilePart(file, start, end, patches)
            for start, end in zip(pages.starts, ends, strict=True)
        ]
    unstated = _integrity.find_unstated_size(file, size)
    if unstated is not None:
        return [FilePart(file, 0, size, dict([unstated]))]
    return [_name(path)]


def _mark_end(file: BinaryIO, pages: _ogg.OggPages) -> dict[int, bytes]:
    file.seek(pages.last_page)
    page = file.read(pages.end - pages.last_page)
    return {pages.last_page: _ogg.mark_last_page(page)}


def _name(path: Path) -> str | bytes:
    """Returns a path as `soundfile` takes it; as text it must be UTF-8."""
    return str(path) if os.name == "nt" else os.fsencode(path)
