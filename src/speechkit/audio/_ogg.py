"""The pages of OGG files: where recordings lie, and whether all their pages came."""

import dataclasses
import struct
import zlib
from pathlib import Path
from typing import BinaryIO

from speechkit.audio.audio_error import AudioError

_FIRST_PAGE, _LAST_PAGE = 0x02, 0x04
_HEADER_LENGTH = 27
_LONGEST_GAP = 1 << 20
_MARK = b"OggS\0"
# What the first page of a stream holds. Others describe streams, or are pictures.
_SOUND = (b"\x01vorbis", b"OpusHead", b"\x7fFLAC", b"Speex   ")
_REVERSED = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))
TRUNCATED = "is truncated: its last OGG page is missing"


@dataclasses.dataclass
class OggSound:
    """Describes a stream of sound: one recording of a file.

    Attributes:
        serial: Number of the stream, as it stands in its pages.
        pages: Where its pages begin and end, in bytes; adjacent ones together.
        last_page: Where the last page begins, in bytes.
        is_marked: Whether the last page says that it is the last.
    """

    serial: bytes
    pages: list[tuple[int, int]] = dataclasses.field(default_factory=list)
    last_page: int = 0
    is_marked: bool = False
    _num_samples: int = 0
    _ends_packet: bool = False

    @property
    def end(self) -> int:
        """Where its last page ends, in bytes."""
        return self.pages[-1][1]

    @property
    def is_whole(self) -> bool:
        """Whether it has its end.

        Some programs never mark the last page. Then it must at least end with a packet
        and have samples.
        """
        return self.is_marked or (self._ends_packet and self._num_samples > 0)

    def add(self, page: "_Page") -> None:
        """Adds its next page."""
        if self.pages and self.end == page.start:
            self.pages[-1] = (self.pages[-1][0], page.end)
        else:
            self.pages.append((page.start, page.end))
        self.last_page, self.is_marked = page.start, bool(page.flags & _LAST_PAGE)
        self._num_samples, self._ends_packet = page.num_samples, page.ends_packet


@dataclasses.dataclass(frozen=True)
class _Page:
    start: int
    end: int
    flags: int
    num_samples: int
    serial: bytes
    number: int
    ends_packet: bool
    content: bytes


def find_sounds(
    path: Path, file: BinaryIO, size: int, *, is_checked: bool
) -> list[OggSound]:
    """Returns the recordings in an OGG file of `size` bytes, of which there are some.

    Args:
        path: Its path, for errors.
        file: The file.
        size: Its size, in bytes.
        is_checked: Whether to read every page and compare its checksum.

    Raises:
        AudioError: If pages are missing or damaged.
    """
    walk = _Walk(path)
    position = 0
    while position < size:
        page = _read_page(path, file, position, size, is_checked)
        if page is not None:
            walk.add(page)
            position = page.end
            continue
        position = _find_next(file, position, size)
        walk.skip(position)
    if not walk.sounds or not all(sound.is_whole for sound in walk.sounds):
        raise AudioError(path, TRUNCATED)
    return walk.sounds


class _Walk:
    """Sorts the pages of a file, in their order, and sees which are missing."""

    def __init__(self, path: Path):
        self.sounds: list[OggSound] = []
        self._path = path
        self._expected: dict[bytes, int] = {}
        self._have_samples: set[bytes] = set()
        self._in_header = self._knows_sound = self._has_gap = False

    def add(self, page: _Page) -> None:
        is_first = bool(page.flags & _FIRST_PAGE)
        if is_first:
            self._begin(page)
        elif self._has_gap:
            raise AudioError(
                self._path,
                f"is damaged: the bytes before byte {page.start} are no OGG page",
            )
        self._in_header, self._has_gap = is_first, False
        self._check_number(page)
        if self.sounds and self.sounds[-1].serial == page.serial:
            self.sounds[-1].add(page)

    def skip(self, position: int) -> None:
        """Notes that there is no page before a position."""
        is_end = bool(self.sounds) and self.sounds[-1].is_marked
        if not is_end:
            raise AudioError(
                self._path,
                f"is damaged: the bytes before byte {position} are no OGG page",
            )
        self._has_gap = True

    def _begin(self, page: _Page) -> None:
        """Takes the first page of a stream, of which some may stand together."""
        if not self._in_header:
            self._expected.clear()
            self._have_samples.clear()
            self.sounds.append(OggSound(page.serial))
            self._knows_sound = False
        if not self._knows_sound and page.content.startswith(_SOUND):
            self.sounds[-1] = OggSound(page.serial)
            self._knows_sound = True

    def _check_number(self, page: _Page) -> None:
        expected = self._expected.get(page.serial, page.number)
        # Who records a running broadcast gets its headers, and pages from the middle.
        if page.number != expected and page.serial in self._have_samples:
            raise AudioError(
                self._path,
                f"is damaged: OGG page {page.number} comes where page {expected} "
                "must follow",
            )
        self._expected[page.serial] = page.number + 1 & 0xFFFFFFFF
        if page.num_samples > 0:
            self._have_samples.add(page.serial)


def _read_page(
    path: Path, file: BinaryIO, position: int, size: int, is_checked: bool
) -> _Page | None:
    """Returns the page at a position; `None` if there is none."""
    file.seek(position)
    header = file.read(_HEADER_LENGTH)
    if not header.startswith(_MARK[: len(header)]):
        return None
    sizes = file.read(header[-1]) if len(header) == _HEADER_LENGTH else b""
    length = sum(sizes)
    end = position + len(header) + len(sizes) + length
    if len(header) < _HEADER_LENGTH or len(sizes) < header[-1] or end > size:
        raise AudioError(path, TRUNCATED)
    flags, num_samples, serial, number, checksum = struct.unpack_from(
        "<Bq4sII", header, 5
    )
    content = b""
    if is_checked or flags & _FIRST_PAGE:
        content = file.read(length)
    if is_checked and checksum != _checksum(_without_checksum(header), sizes, content):
        raise AudioError(
            path,
            f"is damaged: the checksum of the OGG page at byte {position} is wrong",
        )
    ends_packet = not sizes or sizes[-1] < 255
    return _Page(
        position, end, flags, num_samples, serial, number, ends_packet, content
    )


def mark_last_page(page: bytes) -> bytes:
    """Returns a page that says that it is the last, with the checksum it then has."""
    marked = bytearray(_without_checksum(page))
    marked[5] |= _LAST_PAGE
    marked[22:26] = struct.pack("<I", _checksum(bytes(marked)))
    return bytes(marked)


def _without_checksum(page: bytes) -> bytes:
    return page[:22] + bytes(4) + page[26:]


def _find_next(file: BinaryIO, position: int, size: int) -> int:
    """Returns where the next page begins; the end of the file if there is none near."""
    file.seek(position)
    found = file.read(_LONGEST_GAP).find(_MARK)
    return size if found < 0 else position + found


def _checksum(*parts: bytes) -> int:
    """Returns what RFC 3533 defines: that of `zlib` for bits in the other order."""
    value = 0xFFFFFFFF
    for part in parts:
        value = zlib.crc32(part.translate(_REVERSED), value)
    return int(f"{value ^ 0xFFFFFFFF:032b}"[::-1], 2)
