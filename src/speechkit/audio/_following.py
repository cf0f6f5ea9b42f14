"""Recordings that stand behind the end of another in one file."""

import itertools
import re
from typing import BinaryIO

from speechkit.audio import _chunks

SEVERAL = (
    "is several recordings, one after the other, of which only the first would be "
    "read; write each to a file of its own"
)
# The first block of FLAC always has 34 bytes.
_FLAC = re.compile(rb"fLaC[\0\x80]\0\0\x22")
# A frame that states the length stands first, and is silent: zeros before the mark.
_MP3 = re.compile(rb"\xff[\xe2-\xff]..(?:\0{9}|\0{17}|\0{32})(?:Xing|Info)", re.DOTALL)
_BLOCK_LENGTH = 1 << 22
_LONGEST_MARK = 64
_MOST_CHUNKS = 100


def find_second_recording(file: BinaryIO) -> str | None:
    """Returns the fault if another recording follows in a file of chunks, or `None`."""
    layout = _chunks.find_layout(file)
    if layout is not None:
        chunks = _chunks.walk(file, layout, layout.first)
        # What lies behind the end may be anything, and long.
        names = {chunk.name[:4] for chunk in itertools.islice(chunks, _MOST_CHUNKS)}
        return SEVERAL if names & {b"RIFF", b"FORM", b"riff"} else None
    return None


def search_second_recording(file: BinaryIO) -> str | None:
    """Returns the fault if another recording follows in FLAC or MP3, or `None`."""
    file.seek(0)
    header = file.read(4)
    if header == b"fLaC":
        return SEVERAL if _count(file, _FLAC) > 1 else None
    if header.startswith(b"ID3") or (header[:1] == b"\xff" and header[1] >= 0xE2):
        return SEVERAL if _count(file, _MP3) > 1 else None
    return None


def _count(file: BinaryIO, mark: re.Pattern[bytes]) -> int:
    """Returns how often a mark stands in a file, without reading it at once."""
    file.seek(0)
    places: set[int] = set()
    start, kept = 0, b""
    while block := file.read(_BLOCK_LENGTH):
        data = kept + block
        places.update(start + match.start() for match in mark.finditer(data))
        kept = data[-_LONGEST_MARK:]
        start += len(data) - len(kept)
    return len(places)
