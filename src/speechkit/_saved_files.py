"""Says in one sentence why a file that a program saved cannot be read."""

import struct
import tokenize
import zipfile
import zlib
from pathlib import Path

from speechkit._regular_files import find_other_kind

# What reading a damaged or foreign file may raise, in NumPy, Keras, h5py, LiteRT and
# flatbuffers alike. Deep JSON gives a RecursionError, a false size a MemoryError.
DAMAGED = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    EOFError,
    ImportError,
    LookupError,
    MemoryError,
    NameError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    struct.error,
    tokenize.TokenError,
    zipfile.BadZipFile,
    zlib.error,
)


def read_bytes(path: Path, kind: str) -> bytes:
    """Returns the content of a file.

    Args:
        path: The file.
        kind: Its kind for the message: what follows "must be".

    Raises:
        ValueError: If it is missing, empty, a folder or a pipe, or cannot be read.
    """
    check_file(path, kind)
    try:
        return path.read_bytes()
    except OSError as error:
        raise _error(path, kind, f"It cannot be read: {error.strerror}") from None


def exists(path: Path, kind: str) -> bool:
    """Returns whether there is such a file, or something else of that name.

    Raises:
        ValueError: If that cannot be known, since the name is too long, for example.
    """
    try:
        path.stat()
    except FileNotFoundError:
        return False
    except (OSError, ValueError) as error:  # ValueError: a NUL byte
        reason = getattr(error, "strerror", None) or error
        raise _error(path, kind, f"It cannot be read: {reason}") from None
    return True


def check_file(path: Path, kind: str) -> None:
    """Raises `ValueError` unless there is a regular file that is not empty."""
    if not exists(path, kind):
        raise _error(path, kind, "There is no file")
    other = find_other_kind(path)
    if other is not None:
        raise _error(path, kind, f"It is {other}")
    if not path.stat().st_size:
        raise _error(path, kind, "It is empty")
    try:
        path.open("rb").close()
    except OSError as error:
        raise _error(path, kind, f"It cannot be read: {error.strerror}") from None


def damaged(path: Path, kind: str, error: BaseException) -> ValueError:
    """Returns the error of a file that was opened and makes no sense."""
    reason = " ".join(str(error).split())[:200] or type(error).__name__
    if isinstance(error, RecursionError):
        reason = "its content is nested too deeply"
    elif isinstance(error, MemoryError):
        reason = "it asks for more memory than there is"
    return _error(path, kind, f"It is damaged, or of another tool: {reason}")


def _error(path, kind, reason):
    name = str(path)
    shown = name if len(name) <= 300 else f"{name[:100]}…{name[-100:]}"
    return ValueError(f"`{shown}` must be {kind}. {reason}")
