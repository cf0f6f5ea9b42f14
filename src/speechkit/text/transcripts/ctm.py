"""Conversation time marks: a word and its time in each line."""

import dataclasses
import os
from collections.abc import Iterable
from pathlib import Path

from speechkit import _checks
from speechkit._reading import Place, parse_number
from speechkit.text.transcripts._lines import (
    check_field,
    check_seconds,
    read_lines,
    read_seconds,
    write_lines,
)

_BEGIN, _NEXT, _END = _MARKS = ("<ALT_BEGIN>", "<ALT>", "<ALT_END>")


@dataclasses.dataclass(frozen=True)
class TimedWord:
    """Holds a recognised word and its time.

    Attributes:
        recording: Name of the sound file.
        channel: Its channel, such as `"1"` or `"A"`.
        start_seconds: Where the word begins.
        duration_seconds: How long it lasts.
        word: The word.
        confidence: How sure the recogniser is, from 0 to 1; `None` if unknown.
    """

    recording: str
    channel: str
    start_seconds: float
    duration_seconds: float
    word: str
    confidence: float | None = None

    @property
    def middle_seconds(self) -> float:
        """Middle of the word, which decides on the segment that it belongs to."""
        return self.start_seconds + self.duration_seconds / 2


@dataclasses.dataclass(frozen=True)
class TimedAlternatives:
    """Holds several runs of words, of which one was recognised.

    Attributes:
        alternatives: Each of the runs. An empty run and the word `@` stand for nothing,
            but one of them must have a word.

    Raises:
        ValueError: If there is no word.
    """

    alternatives: tuple[tuple[TimedWord, ...], ...]

    def __post_init__(self):
        if not any(self.alternatives):
            raise ValueError(
                "`alternatives` must have a word. "
                f"Received: alternatives={self.alternatives}"
            )

    @property
    def recording(self) -> str:
        """Name of the sound file."""
        return self._first.recording

    @property
    def channel(self) -> str:
        """Its channel."""
        return self._first.channel

    @property
    def start_seconds(self) -> float:
        """Where the first word begins."""
        return min(word.start_seconds for run in self.alternatives for word in run)

    @property
    def middle_seconds(self) -> float:
        """Latest middle of a word, which decides on the segment of them all."""
        return max(word.middle_seconds for run in self.alternatives for word in run)

    @property
    def word(self) -> str:
        """The alternatives as `parse_reference` reads them: `{ a / b }`."""
        runs = (" ".join(word.word for word in run) or "@" for run in self.alternatives)
        return f"{{ {' / '.join(runs)} }}"

    @property
    def _first(self):
        return next(word for run in self.alternatives for word in run)


def read_ctm(
    path: str | os.PathLike[str], *, encoding: str = "utf-8"
) -> tuple[TimedWord | TimedAlternatives, ...]:
    """Reads conversation time marks (`.ctm`).

    A line has the recording, the channel, the start and the duration in seconds, the
    word, and maybe a confidence; what follows is not read, nor are comments after `;;`.
    Alternatives stand between lines whose word is `<ALT_BEGIN>` and `<ALT_END>`, in any
    case, with `<ALT>` between any two; the times of these lines are not read. Between
    two of them may be no word, which stands for nothing.

    Args:
        path: The file.
        encoding: Its encoding, such as `"gb18030"`, `"big5"` or `"euc_jp"`.

    Returns:
        The words and alternatives, in the order of the file.

    Raises:
        ValueError: If the file cannot be read or a line is wrong; the message names
            the line.
    """
    found: list[TimedWord | TimedAlternatives] = []
    runs: list[list[TimedWord]] | None = None
    place = Place(Path(path), None)
    for place, line in read_lines(path, encoding):
        fields = line.split()
        mark = fields[4].upper() if len(fields) > 4 else None
        mark = mark if mark in _MARKS else None
        if mark is None:
            word = _read_word(place, fields)
            found.append(word) if runs is None else runs[-1].append(word)
            continue
        _check_mark(place, mark, runs)
        if mark == _END:
            found.append(TimedAlternatives(tuple(map(tuple, runs or ()))))
        runs = None if mark == _END else [*(runs or []), []]
    if runs is not None:
        raise place.error(f"must be followed by {_END}. Received: no more lines")
    return tuple(found)


def write_ctm(
    words: Iterable[TimedWord | TimedAlternatives], path: str | os.PathLike[str]
) -> None:
    """Writes conversation time marks that `read_ctm` and sclite read.

    Times are rounded to thousandths of a second, confidences to four places.

    Args:
        words: What to write; sorted by recording, channel and start, as sclite asks.
        path: The file, in an existing folder; it appears when it is complete.

    Raises:
        ValueError: If a name or a word is empty, has white space in it, or would be
            read as a mark or a comment; a time or a confidence is not a finite number,
            or a time is below 0; or the folder is missing.
    """
    lines: list[str] = []
    words = tuple(words)
    for word in words:
        _check_word(word)
    ordered = sorted(words, key=lambda w: (w.recording, w.channel, w.start_seconds))
    for word in ordered:
        if isinstance(word, TimedWord):
            lines.append(_line(word))
            continue
        start = f"{word.recording} {word.channel} * *"
        for mark, run in zip(_marks(word), word.alternatives, strict=True):
            lines += [f"{start} {mark}", *map(_line, run)]
        lines.append(f"{start} {_END}")
    write_lines(path, lines)


def _marks(word):
    return (_BEGIN, *[_NEXT] * (len(word.alternatives) - 1))


def _check_word(word):
    """Raises `ValueError` if words cannot be sorted by their times, and read again."""
    if isinstance(word, TimedAlternatives):
        for each in (each for run in word.alternatives for each in run):
            _check_word(each)
        return
    for name in ("recording", "channel", "word"):
        check_field(name, getattr(word, name))
    if word.word.upper() in _MARKS:
        raise ValueError(
            "`word` must not be a mark of alternatives, for which `TimedAlternatives` "
            f"stands. Received: word={word.word!r}"
        )
    check_seconds("start_seconds", word.start_seconds)
    check_seconds("duration_seconds", word.duration_seconds)
    if word.confidence is not None:
        _checks.check_number("confidence", word.confidence, -_checks.LARGEST_NUMBER)


def _line(word):
    line = (
        f"{word.recording} {word.channel} {word.start_seconds:.3f} "
        f"{word.duration_seconds:.3f} {word.word}"
    )
    return line if word.confidence is None else f"{line} {word.confidence:.4f}"


def _check_mark(place, mark, runs):
    """Raises unless a mark may stand after the runs of words so far."""
    if (mark == _BEGIN) != (runs is None):
        accepted = _BEGIN if runs is None else f"{_NEXT} or {_END}"
        raise place.error(f"must have {accepted}. Received: {mark}")
    if mark == _END and not any(runs):
        raise place.error(f"must come after a word. Received: {mark}")


def _read_word(place, fields):
    if len(fields) < 5:
        raise place.error(
            "must have a recording, a channel, a start, a duration and a word. "
            f"Received: {len(fields)} fields"
        )
    return TimedWord(
        recording=fields[0],
        channel=fields[1],
        start_seconds=read_seconds(place, "start", fields[2]),
        duration_seconds=read_seconds(place, "duration", fields[3]),
        word=fields[4],
        confidence=_read_confidence(place, fields[5]) if len(fields) > 5 else None,
    )


def _read_confidence(place, value):
    # Some write a letter or "NA" where no confidence is known.
    if value in ("NA", "-"):
        return None
    confidence = parse_number(value)
    if confidence is None:
        raise place.error(
            f"must have a number for the confidence. Received: {value[:40]}"
        )
    return confidence
