"""Finds what is missing, damaged or too much where decoders would read on."""

import struct
from typing import BinaryIO

from speechkit.audio import (
    _chunks,
    _flac,
    _following,
    _frames,
    _headers,
    _kinds,
    _movies,
)
from speechkit.audio._chunks import Chunk

# Behind the block of samples of a VOC file stands one byte.
_VOC, _VOC_SOUND = b"Creative Voice File", (1, 2, 9)


def find_fault(file: BinaryIO, size: int, *, is_read: bool) -> str | None:
    """Returns the fault of a file of `size` bytes that its headers show, or `None`.

    Args:
        file: The file.
        size: Its size, in bytes.
        is_read: Whether samples are wanted; else what takes long is left out.
    """
    stated = find_stated_samples(file)
    if stated is None:
        return _movies.find_fault(file, size, is_checked=is_read)
    start, end = stated
    if end > size:
        return (
            f"is truncated: its header promises {end - start} bytes of samples, "
            f"{max(0, size - start)} are there"
        )
    file.seek(0)
    if file.read(len(_VOC)) == _VOC:
        file.seek(end)
        if file.read(1) in map(bytes, zip(_VOC_SOUND)):
            return "has its sound in several blocks, of which only the first is read"
    return _following.find_near(file, end, size)


def search_fault(file: BinaryIO, size: int, *, is_read_whole: bool) -> str | None:
    """Returns the fault of a file of `size` bytes that shows if it is read, or `None`.

    Args:
        file: The file.
        size: Its size, in bytes.
        is_read_whole: Whether all samples are wanted.
    """
    reason, end = _frames.walk(file, size)
    if reason is not None or not is_read_whole or find_stated_samples(file) is not None:
        return reason
    kind = _kinds.find_kind(file)
    if kind is not None and kind.states_end:
        return None
    start = end or _flac.find_last_frame(file, size)
    start = start or _kinds.skip_tag(file) + _frames.LONGEST_MPEG
    return _following.search(file, start, size)


def find_stated_samples(file: BinaryIO) -> tuple[int, int] | None:
    """Returns where samples begin and end as a header states it; `None` if unknown."""
    layout = _chunks.find_layout(file)
    if layout is None:
        stated = _headers.find_stated_samples(file)
        return None if stated is None else (stated[0], sum(stated))
    samples = _chunks.find_samples(file, layout)
    if samples is None or not samples.size or is_placeholder(samples):
        return None
    return samples.start, samples.end


def find_stated_end(file: BinaryIO) -> int | None:
    """Returns where a file ends that libsndfile would read beyond; else `None`."""
    stated = find_stated_samples(file)
    file.seek(0)
    header = file.read(12)
    is_chunks = header.startswith((b"RIFF", b"RIFX", b"RF64", b"BW64", b"caff"))
    if stated is None or is_chunks or header[8:] in (b"AIFF", b"AIFC"):
        return None
    # One byte more: VOC has it, and others take no harm.
    return stated[1] + (1 if _VOC.startswith(header) else 0)


def find_unstated_size(file: BinaryIO, size: int) -> tuple[int, bytes] | None:
    """Returns where and how the size of samples must be written that is not stated.

    A recorder that streams, or that was stopped, leaves 0 or a very large number there.
    `None` if the size is stated, or there are no samples.
    """
    layout = _chunks.find_layout(file)
    samples = _chunks.find_samples(file, layout) if layout else None
    if layout is None or samples is None:
        return None
    if samples.size and not is_placeholder(samples):
        return None
    end = _chunks.find_end(file, layout, samples.start, size)
    present = end - samples.start
    if present < 8 or (samples.size and end == size):
        return None
    if layout.counts_itself:
        present += samples.start - samples.size_at + layout.name_length
    form = samples.size_format
    largest = (1 << 8 * struct.calcsize(form)) - 1
    return samples.size_at, struct.pack(form, min(present, largest))


def states_length(file: BinaryIO) -> bool:
    """Whether an MP3 file states its length; else libsndfile can only estimate it."""
    skipped = _kinds.skip_tag(file)
    file.seek(skipped)
    first_frame = file.read(_frames.LONGEST_MPEG)
    return any(tag in first_frame for tag in (b"Xing", b"Info", b"VBRI"))


def is_placeholder(samples: Chunk) -> bool:
    """Returns whether a size only says that the writer did not know it."""
    if samples.size_format.endswith("I"):
        return samples.size >= _chunks.LEAST_PLACEHOLDER
    return samples.size >= 1 << 62
