"""The ends of MP4, WebM, Windows Media and AVI files, as their headers state them."""

import struct
from collections.abc import Iterator
from typing import BinaryIO

from speechkit.audio import _following, _kinds

_SEGMENT = b"\x18\x53\x80\x67"
_ASF_PROPERTIES = bytes.fromhex("a1dcab8c47a9cf118ee400c00c205365")
_ASF_BROADCAST = 1


def find_missing_end(file: BinaryIO, size: int) -> str | None:
    """Returns the fault at the end of a file of `size` bytes; `None` if it is whole."""
    kind = _kinds.find_kind(file)
    demuxer = None if kind is None else kind.demuxer
    end: int | None = None
    if demuxer == "mov":
        boxes = list(_walk_boxes(file, size))
        end = max(box_end for _, box_end in boxes)
        names = [name for name, _ in boxes]
        if end <= size and names.count(b"moov") > 1:
            return _following.SEVERAL
        if end <= size and b"moov" not in names:
            return "is truncated: its index is missing, which recorders write last"
    elif demuxer == "matroska":
        end = max(_walk_elements(file, size), default=None)
    elif demuxer == "asf":
        end = _find_asf_end(file)
    elif demuxer == "avi":
        file.seek(4)
        end = 8 + int.from_bytes(file.read(4), "little")
    if end is None or end <= size:
        return None
    return f"is truncated: its header promises {end} bytes, {size} are there"


def _walk_boxes(file: BinaryIO, size: int) -> Iterator[tuple[bytes, int]]:
    """Yields the name and the end of each box of an MP4 file."""
    position = 0
    while position < size:
        file.seek(position)
        header = file.read(16)
        length = int.from_bytes(header[:4], "big")
        if length == 1:
            length = int.from_bytes(header[8:16], "big")
        elif length == 0:
            length = size - position
        position += max(8, length)
        yield header[4:8], position


def _walk_elements(file: BinaryIO, size: int) -> Iterator[int]:
    """Yields the end of each element of a WebM file; of those in it, where unknown."""
    position = 0
    while position < size:
        file.seek(position)
        header = file.read(12)
        name_length = 9 - header[0].bit_length()
        following = header[name_length : name_length + 1] or b"\1"
        size_length = 9 - following[0].bit_length()
        content = position + name_length + size_length
        if name_length > 4 or size_length > 8:  # no element
            return
        yield content
        bits = (1 << 7 * size_length) - 1
        name, number = header[:name_length], header[name_length:][:size_length]
        length = int.from_bytes(number, "big") & bits
        if length != bits:
            yield content + length
        # What is of unknown size, as in a live stream, ends where its last part does.
        is_entered = name == _SEGMENT or length == bits
        position = content if is_entered else content + length


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
