"""Finds files that end too early where libsndfile would read what is left."""

import os
import struct
from pathlib import Path
from typing import BinaryIO

# Programs that stream a WAV file write a size near 2 GiB or 4 GiB into its header.
_LEAST_PLACEHOLDER = 0x7FFFF000
_LARGEST_OGG_PAGE = 27 + 255 + 255 * 255
_LAST_PAGE_FLAG = 0x04
_LARGEST_MP3_FRAME = 1441


def find_missing_end(file: BinaryIO, size: int) -> str | None:
    """Says what a WAV or OGG file of `size` bytes lacks; `None` if nothing."""
    magic = file.read(4)
    if magic == b"RIFF":
        return _find_missing_samples(file, size)
    if magic == b"OggS":
        return _find_missing_page(file, size)
    return None


def _find_missing_samples(file: BinaryIO, size: int) -> str | None:
    file.seek(12)
    while len(header := file.read(8)) == 8:
        name, promised = struct.unpack("<4sI", header)
        if name == b"data":
            present = size - file.tell()
            if present >= promised or promised >= _LEAST_PLACEHOLDER:
                return None
            return (
                f"is truncated: its header promises {promised} bytes of samples, "
                f"{present} are there"
            )
        file.seek(promised + promised % 2, os.SEEK_CUR)
    return None


def _find_missing_page(file: BinaryIO, size: int) -> str | None:
    file.seek(max(0, size - _LARGEST_OGG_PAGE))
    tail = file.read()
    page = tail[max(0, tail.rfind(b"OggS\0")) :]
    if len(page) >= 27:
        num_segments = page[26]
        body = sum(page[27 : 27 + num_segments])
        complete = len(page) >= 27 + num_segments + body
        if complete and page[5] & _LAST_PAGE_FLAG:
            return None
    return "is truncated: its last OGG page is missing"


def states_length(path: Path) -> bool:
    """Whether an MP3 file states its length; else libsndfile can only estimate it."""
    with path.open("rb") as file:
        header = file.read(10)
        skipped = 0
        if header.startswith(b"ID3") and len(header) == 10:
            # Seven bits of each byte count, so that no byte looks like a frame.
            skipped = 10 + sum(byte << (7 * i) for i, byte in enumerate(header[:5:-1]))
        file.seek(skipped)
        first_frame = file.read(_LARGEST_MP3_FRAME)
    return any(tag in first_frame for tag in (b"Xing", b"Info", b"VBRI"))
