"""Where the last frame of a FLAC file begins, behind which another recording may be."""

import re
import struct
from typing import BinaryIO

from speechkit.audio import _kinds
from speechkit.audio._files import read_blocks

_FIRST_BLOCK = 34
# The header of a frame, up to its number, where all blocks have one length.
_FRAME = rb"\xff\xf8.."


def find_last_frame(file: BinaryIO, size: int) -> int:
    """Returns where the last frame of a FLAC file of `size` bytes begins; else 0.

    If the last frame is not found, that is where the first begins.
    """
    start = _kinds.skip_tag(file)
    file.seek(start)
    if file.read(4) != b"fLaC":
        return 0
    header = file.read(4 + _FIRST_BLOCK)
    position = _skip_blocks(file, start + 4)
    number = _find_last_number(header[4:])
    return position if number is None else _find_frame(file, position, size, number)


def _skip_blocks(file: BinaryIO, start: int) -> int:
    """Returns where the first frame begins, behind the blocks of metadata."""
    file.seek(start)
    is_last = False
    while not is_last and len(header := file.read(4)) == 4:
        is_last = header[0] >= 0x80
        file.seek(int.from_bytes(header[1:], "big"), 1)
    return file.tell()


def _find_last_number(block: bytes) -> bytes | None:
    """Returns the number of the last frame as frames have it; `None` if unknown."""
    least, most = struct.unpack_from(">HH", block)
    num_samples = int.from_bytes(block[10:18], "big") & (1 << 36) - 1
    number = (num_samples - 1) // most if most else -1
    # Numbers of frames are coded as those of characters are.
    if least != most or not 0 <= number < 0xD800:
        return None
    return chr(number).encode()


def _find_frame(file: BinaryIO, start: int, size: int, number: bytes) -> int:
    """Returns where a frame seems to begin with a number; `start` if there is none."""
    pattern = re.compile(_FRAME + re.escape(number), re.DOTALL)
    for place, data in read_blocks(file, start, size):
        found = pattern.search(data)
        if found:
            return place + found.start()
    return start
