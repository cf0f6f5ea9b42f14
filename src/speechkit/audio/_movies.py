"""The ends of MP4, WebM, Windows Media and AVI files, as their headers state them."""

import re
import struct
from collections.abc import Iterator
from typing import BinaryIO

from speechkit.audio import _following, _kinds, _matroska

_ASF_PROPERTIES = bytes.fromhex("a1dcab8c47a9cf118ee400c00c205365")
_ASF_BROADCAST = 1
# The duration among what Matroska tells of a segment.
_MATROSKA_DURATION = re.compile(
    rb"\x15\x49\xa9\x66.{1,500}?\x44\x89[\x84\x88]", re.DOTALL
)


def find_fault(file: BinaryIO, size: int, *, is_checked: bool) -> str | None:
    """Returns the fault in a file of `size` bytes; `None` if there is none to see.

    Args:
        file: The file.
        size: Its size, in bytes.
        is_checked: Whether all of it may be read.
    """
    kind = _kinds.find_kind(file)
    demuxer = None if kind is None else kind.demuxer
    end: int | None = None
    if demuxer == "mov":
        return _check_boxes(file, size)
    if demuxer == "matroska":
        return _matroska.find_fault(file, size, is_checked=is_checked)
    if demuxer == "asf":
        end = _find_asf_end(file)
    elif demuxer == "avi":
        file.seek(4)
        end = 8 + int.from_bytes(file.read(4), "little")
    if end is None:
        return None
    if end <= size:
        return _following.find_near(file, end, size)
    return f"is truncated: its header promises {end} bytes, {size} are there"


def states_duration(file: BinaryIO) -> bool:
    """Returns whether a header states how long a file lasts, if not to the sample.

    FFmpeg estimates all other durations by the bit rate of the first packets.
    """
    kind = _kinds.find_kind(file)
    if kind is None or kind.demuxer not in ("matroska", "asf"):
        return False
    if kind.demuxer == "asf":
        return _find_asf_end(file) is not None
    file.seek(0)
    return bool(_MATROSKA_DURATION.search(file.read(1 << 16)))


def _check_boxes(file: BinaryIO, size: int) -> str | None:
    """Returns the fault in the boxes of an MP4 file, or `None`."""
    boxes = list(_walk_boxes(file, size))
    names = [name for name, _, _ in boxes]
    end = max(
        _find_indexed_end(file, start, end) if name == b"sidx" else end
        for name, start, end in boxes
    )
    if end > size:
        return f"is truncated: its header promises {end} bytes, {size} are there"
    if names.count(b"moov") > 1:
        return _following.SEVERAL
    if b"moov" not in names:
        return "is truncated: its index is missing, which recorders write last"
    return None


def _walk_boxes(file: BinaryIO, size: int) -> Iterator[tuple[bytes, int, int]]:
    """Yields the name, the start and the end of each box of an MP4 file."""
    position = 0
    while position < size:
        file.seek(position)
        header = file.read(16)
        length = int.from_bytes(header[:4], "big")
        if length == 1:
            length = int.from_bytes(header[8:16], "big")
        elif length == 0:
            length = size - position
        end = position + max(8, length)
        yield header[4:8], position, end
        position = end


def _find_indexed_end(file: BinaryIO, start: int, end: int) -> int:
    """Returns where the fragments end that an index of segments lists."""
    file.seek(start + 8)
    content = file.read(min(end - start, 1 << 20) - 8)
    try:
        form, count_at = (">II", 22) if content[0] == 0 else (">QQ", 30)
        _, offset = struct.unpack_from(form, content, 12)
        (count,) = struct.unpack_from(">H", content, count_at)
        sizes = struct.unpack_from(">" + "I8x" * count, content, count_at + 2)
    except (struct.error, IndexError):
        return end
    return end + offset + sum(size & 0x7FFFFFFF for size in sizes)


def _find_asf_end(file: BinaryIO) -> int | None:
    file.seek(16)
    (length,) = struct.unpack("<Q", file.read(8).ljust(8, b"\0"))
    header = file.read(min(length, 1 << 20))
    found = header.find(_ASF_PROPERTIES)
    if found < 0 or len(header) < found + 92:
        return None
    (size,) = struct.unpack_from("<Q", header, found + 40)
    (flags,) = struct.unpack_from("<I", header, found + 88)
    return None if flags & _ASF_BROADCAST else size
