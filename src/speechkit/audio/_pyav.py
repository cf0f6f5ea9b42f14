"""Sound files that FFmpeg decodes, in the optional package PyAV."""

import contextlib
import fractions
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from speechkit._optional import pip_install
from speechkit.audio import _chunks, _kinds, _movies
from speechkit.audio._files import FilePart
from speechkit.audio._kinds import Kind
from speechkit.audio._sound import BLOCK_SIZE, Block
from speechkit.audio.audio_error import AudioError

HOW_TO_INSTALL = f"needs the package PyAV: {pip_install('av')}"
# FFmpeg compares checksums only if it is told to.
_HAVE_CHECKSUMS = ("ape", "flac", "tta", "wavpack")
# Encoders add a part of a frame, or lose it.
_LARGEST_LOSS_SECONDS = 0.15
# A decoder must be given some sound before the first sample wanted: Opus, 80 ms.
_RUN_UP_SECONDS = 0.5


def find_pyav() -> types.ModuleType | None:
    """Returns the module of PyAV; `None` if it is not installed."""
    try:
        import av
    except ImportError:
        return None
    return av


class PyavSound:
    """The first stream of sound in a file that FFmpeg has opened."""

    def __init__(self, path: Path, file: BinaryIO, container: Any, kind: Kind):
        if not container.streams.audio:
            raise AudioError(path, "has no sound in it, only pictures or text")
        stream = container.streams.audio[0]
        if stream.codec_context is None or not stream.codec_context.sample_rate:
            raise AudioError(path, "has sound in an encoding that FFmpeg does not know")
        self._path, self._container, self._stream = path, container, stream
        self._is_exact = kind.is_exact
        self._states_duration = _movies.states_duration(file)
        if stream.codec_context.name in _HAVE_CHECKSUMS:
            stream.codec_context.options = {"err_detect": "crccheck+explode"}
        self.encoding: str = kind.name
        self.sampling_rate: int = stream.codec_context.sample_rate
        self.num_channels: int = stream.codec_context.channels
        self.num_samples: int | None = None
        # Some programs state here what whole packets would hold.
        self.most_samples: int | None = None
        if kind.is_exact and stream.duration:
            self.num_samples = self._to_samples(stream.duration)

    def count_samples(self) -> int:
        return sum(map(len, self.read_blocks(0)))

    def read_blocks(self, start: int) -> Iterator[Block]:
        kept: list[Block] = []
        size = 0
        for block in self._cut(self._decode_from(start), start):
            kept.append(block)
            size += block.size
            if size >= BLOCK_SIZE:
                yield np.concatenate(kept)
                kept, size = [], 0
        if kept:
            yield np.concatenate(kept)

    def _cut(self, frames: Iterator[tuple[int, Block]], start: int) -> Iterator[Block]:
        """Yields what lies from `start` to the stated end, which cuts a last frame."""
        waiting: Block | None = None
        end = 0
        for position, frame in frames:
            if waiting is not None:
                yield waiting
            end = position + len(frame)
            waiting = frame[max(0, start - position) :] if end > start else None
        if waiting is not None:
            excess = max(0, end - (self.num_samples or self.most_samples or end))
            yield waiting[: len(waiting) - excess] if excess < len(waiting) else waiting

    def _decode_from(self, start: int) -> Iterator[tuple[int, Block]]:
        """Yields frames and the sample each begins at, early enough for `start`."""
        run_up = round(_RUN_UP_SECONDS * self.sampling_rate)
        is_sought = self._is_exact and start > run_up
        if is_sought:
            seconds = fractions.Fraction(start - run_up, self.sampling_rate)
            offset = int(seconds / self._stream.time_base) + self._first_time()
            self._container.seek(offset, stream=self._stream)
        position: int | None = None
        for frame in self._frames():
            if frame.sample_rate != self.sampling_rate:
                raise AudioError(self._path, "changes its sampling rate on the way")
            if position is None:
                position = 0
                if is_sought and frame.pts is not None:
                    position = self._to_samples(frame.pts - self._first_time())
            try:
                block = _to_floats(frame)
            except ValueError:  # NumPy arrays are not made of every format
                raise AudioError(
                    self._path,
                    f"has samples of the kind {frame.format.name}, which is not read",
                ) from None
            yield position, block
            position += len(block)
        if not is_sought:
            self._check_duration((position or 0) / self.sampling_rate)

    def _check_duration(self, seconds: float) -> None:
        """Raises if much less was decoded than a header states."""
        stated = self._container.duration
        is_alone = len(self._container.streams) == 1
        is_known = stated and self._states_duration and is_alone
        # FFmpeg counts microseconds.
        if is_known and seconds + _LARGEST_LOSS_SECONDS < stated / 1e6:
            raise AudioError(
                self._path,
                f"is truncated or damaged: its header promises {stated / 1e6:g} s, "
                f"{seconds:g} s are there",
            )

    def _frames(self) -> Iterator[Any]:
        try:
            yield from self._container.decode(self._stream)
        except IndexError:  # PyAV knows only the streams that the header lists
            raise AudioError(
                self._path, "is damaged: another stream begins within it"
            ) from None

    def _first_time(self) -> int:
        return self._stream.start_time or 0

    def _to_samples(self, time: int) -> int:
        return round(time * self._stream.time_base * self.sampling_rate)


@contextlib.contextmanager
def open_with_pyav(
    path: Path, file: BinaryIO, size: int, kind: Kind, av: types.ModuleType
) -> Iterator[PyavSound]:
    """Yields an opened file; what FFmpeg says becomes an `AudioError`."""
    packets = _chunks.find_packets(file) if kind.demuxer == "caf" else None
    try:
        container = av.open(_make_source(file, size, packets), format=kind.demuxer)
    except (av.FFmpegError, ValueError):
        raise AudioError(
            path, f"is not {kind.name} as it seems, or its header is damaged"
        ) from None
    with container:
        try:
            sound = PyavSound(path, file, container, kind)
            if packets is not None:
                sound.most_samples = packets[1]
            yield sound
        except av.FFmpegError:
            raise AudioError(
                path, f"is truncated or damaged: not all of it decodes as {kind.name}"
            ) from None


def _make_source(
    file: BinaryIO, size: int, packets: tuple[int, int] | None
) -> FilePart:
    """Returns what FFmpeg is to open: the file behind a tag, which it does not know.

    It would take what the last packet lacks away from one that is shorter already.
    """
    patches = {} if packets is None else {packets[0] + 20: bytes(4)}
    return FilePart(file, [(_kinds.skip_tag(file), size)], patches)


def _to_floats(frame: Any) -> Block:
    """Returns the samples of a frame, `(samples, channels)`, from -1 to 1."""
    values = frame.to_ndarray()
    is_planar = frame.format.is_planar
    values = values.T if is_planar else values.reshape(frame.samples, -1)
    if values.dtype.kind == "u":
        return ((values.astype(np.float32) - 128) / 128).astype(np.float32)
    if values.dtype.kind == "i":
        scale = 2.0 ** (1 - 8 * values.dtype.itemsize)
        return (values * scale).astype(np.float32)
    return values.astype(np.float32, copy=False)
