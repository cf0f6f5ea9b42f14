"""Writes a file so that it is there whole or not at all."""

import contextlib
import hashlib
import os
import secrets
from collections.abc import Iterator
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

# As many processes may write one file at a time before names become random.
_NUM_NAMES = 8
_LONGEST_STEM = 150


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Yields a temporary file beside `path` that becomes `path` at the end.

    If the block raises, the temporary file is removed and `path` stays as it was. What
    a killed process left is overwritten or removed when the same path is written again;
    a lock tells it from the file of a process that lives.

    Raises:
        OSError: If the file cannot be written; its `filename` is `path`.
    """
    temporary = None
    try:
        with _claimed(path) as temporary:
            try:
                yield temporary
                temporary.replace(path)
            except BaseException:
                # Not after success: the name may be another process's by then.
                temporary.unlink(missing_ok=True)
                raise
    except OSError as error:
        name = Path(os.fsdecode(error.filename or "")).name
        if temporary is None or name == temporary.name:
            raise OSError(error.errno, error.strerror, os.fspath(path)) from error
        raise
    finally:
        remove_leftovers(path)


def remove_leftovers(path: Path) -> None:
    """Removes the temporary files of `path` that killed processes left."""
    for name in _names(path) if fcntl else ():
        if name.is_file():
            with contextlib.suppress(OSError), _locked(name):
                name.unlink()


@contextlib.contextmanager
def _claimed(path):
    """Yields a name for a temporary file that no living process uses."""
    for name in _names(path) if fcntl else ():
        with contextlib.ExitStack() as stack:
            try:
                stack.enter_context(_locked(name, create=True))
            except BlockingIOError:
                continue
            yield name
            return
    # No `tempfile`: it makes files that only their owner may read.
    yield path.with_name(f".{_stem(path)}-{secrets.token_hex(4)}{path.suffix}")


def _names(path):
    stem = _stem(path)
    return [
        path.with_name(f".{stem}.partial-{number}{path.suffix}")
        for number in range(_NUM_NAMES)
    ]


def _stem(path):
    """Returns the stem of a name, shortened so that more fits behind it."""
    encoded = os.fsencode(path.stem)
    if len(encoded) <= _LONGEST_STEM:
        return path.stem
    return hashlib.sha256(encoded).hexdigest()[:32]


@contextlib.contextmanager
def _locked(name, create=False):
    """Holds the lock of a file, which ends with the process that holds it.

    Raises:
        BlockingIOError: If another process, or another block, holds it.
    """
    flags = os.O_RDWR | (os.O_CREAT if create else 0)
    opened = os.open(name, flags, 0o666)
    try:
        _lock(opened, must=not create)
        # Between the two calls its owner may have given the file its own name.
        if not name.is_file() or not os.path.samestat(os.fstat(opened), name.stat()):
            raise BlockingIOError
        yield
    finally:
        os.close(opened)


def _lock(opened, must):
    try:
        fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise
    except OSError:  # some network folders know no locks
        if must:
            raise
