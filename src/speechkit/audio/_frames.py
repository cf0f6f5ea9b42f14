"""Files made of frames without an index: MP3, AAC, AMR, WavPack and True Audio.

Decoders skip what they do not know, and frames that are missing make no sound. Whether
each frame follows the one before can be seen without decoding.
"""

import dataclasses
import functools
import re
import struct
import zlib
from collections.abc import Callable
from typing import BinaryIO, NamedTuple

from speechkit.audio import _kinds
from speechkit.audio._following import SEVERAL, find_near

_NEAR = 1 << 16
# What the header of a frame says: its length, in bytes, and what all frames share.
Header = tuple[int, object]
_AGAIN: Header = (-1, "another recording begins")
_AMR_LENGTHS = {
    b"#!AMR\n": (13, 14, 16, 18, 20, 21, 27, 32, 6, *[0] * 6, 1),
    b"#!AMR-WB\n": (18, 24, 33, 37, 41, 47, 51, 59, 61, 6, *[0] * 4, 1, 1),
}
_KILOBITS = {
    (1, 1): (32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448),
    (1, 2): (32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384),
    (1, 3): (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    (2, 1): (32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256),
    (2, 2): (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
    (2, 3): (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
_RATES = (44100, 48000, 32000)
LONGEST_MPEG = 1441
_TTA_HEADER, _WAVPACK_HEADER, _LONGEST_HEADER = 22, 32, 44
# The table of an MP3 file stands in its first frame, which is silent.
_TABLE = re.compile(
    rb".{4}(?:\0{9}|\0{17}|\0{32})(?:Xing|Info)\0\0\0[\0-\x0f]", re.DOTALL
)


class Walk(NamedTuple):
    """What a walk from frame to frame found.

    Attributes:
        fault: What is wrong, or `None`.
        end: Where the frames end, in bytes.
    """

    fault: str | None
    end: int


def walk(file: BinaryIO, size: int) -> Walk:
    """Walks through the frames of a file of `size` bytes, if it is made of frames."""
    start = _kinds.skip_tag(file)
    file.seek(start)
    header = file.read(_TTA_HEADER)
    for mark, lengths in _AMR_LENGTHS.items():
        if header.startswith(mark):
            return Walk(_check_amr(file, size, len(mark), lengths), size)
    if header.startswith(b"TTA1"):
        return Walk(_check_tta(file, size, start, header), size)
    if header.startswith(b"wvpk"):
        return _walk_frames(file, size, start, _Wavpack().read)
    if _read_adts(header):
        return _walk_frames(file, size, start, _read_adts)
    if _read_mpeg(header[:4]):
        return _walk_frames(file, size, start, _Mpeg().read)
    return Walk(None, 0)


def _walk_frames(
    file: BinaryIO, size: int, start: int, read: Callable[[bytes], Header | None]
) -> Walk:
    position, kind, beginning = start, None, b""
    while position < size:
        file.seek(position)
        header = file.read(_LONGEST_HEADER)
        frame = read(header)
        if frame == _AGAIN:
            return Walk(SEVERAL, position)
        if frame is None or (kind is not None and frame[1] != kind):
            tag = _kinds.tag_length(header)
            if tag:
                position += tag
                continue
            if 2 <= len(header) < _WAVPACK_HEADER and header[:2] == beginning:
                reason = "is truncated: its last frame lacks most of its bytes"
                return Walk(reason, position)
            return Walk(_find_later(file, position, read, kind), position)
        length, kind = frame
        beginning = header[:2]
        if not length:  # of a bit rate that no header states
            return Walk(None, start + LONGEST_MPEG)
        position += length
    return Walk(_find_excess(position, size), size)


def _find_excess(end: int, size: int) -> str | None:
    if end > size:
        return f"is truncated: its last frame lacks {end - size} bytes"
    return None


def _find_later(file, position, read, kind) -> str | None:
    """Returns the fault if frames go on behind a place where none is, or `None`."""
    file.seek(position)
    data = file.read(_NEAR)
    for at in range(1, len(data) - _WAVPACK_HEADER):
        frame = read(data[at : at + _LONGEST_HEADER])
        if frame and frame[0] and frame[1] == kind:
            following = read(data[at + frame[0] : at + frame[0] + _LONGEST_HEADER])
            if following and following[1] == kind:
                return f"is damaged: no frame begins at byte {position}, where one must"
    return None


def _read_adts(header: bytes) -> Header | None:
    """Returns what the header of a frame of AAC says."""
    if len(header) < 7 or header[0] != 0xFF or header[1] & 0xF6 != 0xF0:
        return None
    length = (header[3] & 3) << 11 | header[4] << 3 | header[5] >> 5
    is_frame = length >= 7 and header[2] >> 2 & 15 < 13
    return (length, (header[1], header[2], header[3] & 0xF0)) if is_frame else None


class _Mpeg:
    """Reads frames of MP3, MP2 or MP1; one with a table begins another recording."""

    def __init__(self) -> None:
        self._has_begun = False

    def read(self, header: bytes) -> Header | None:
        if self._has_begun and _TABLE.match(header):
            return _AGAIN
        self._has_begun = True
        return _read_mpeg(header[:4])


@functools.lru_cache(maxsize=64)  # the frames of a file hardly differ
def _read_mpeg(header: bytes) -> Header | None:
    """Returns what the header of a frame of MP3, MP2 or MP1 says."""
    if len(header) < 4 or header[0] != 0xFF or header[1] & 0xE0 != 0xE0:
        return None
    version, layer = header[1] >> 3 & 3, 4 - (header[1] >> 1 & 3)
    bit_rate, rate = header[2] >> 4, header[2] >> 2 & 3
    if version == 1 or layer == 4 or bit_rate == 15 or rate == 3:
        return None
    kind = (version, layer, rate)
    if bit_rate == 0:
        return 0, kind
    is_first = version == 3
    kilobits = _KILOBITS[1 if is_first else 2, layer][bit_rate - 1]
    hertz = _RATES[rate] >> {3: 0, 2: 1, 0: 2}[version]
    padding = header[2] >> 1 & 1
    if layer == 1:
        return 4 * (12000 * kilobits // hertz + padding), kind
    eighths = 72000 if layer == 3 and not is_first else 144000
    return eighths * kilobits // hertz + padding, kind


@dataclasses.dataclass
class _Wavpack:
    """Reads the headers of blocks, of which one that counts from 0 again is another."""

    _has_samples: bool = False

    def read(self, header: bytes) -> Header | None:
        if len(header) < _WAVPACK_HEADER or not header.startswith(b"wvpk"):
            return None
        (length,) = struct.unpack_from("<I", header, 4)
        place, samples, flags = struct.unpack_from("<3I", header, 16)
        is_first = bool(flags & 0x800)
        if samples and place == 0 and is_first and self._has_samples:
            return _AGAIN
        self._has_samples |= samples > 0
        return length + 8, b"wvpk"


def _check_amr(
    file: BinaryIO, size: int, position: int, lengths: tuple[int, ...]
) -> str | None:
    while position < size:
        file.seek(position)
        byte = file.read(1)[0]
        length = 0 if byte & 0x83 else lengths[byte >> 3]
        if not length:
            file.seek(position)
            is_another = file.read(9).startswith(tuple(_AMR_LENGTHS))
            reason = f"is damaged: no frame begins at byte {position}, where one must"
            return SEVERAL if is_another else reason
        position += length
    return _find_excess(position, size)


def _check_tta(file: BinaryIO, size: int, start: int, header: bytes) -> str | None:
    """Returns the fault that checksums show; each frame ends with one."""
    if len(header) < _TTA_HEADER:
        return "is truncated: its header is not whole"
    rate, num_samples, checksum = struct.unpack_from("<3I", header, 10)
    frame_length = 256 * rate // 245
    if checksum != zlib.crc32(header[:18]) or not frame_length:
        return "is damaged: the checksum of its header is wrong"
    table_size = 4 * -(-num_samples // frame_length)
    if start + _TTA_HEADER + table_size + 4 > size:
        return "is truncated: its table of frames is not whole"
    table = file.read(table_size)
    if struct.pack("<I", zlib.crc32(table)) != file.read(4):
        return "is damaged: the checksum of its table of frames is wrong"
    lengths = struct.unpack(f"<{table_size // 4}I", table)
    end = file.tell() + sum(lengths)
    if end > size:
        return f"is truncated: its header promises {end} bytes, {size} are there"
    for number, length in enumerate(lengths):
        frame = file.read(length)
        if struct.pack("<I", zlib.crc32(frame[:-4])) != frame[-4:]:
            return f"is damaged: the checksum of its frame {number} is wrong"
    return find_near(file, end, size)
