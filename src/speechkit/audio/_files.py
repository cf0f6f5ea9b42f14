"""Opens a sound file, or a part of it, and refuses folders, pipes and devices."""

import bisect
import contextlib
import io
import itertools
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import BinaryIO

from speechkit._regular_files import find_other_kind
from speechkit.audio.audio_error import AudioError

_BLOCK_LENGTH = 1 << 22
_OVERLAP = 128
_ADVICE = {"a pipe": "; write what comes out of it to a file first"}


@contextlib.contextmanager
def open_file(path: Path) -> Iterator[tuple[BinaryIO, int]]:
    """Yields the opened file and its size in bytes, which is 1 or more."""
    try:
        kind = find_other_kind(path)
        file = None if kind else path.open("rb")
    except FileNotFoundError:
        raise AudioError(path, "does not exist") from None
    except OSError as error:
        raise AudioError(path, f"cannot be opened: {error.strerror}") from None
    except ValueError:  # a zero byte, or a character that the system cannot write
        raise AudioError(path, "does not exist: no file can have this name") from None
    if file is None:
        advice = _ADVICE.get(str(kind), "")
        raise AudioError(path, f"is {kind}, not a sound file{advice}")
    with file:
        size = os.fstat(file.fileno()).st_size
        if size == 0:
            raise AudioError(path, "is empty (0 bytes)")
        yield file, size


def read_blocks(file: BinaryIO, start: int, stop: int) -> Iterator[tuple[int, bytes]]:
    """Yields the bytes from `start` to `stop` in blocks, and where each begins.

    Each has the last bytes of that before at its beginning, too.
    """
    file.seek(start)
    kept = b""
    while start < stop and (block := file.read(min(stop - start, _BLOCK_LENGTH))):
        yield start - len(kept), kept + block
        kept = block[-_OVERLAP:]
        start += len(block)


class FilePart(io.RawIOBase):
    """Parts of a file, one after the other, with some of its bytes replaced.

    Args:
        file: The file.
        parts: Where each begins and ends, in bytes.
        patches: Bytes to read instead, by their place in the file.
    """

    def __init__(
        self,
        file: BinaryIO,
        parts: Sequence[tuple[int, int]],
        patches: Mapping[int, bytes],
    ):
        super().__init__()
        self._file, self._parts, self._patches = file, parts, patches
        # Where each part ends, counted in what is read.
        self._ends = list(itertools.accumulate(end - start for start, end in parts))
        self._position = 0

    def seekable(self) -> bool:
        return True

    def readable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._position

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        origins = {os.SEEK_SET: 0, os.SEEK_CUR: self._position}
        self._position = max(0, origins.get(whence, self._ends[-1]) + offset)
        return self._position

    def readinto(self, buffer) -> int:
        done = 0
        while done < len(buffer):
            data = self._read_part(len(buffer) - done)
            if not data:
                break
            buffer[done : done + len(data)] = data
            done += len(data)
        return done

    def _read_part(self, size: int) -> bytes:
        """Returns the bytes at the position, as far as they stand together."""
        number = bisect.bisect_right(self._ends, self._position)
        if number == len(self._parts):
            return b""
        left = self._ends[number] - self._position
        first = self._parts[number][1] - left
        self._file.seek(first)
        data = bytearray(self._file.read(min(size, left)))
        for place, patch in self._patches.items():
            begin, end = max(first, place), min(first + len(data), place + len(patch))
            if begin < end:
                data[begin - first : end - first] = patch[begin - place : end - place]
        self._position += len(data)
        return bytes(data)
