"""Opens a sound file, or a part of it, and refuses folders, pipes and devices."""

import contextlib
import io
import os
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import BinaryIO

from speechkit.audio.audio_error import AudioError

# Reading these would wait for another program, or never end.
_NOT_FILES = {
    stat.S_IFDIR: "is a folder, not a sound file",
    stat.S_IFIFO: "is a pipe, not a file; write what comes out of it to a file first",
    stat.S_IFSOCK: "is a socket, not a file",
    stat.S_IFCHR: "is a device, not a file",
    stat.S_IFBLK: "is a device, not a file",
}


@contextlib.contextmanager
def open_file(path: Path) -> Iterator[tuple[BinaryIO, int]]:
    """Yields the opened file and its size in bytes, which is 1 or more."""
    try:
        reason = _NOT_FILES.get(stat.S_IFMT(path.stat().st_mode))
        file = None if reason else path.open("rb")
    except FileNotFoundError:
        raise AudioError(path, "does not exist") from None
    except OSError as error:
        raise AudioError(path, f"cannot be opened: {error.strerror}") from None
    except ValueError:  # a zero byte, or a character that the system cannot write
        raise AudioError(path, "does not exist: no file can have this name") from None
    if file is None:
        raise AudioError(path, str(reason))
    with file:
        size = os.fstat(file.fileno()).st_size
        if size == 0:
            raise AudioError(path, "is empty (0 bytes)")
        yield file, size


class FilePart(io.RawIOBase):
    """A part of a file, with some of its bytes replaced; seeks anywhere."""

    def __init__(
        self, file: BinaryIO, start: int, end: int, patches: Mapping[int, bytes]
    ):
        super().__init__()
        self._file = file
        self._start, self._length, self._position = start, end - start, 0
        self._patches = patches

    def seekable(self) -> bool:
        return True

    def readable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._position

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        origins = {os.SEEK_SET: 0, os.SEEK_CUR: self._position}
        self._position = max(0, origins.get(whence, self._length) + offset)
        return self._position

    def readinto(self, buffer) -> int:
        size = min(len(buffer), self._length - self._position)
        if size <= 0:
            return 0
        first = self._start + self._position
        self._file.seek(first)
        data = bytearray(self._file.read(size))
        for place, patch in self._patches.items():
            begin, end = max(first, place), min(first + len(data), place + len(patch))
            if begin < end:
                data[begin - first : end - first] = patch[begin - place : end - place]
        buffer[: len(data)] = data
        self._position += len(data)
        return len(data)
