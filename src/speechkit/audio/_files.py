"""Opens the file of a path, with one clear sentence if it is no file."""

import contextlib
import os
import stat
from collections.abc import Iterator
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
