"""From sound files to waveforms."""

import dataclasses
import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt

from speechkit._checks import check_int, check_number
from speechkit.audio._opening import open_sound
from speechkit.audio._sound import Block, Sound
from speechkit.audio.audio_error import AudioError
from speechkit.audio.channels import mono
from speechkit.audio.resampling import resample_blocks

# Lossy and float files may pass full scale a little; beyond this they have another.
_LARGEST_PEAK = 16.0


def read(
    path: str | os.PathLike[str],
    sampling_rate: int | None = None,
    *,
    start_seconds: float = 0.0,
    duration_seconds: float | None = None,
    max_seconds: float | None = None,
) -> npt.NDArray[np.float32]:
    """Reads a sound file, or a piece of it, as one channel.

    WAV, FLAC, OGG, MP3, AIFF, CAF, SPHERE and other formats of libsndfile are read
    everywhere. M4A, MP4, MOV, 3GP, AMR, AAC, WebM, Matroska, WMA and others of FFmpeg
    need the package PyAV. What a file holds decides, not its suffix. Silence that an
    encoder adds at the start and the end is left out where the file states how much.

    Several channels become their mean. Samples beyond full scale, which float and
    lossy files may have and resampling may make, are clipped to [-1, 1].

    A file that ends too early is an error wherever its header states how much there
    is. Nothing is stated by IRCAM, PAF, PVF, SD2 and XI, by WAV whose writer could not
    go back to its header, and, between two of their frames or pages, by AMR, AAC, MP2,
    MP3 without a table of its frames, OGG without a mark at its end, WebM of a stream
    and MP4 of fragments: there the rest reads as a shorter file.

    Damage is an error wherever it can be seen: FLAC, OGG, WavPack, TTA and many
    Matroska files have checksums, and the frames of MP3, AAC, AMR and WebM must follow
    each other. Not seen are changed samples of WAV and its like, and what decodes
    within a frame of MP3, AAC, ALAC, AMR, WMA or Opus in WebM.

    OGG files that were joined to one are read one after the other, and so are streams
    of AAC, MP2 and MP3 that have no table of frames. Every other file in which a second
    recording follows the first is an error. What else stands behind the stated end,
    such as a tag, is left out.

    Args:
        path: The file.
        sampling_rate: Rate of the result, in hertz. `None` keeps that of the file,
            which `info` tells.
        start_seconds: Where the piece begins, in seconds; the nearest sample counts.
        duration_seconds: Length of the piece, in seconds. It must end within the file.
            `None` reads to the end. WAV, FLAC, Opus and MP4 are not decoded before the
            piece; Vorbis, MP3, WebM and AMR are. A piece counts as zero outside when it
            is resampled.
        max_seconds: Longest waveform that is decoded, in seconds. `None` sets no limit.

    Returns:
        Samples from -1 to 1, float32, `(samples,)`.

    Raises:
        AudioError: If the file is missing, not a sound file, truncated, damaged,
            several recordings, longer than `max_seconds`, shorter than the piece,
            without samples or with samples that are NaN, infinite or on another scale;
            or if PyAV is needed.
        ValueError: If a number is out of range.
    """
    path = Path(path)
    if sampling_rate is not None:
        sampling_rate = check_int("sampling_rate", sampling_rate)
    check_number("start_seconds", start_seconds)
    if duration_seconds is not None:
        check_number("duration_seconds", duration_seconds, above=True)
    if max_seconds is not None:
        check_number("max_seconds", max_seconds)
    is_whole = duration_seconds is None
    with open_sound(path, is_read=True, is_read_whole=is_whole) as sound:
        rate = sound.sampling_rate
        start = round(start_seconds * rate)
        stop = None
        if duration_seconds is not None:
            stop = start + round(duration_seconds * rate)
        piece = _Piece(path, sound, start, stop, max_seconds)
        resampled = resample_blocks(
            piece.decode(), from_rate=rate, to_rate=sampling_rate or rate
        )
        blocks = [block.clip(-1, 1) for block in resampled]
        return blocks[0] if len(blocks) == 1 else np.concatenate(blocks)


@dataclasses.dataclass(frozen=True)
class _Piece:
    """Describes what to decode: from `start` to before `stop`, or to the end."""

    path: Path
    sound: Sound
    start: int
    stop: int | None
    max_seconds: float | None

    def decode(self) -> Iterator[npt.NDArray[np.floating]]:
        """Yields the samples as one channel; checks how many and which they are."""
        stated = self.sound.num_samples
        if stated is not None:
            self._check_end(stated)
            self._check_limit((self.stop or stated) - self.start, "")
        position = self.start
        for block in self.sound.read_blocks(self.start):
            block = block if self.stop is None else block[: self.stop - position]
            position += len(block)
            self._check_limit(position - self.start, "at least ")
            _check_samples(self.path, block)
            yield mono(block)
            if position == self.stop:
                return
        if stated is not None and position < stated:
            raise AudioError(
                self.path,
                f"is truncated: its header promises {stated} samples, "
                f"{position} are there",
            )
        self._check_end(position)

    def _check_end(self, num_samples: int) -> None:
        """Raises if a file of so many samples ends before the piece does."""
        if num_samples == 0:
            raise AudioError(self.path, "has no samples")
        if self.stop == self.start:
            raise AudioError(self.path, "has no sample in a piece as short as this")
        if num_samples < (self.stop or self.start + 1):
            rate = self.sound.sampling_rate
            end = "on" if self.stop is None else f"to {self.stop / rate:g} s"
            raise AudioError(
                self.path,
                f"lasts {num_samples / rate:g} s, too short for a piece "
                f"from {self.start / rate:g} s {end}",
            )

    def _check_limit(self, num_samples: int, more: str) -> None:
        seconds = num_samples / self.sound.sampling_rate
        if self.max_seconds is not None and seconds > self.max_seconds:
            raise AudioError(
                self.path,
                f"lasts {more}{seconds:g} s, "
                f"more than the {self.max_seconds:g} s that are accepted",
            )


def _check_samples(path: Path, samples: Block) -> None:
    peak = max(samples.max(), -samples.min())
    if not np.isfinite(peak):
        raise AudioError(path, "has samples that are NaN or infinite")
    if peak > _LARGEST_PEAK:
        raise AudioError(
            path, f"has samples up to {peak:g}, where full scale is from -1 to 1"
        )
