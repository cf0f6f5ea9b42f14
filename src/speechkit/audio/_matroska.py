"""The elements of WebM and Matroska files: whether they fill the file, unchanged."""

import re
import zlib
from typing import BinaryIO, NamedTuple

from speechkit.audio._following import SEVERAL, find_near

_BEGINNING, _SEGMENT = b"\x1a\x45\xdf\xa3", b"\x18\x53\x80\x67"
_CLUSTER = b"\x1f\x43\xb6\x75"
_ANYWHERE = (b"\xec", b"\xbf")
# Of a segment: index, information, tracks, cues, attachments, chapters, tags.
_IN_SEGMENT = frozenset(
    [
        *(b"\x11\x4d\x9b\x74", b"\x15\x49\xa9\x66", b"\x16\x54\xae\x6b", _CLUSTER),
        *(b"\x1c\x53\xbb\x6b", b"\x19\x41\xa4\x69", b"\x10\x43\xa7\x70"),
        *(b"\x12\x54\xc3\x67", *_ANYWHERE),
    ]
)
# Of a cluster: time, place, size, blocks, silent tracks.
_IN_CLUSTER = frozenset(
    [b"\xe7", b"\xa7", b"\xab", b"\xa3", b"\xa0", b"\xaf", b"\x58\x54", *_ANYWHERE]
)
# A cluster of unknown size ends where one of these begins.
_BEHIND_CLUSTER = _IN_SEGMENT.difference(_ANYWHERE)
_CHECKSUM = b"\xbf\x84"
_MOST_CHECKED = 1 << 28
_TRACKS, _BLOCK = b"\x16\x54\xae\x6b", b"\xa3"
# Numbers from 127 on take two bytes; nobody has as many tracks.
_TRACK_NUMBER = re.compile(rb"\xd7\x81([\x01-\x7e])", re.DOTALL)
_NEAR = 1 << 16


class _Element(NamedTuple):
    name: bytes
    content: int
    end: int | None
    beginning: bytes


class _Blocks:
    """Sees blocks of tracks that are none, or that go back in time."""

    def __init__(self) -> None:
        self._tracks: set[int] = set()
        self._latest = 0

    def read(self, file: BinaryIO, element: _Element) -> str | None:
        """Returns what is wrong with an element if it is a block, or `None`."""
        if element.name == _TRACKS and element.end is not None:
            file.seek(element.content)
            content = file.read(min(element.end - element.content, _NEAR))
            self._tracks = {match[1][0] for match in _TRACK_NUMBER.finditer(content)}
        elif element.name == _CLUSTER:
            self._latest = -(1 << 15)
        elif element.name == _BLOCK and self._tracks and len(element.beginning) >= 3:
            track = element.beginning[0] & 0x7F
            time = int.from_bytes(element.beginning[1:3], "big", signed=True)
            # Pictures may be stored in another order than they are shown.
            is_late = len(self._tracks) > 1 or time >= self._latest
            self._latest = time
            if track not in self._tracks or not is_late:
                return "is damaged: the block at byte {} has a wrong header"
        return None


class _Level(NamedTuple):
    """What may stand here, and where it ends; `None` if that is not stated."""

    known: frozenset[bytes]
    end: int | None


def find_fault(file: BinaryIO, size: int, *, is_checked: bool) -> str | None:
    """Returns the fault in a file of `size` bytes; `None` if its elements fill it.

    Args:
        file: The file.
        size: Its size, in bytes.
        is_checked: Whether to look into clusters, and to compare checksums.
    """
    blocks = _Blocks()
    levels = [_Level(frozenset([_BEGINNING, _SEGMENT, *_ANYWHERE]), None)]
    position = 0
    while position < size:
        while levels[-1].end is not None and position >= levels[-1].end:
            levels.pop()
            if len(levels) == 1:  # what is behind the segment may be anything
                return find_near(file, position, size)
        element = _read(file, position, size)
        if element is None:
            return "is truncated: its last element is not whole"
        if element.name == _BEGINNING and position:
            return SEVERAL
        is_open = levels[-1] == _Level(_IN_CLUSTER, None)
        if is_open and element.name in _BEHIND_CLUSTER:
            levels.pop()
        if element.name not in levels[-1].known:
            return f"is damaged: no element begins at byte {position}, where one must"
        reason = _check(file, element, levels[-1], size, is_checked)
        reason = reason or blocks.read(file, element)
        if reason is not None:
            return reason.format(position)
        if element.name == _SEGMENT:
            levels.append(_Level(_IN_SEGMENT, element.end))
        elif element.name == _CLUSTER and (is_checked or element.end is None):
            levels.append(_Level(_IN_CLUSTER, element.end))
        elif element.end is not None:
            position = element.end
            continue
        position = element.content
    return None


def _check(
    file: BinaryIO, element: _Element, level: _Level, size: int, is_checked: bool
) -> str | None:
    """Returns what is wrong with an element at the byte `{}`, or `None`."""
    if element.end is None:
        is_open = element.name in (_SEGMENT, _CLUSTER)
        return None if is_open else "is damaged: the element at byte {} has no end"
    if level.end is not None and element.end > level.end <= size:
        return "is damaged: the element at byte {} ends behind that around it"
    if element.end > size:
        return (
            f"is truncated: its header promises {element.end} bytes, {size} are there"
        )
    if is_checked and element.name != _SEGMENT and not _is_unchanged(file, element):
        return "is damaged: the checksum of the element at byte {} is wrong"
    return None


def _is_unchanged(file: BinaryIO, element: _Element) -> bool:
    """Returns whether the checksum is right of an element that begins with one."""
    length = (element.end or 0) - element.content
    file.seek(element.content)
    checksum = file.read(6)
    if not checksum.startswith(_CHECKSUM) or not 6 <= length <= _MOST_CHECKED:
        return True
    return zlib.crc32(file.read(length - 6)) == int.from_bytes(checksum[2:], "little")


def _read(file: BinaryIO, position: int, size: int) -> _Element | None:
    """Returns the element at a position; `None` if the file ends within its header."""
    file.seek(position)
    header = file.read(12)
    name_length = min(5, 9 - header[0].bit_length())
    following = header[name_length : name_length + 1]
    if not following:
        return None
    size_length = 9 - following[0].bit_length()
    number = header[name_length:][:size_length]
    content = position + name_length + size_length
    if content > size:
        return None
    bits = (1 << 7 * size_length) - 1
    length = int.from_bytes(number, "big") & bits
    end = None if length == bits else content + length
    return _Element(header[:name_length], content, end, header[content - position :])
