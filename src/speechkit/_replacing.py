"""Writes a file, or a folder, so that it is there whole or not at all."""

import contextlib
import errno
import hashlib
import os
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

# As many processes may write one file at a time before names become random.
_NUM_NAMES = 8
_LONGEST_STEM = 150
# What a write raises, without a name of its file.
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)


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
        is_full = error.filename is None and error.errno in _FULL
        if temporary is None or name == temporary.name or is_full:
            raise OSError(error.errno, error.strerror, os.fspath(path)) from error
        raise
    finally:
        remove_leftovers(path)


@contextlib.contextmanager
def replacing_text(path: Path) -> Iterator[TextIO]:
    """Yields a text file to write that becomes `path` at the end; see `replacing`.

    Raises:
        ValueError: If the folder of the file is missing.
        OSError: If the file cannot be written; its `filename` is `path`.
    """
    if not path.parent.is_dir():
        raise ValueError(f"`{path}` cannot be written: its folder does not exist")
    with (
        replacing(path) as temporary,
        temporary.open("w", encoding="utf-8", newline="") as file,
    ):
        yield file


@contextlib.contextmanager
def replacing_folder(path: Path) -> Iterator[Path]:
    """Yields a temporary folder beside `path` that becomes `path` at the end.

    If the block raises, the temporary folder is removed and `path` stays as it was. A
    folder that was `path` before is removed; if the process is killed in the moment
    between, it comes back when the same path is written again.

    Raises:
        OSError: If a folder cannot be written.
    """
    path = Path(os.path.realpath(path))
    path.parent.mkdir(parents=True, exist_ok=True)
    remove_leftovers(path)
    with _claimed(path) as lock:
        try:
            # The lock's owner alone uses these two names.
            folder, old = _folders(lock)
            folder.mkdir()
            yield folder
            _take_place(folder, path, old)
        finally:
            _restore(lock, path)
            lock.unlink(missing_ok=True)


def remove_leftovers(path: Path) -> None:
    """Removes the temporary files of `path` that killed processes left."""
    for name in _names(path) if fcntl else ():
        if name.is_file():
            with contextlib.suppress(OSError), _locked(name):
                _restore(name, path)
                name.unlink()


def _folders(lock):
    """Returns the names for a new folder and for the one before it."""
    return lock.with_name(lock.name + ".new"), lock.with_name(lock.name + ".old")


def _take_place(folder, path, old):
    """Gives a folder the name `path`, though others may do so at the same time."""
    for _ in range(_NUM_NAMES):
        shutil.rmtree(old, ignore_errors=True)
        with contextlib.suppress(FileNotFoundError):
            if path.is_dir():
                path.rename(old)
        try:
            folder.rename(path)
        except OSError as error:
            if error.errno not in (errno.EEXIST, errno.ENOTEMPTY):
                raise
        else:
            return
    raise OSError(errno.EBUSY, os.strerror(errno.EBUSY), os.fspath(path))


def _restore(lock, path):
    """Removes the folders beside a lock, but brings back one without a successor."""
    folder, old = _folders(lock)
    if old.is_dir() and not path.exists():
        old.rename(path)
    shutil.rmtree(folder, ignore_errors=True)
    shutil.rmtree(old, ignore_errors=True)


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
