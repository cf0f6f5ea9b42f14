"""Finds files that end too early where decoders would read what is left."""

import struct
from typing import BinaryIO

from speechkit.audio import _chunks, _following, _headers, _movies
from speechkit.audio._chunks import Chunk

_LARGEST_MP3_FRAME = 1441
# libsndfile itself states this many bytes more than it writes.
_MATLAB_EXCESS = 8


def find_missing_end(file: BinaryIO, size: int) -> str | None:
    """Returns the fault at the end of a file of `size` bytes; `None` if it is whole.

    FLAC and MP3 show it when they are decoded. The others that `read` names have no
    header that states how much there is.
    """
    reason = _following.find_second_recording(file)
    if reason is not None:
        return reason
    layout = _chunks.find_layout(file)
    if layout is None:
        stated = _headers.find_stated_samples(file)
        return _compare(stated, size) or _movies.find_missing_end(file, size)
    if not layout.samples:
        ends = [chunk.end for chunk in _chunks.walk(file, layout, layout.first)]
        return _compare((0, max(ends, default=0) - _MATLAB_EXCESS), size)
    samples = _chunks.find_samples(file, layout)
    if samples is None or is_placeholder(samples):
        return None
    return _compare((samples.start, samples.size), size)


def find_unstated_size(file: BinaryIO, size: int) -> tuple[int, bytes] | None:
    """Returns where and how the size of samples must be written that is stated as 0.

    A recorder that streams, or that was stopped, leaves 0 there. `None` if the size is
    stated, or there are no samples.
    """
    layout = _chunks.find_layout(file)
    samples = _chunks.find_samples(file, layout) if layout else None
    if layout is None or samples is None or samples.size:
        return None
    present = size - samples.start
    if present < 8 or _chunks.is_made_of_chunks(file, layout, samples.start, size):
        return None
    if layout.counts_itself:
        present += samples.start - samples.size_at + layout.name_length
    form = samples.size_format
    largest = (1 << 8 * struct.calcsize(form)) - 1
    return samples.size_at, struct.pack(form, min(present, largest))


def states_length(file: BinaryIO) -> bool:
    """Whether an MP3 file states its length; else libsndfile can only estimate it."""
    file.seek(0)
    header = file.read(10)
    skipped = 0
    if header.startswith(b"ID3") and len(header) == 10:
        # Seven bits of each byte count, so that no byte looks like a frame.
        skipped = 10 + sum(byte << (7 * i) for i, byte in enumerate(header[:5:-1]))
    file.seek(skipped)
    first_frame = file.read(_LARGEST_MP3_FRAME)
    return any(tag in first_frame for tag in (b"Xing", b"Info", b"VBRI"))


def is_placeholder(samples: Chunk) -> bool:
    """Returns whether a size only says that the writer did not know it."""
    if samples.size_format.endswith("I"):
        return samples.size >= _chunks.LEAST_PLACEHOLDER
    return samples.size >= 1 << 62


def _compare(stated: tuple[int, int] | None, size: int) -> str | None:
    if stated is None or stated[0] + stated[1] <= size:
        return None
    return (
        f"is truncated: its header promises {stated[1]} bytes of samples, "
        f"{max(0, size - stated[0])} are there"
    )
