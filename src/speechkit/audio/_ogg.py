"""The pages of OGG files: where recordings begin, and whether the last one is whole."""

import dataclasses
import functools
import struct
from typing import BinaryIO

_FIRST_PAGE, _LAST_PAGE = 0x02, 0x04
_HEADER_LENGTH = 27
_LONGEST_GAP = 1 << 20
TRUNCATED = "is truncated: its last OGG page is missing"


@dataclasses.dataclass(frozen=True)
class OggPages:
    """Describes the pages of a file.

    Attributes:
        starts: Where each recording in it begins, in bytes.
        last_page: Where the last page begins, in bytes.
        end: Where the last page ends, in bytes.
        is_marked: Whether the last page says that it is the last.
    """

    starts: tuple[int, ...]
    last_page: int
    end: int
    is_marked: bool


def find_pages(file: BinaryIO, size: int) -> OggPages | None:
    """Returns the pages of an OGG file of `size` bytes; `None` if it is truncated.

    Some programs never mark the last page. Then it must at least be whole, end with a
    packet, and have samples.
    """
    starts: list[int] = []
    position = page = flags = 0
    num_samples = 0
    in_header = is_whole = False
    while position < size:
        file.seek(position)
        header = file.read(_HEADER_LENGTH)
        if not header.startswith(b"OggS"):
            if flags & _LAST_PAGE:  # such as a tag behind the end
                break
            position = _find_next(file, position, size)
            continue
        if len(header) < _HEADER_LENGTH:
            return None
        sizes = file.read(header[26])
        page, flags = position, header[5]
        (num_samples,) = struct.unpack_from("<q", header, 6)
        position += _HEADER_LENGTH + len(sizes) + sum(sizes)
        if len(sizes) < header[26] or position > size:
            return None
        is_first = bool(flags & _FIRST_PAGE)
        if is_first and not in_header:
            starts.append(page)
        in_header = is_first
        is_whole = not sizes or sizes[-1] < 255
    is_marked = bool(flags & _LAST_PAGE)
    if not starts or not (is_marked or (is_whole and num_samples > 0)):
        return None
    return OggPages(tuple(starts), page, position, is_marked)


def mark_last_page(page: bytes) -> bytes:
    """Returns a page that says that it is the last, with the checksum it then has."""
    marked = bytearray(page)
    marked[5] |= _LAST_PAGE
    marked[22:26] = bytes(4)
    marked[22:26] = struct.pack("<I", _checksum(bytes(marked)))
    return bytes(marked)


def _find_next(file: BinaryIO, position: int, size: int) -> int:
    file.seek(position)
    found = file.read(_LONGEST_GAP).find(b"OggS")
    return size if found < 0 else position + found


def _checksum(data: bytes) -> int:
    remainder = 0
    table = _checksum_table()
    for byte in data:
        remainder = (remainder << 8) & 0xFFFFFFFF ^ table[remainder >> 24 ^ byte]
    return remainder


@functools.cache
def _checksum_table() -> tuple[int, ...]:
    table = []
    for byte in range(256):
        value = byte << 24
        for _ in range(8):
            value = value << 1 ^ (0x104C11DB7 if value & 0x80000000 else 0)
        table.append(value)
    return tuple(table)
