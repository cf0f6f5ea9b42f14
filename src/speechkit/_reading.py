"""Opens text files: one idea of a line, of a number, and of an error."""

import codecs
import contextlib
import contextvars
import dataclasses
import errno
import gzip
import io
import math
import os
import re
import zlib
from collections.abc import Iterator
from pathlib import Path

from speechkit._regular_files import find_other_kind

# Far more than a transcript of a day; a whole file without a line end is no text.
LONGEST_LINE = 2**24
# Text shrinks to a tenth; what shrinks to less than this is made to fill the memory.
_MOST_EXPANSION = 200
# What the shell has opened for a command, by its number; standard input is 0.
_OPENED = re.compile(r"/dev/stdin|(?:/dev|/proc/self)/fd/([0-9]+)")
STANDARD_INPUT = Path("/dev/stdin")
_LARGEST_STREAM = 2**30
_kept: contextvars.ContextVar[dict[Path, bytes] | None] = contextvars.ContextVar(
    "kept", default=None
)
_GZIP = b"\x1f\x8b"
_OTHER_FORMS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE)
_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")


class TextFileError(ValueError):
    """Says in one sentence which text file cannot be used, where, and why.

    Args:
        path: The file.
        line: Number of the line, from 1; `None` if it is the whole file.
        reason: What is wrong: the sentence after its subject.
    """

    def __init__(self, path: Path, line: int | None, reason: str):
        super().__init__(path, line, reason)
        self.path = path
        self.line = line
        self.reason = reason

    def __str__(self) -> str:
        place = "" if self.line is None else f", line {self.line},"
        return f"`{self.path}`{place} {self.reason}"


@dataclasses.dataclass(frozen=True)
class Place:
    """Holds where a line stands.

    Attributes:
        path: The file.
        line: Number of the line, from 1; `None` if it is the whole file.
    """

    path: Path
    line: int | None

    def error(self, reason: str) -> TextFileError:
        """Returns the error of this line."""
        return TextFileError(self.path, self.line, reason)


class TextLines:
    r"""Yields the lines of a text file, with their ends: `\n`, `\r\n` or `\r`.

    The file may be compressed by gzip and begin with a byte-order mark. It is read as
    the lines are asked for, and never held as a whole. Iterating raises `TextFileError`
    if the file cannot be read, is binary or in another encoding, has an endless line,
    or is damaged or far too large under its compression.

    Attributes:
        path: The file.
        number: Number of the line that came last; 0 before the first.
    """

    def __init__(self, path: str | os.PathLike[str], encoding: str = "utf-8"):
        self.path = Path(path)
        self.number = 0
        self._encoding = _check_encoding(encoding)

    @property
    def place(self) -> Place:
        """Where the line that came last stands."""
        return Place(self.path, self.number)

    def error(self, reason: str) -> TextFileError:
        """Returns the error of the line that came last."""
        return self.place.error(reason)

    def __iter__(self) -> Iterator[str]:
        with open_bytes(self.path, takes_streams=True) as file:
            try:
                compressed = file.peek(2)[:2] == _GZIP
                source = gzip.GzipFile(fileobj=file) if compressed else file
                with self._decoded(source) as text:
                    yield from self._checked(text, file, compressed)
            except UnicodeDecodeError as error:
                raise self._not_text(error) from None
            except (EOFError, gzip.BadGzipFile, zlib.error) as error:
                reason = f"is compressed, and its data is broken: {error}"
                raise TextFileError(self.path, self.number + 1, reason) from None
            except OSError as error:
                raise _unreadable(self.path, error) from None

    def _decoded(self, source) -> io.TextIOWrapper:
        encoding = self._encoding
        if encoding == "utf-8":
            encoding = "utf-8-sig"
            if source.peek(2)[:4].startswith(_OTHER_FORMS):
                raise TextFileError(
                    self.path, 1, "must be UTF-8 text. Received: UTF-16 or UTF-32"
                )
        return io.TextIOWrapper(source, encoding, newline="")

    def _checked(self, text, file, compressed):
        size, checked = 0, 0
        while line := text.readline(LONGEST_LINE + 1):
            self.number += 1
            if len(line) > LONGEST_LINE:
                raise self.error(f"must end after {LONGEST_LINE} characters at most")
            if "\0" in line:
                raise self.error("must be text. Received: a NUL byte")
            size += len(line)
            if compressed and size > checked + 2**20:
                checked = size
                self._check_expansion(size, file.tell())
            yield line

    def _check_expansion(self, size, compressed_size):
        if size > _MOST_EXPANSION * compressed_size:
            raise self.error(
                f"must be text compressed to no less than 1/{_MOST_EXPANSION} of its "
                f"size. Received: {size} characters in {compressed_size} bytes"
            )

    def _not_text(self, error):
        # The lines before are out; the decoder was given a block with whole lines.
        ends = len(re.findall(rb"\r\n?|\n", error.object[: error.start]))
        encoding = self._encoding.upper()
        return TextFileError(
            self.path, self.number + 1 + ends, f"must be {encoding} text"
        )


def open_bytes(path: Path, *, takes_streams: bool = False) -> io.BufferedReader:
    """Opens a file for reading.

    Args:
        path: The file.
        takes_streams: Whether it may be what the shell has opened: `/dev/stdin`, or
            `/dev/fd/63` for `<(command)`. Such a stream can be read once; in a block
            with `keeping_streams`, again.

    Raises:
        TextFileError: If it is missing, a folder, a named pipe, or must not be read.
    """
    try:
        stream = _OPENED.fullmatch(path.as_posix()) if takes_streams else None
        if stream is not None:
            return _open_stream(path, int(stream[1] or 0))
        kind = find_other_kind(path)
        if kind is None:
            return path.open("rb")
    except (OSError, ValueError) as error:
        raise _unreadable(path, error) from None
    raise TextFileError(path, None, f"cannot be read: it is {kind}")


@contextlib.contextmanager
def keeping_streams() -> Iterator[None]:
    """Lets each stream be read more than once in this block."""
    token = _kept.set({})
    try:
        yield
    finally:
        _kept.reset(token)


def _open_stream(path: Path, number: int) -> io.BufferedReader:
    kept = _kept.get()
    content = None if kept is None else kept.get(path)
    if content is None:
        with os.fdopen(os.dup(number), "rb") as file:
            content = file.read(_LARGEST_STREAM + 1)
    if len(content) > _LARGEST_STREAM:
        raise OSError(errno.EFBIG, os.strerror(errno.EFBIG))
    if kept is not None:
        kept[path] = content
    return io.BufferedReader(io.BytesIO(content))


def _unreadable(path, error):
    reason = getattr(error, "strerror", None) or error
    return TextFileError(path, None, f"cannot be read: {reason}")


def _check_encoding(encoding):
    """Returns `encoding`; raises `ValueError` unless it names one of texts."""
    try:
        "".encode(encoding)
    except (LookupError, TypeError, ValueError):
        raise ValueError(
            "`encoding` must be the name of an encoding of text, such as 'utf-8'. "
            f"Received: encoding={encoding!r}"
        ) from None
    return encoding


def parse_number(text: str) -> float | None:
    """Returns the finite number that ASCII characters write; `None` for other text."""
    if not _NUMBER.fullmatch(text):
        return None
    value = float(text)
    return value if math.isfinite(value) else None


def suffix_of(path: Path) -> str:
    """Returns the suffix of a name in small letters, that before `.gz` if it has it."""
    suffix = path.suffix.lower()
    return path.with_suffix("").suffix.lower() if suffix == ".gz" else suffix
