"""Conversation time marks: a word and its time in each line."""

import dataclasses
import os
from collections.abc import Iterable

from speechkit.text.transcripts._lines import (
    check_field,
    read_lines,
    read_seconds,
    write_lines,
)


@dataclasses.dataclass(frozen=True)
class TimedWord:
    """Says when a word was recognised.

    Attributes:
        recording: Name of the sound file.
        channel: Its channel, such as `"1"` or `"A"`.
        start_seconds: Where the word begins.
        duration_seconds: How long it lasts.
        word: The word.
        confidence: How sure the recogniser is, from 0 to 1; `None` if it did not say.
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


def read_ctm(path: str | os.PathLike[str]) -> tuple[TimedWord, ...]:
    """Reads conversation time marks (`.ctm`).

    A line has the recording, the channel, the start and the duration in seconds, the
    word, and maybe a confidence; what follows is not read, nor are comments after `;;`.
    Alternatives in a hypothesis are not accepted.

    Args:
        path: The file, in UTF-8.

    Returns:
        The words, in the order of the file.

    Raises:
        ValueError: If the file cannot be read or a line is wrong; the message names
            the line.
    """
    return tuple(_read_word(where, line.split()) for where, line in read_lines(path))


def write_ctm(words: Iterable[TimedWord], path: str | os.PathLike[str]) -> None:
    """Writes conversation time marks that `read_ctm` and sclite read.

    Args:
        words: What to write; sorted by recording, channel and start, as sclite asks.
        path: The file, in an existing folder; it appears when it is complete.

    Raises:
        ValueError: If a name or a word is empty or has white space in it, or the
            folder is missing.
    """
    lines = []
    ordered = sorted(words, key=lambda w: (w.recording, w.channel, w.start_seconds))
    for word in ordered:
        for name in ("recording", "channel", "word"):
            check_field(name, getattr(word, name))
        line = (
            f"{word.recording} {word.channel} {word.start_seconds:.3f} "
            f"{word.duration_seconds:.3f} {word.word}"
        )
        known = word.confidence is not None
        lines.append(f"{line} {word.confidence:.4f}" if known else line)
    write_lines(path, lines)


def _read_word(where, fields):
    if len(fields) < 5:
        raise ValueError(
            f"{where} must have a recording, a channel, a start, a duration and a "
            f"word. Received: {len(fields)} fields"
        )
    return TimedWord(
        recording=fields[0],
        channel=fields[1],
        start_seconds=read_seconds(where, "start", fields[2]),
        duration_seconds=read_seconds(where, "duration", fields[3]),
        word=fields[4],
        confidence=_read_confidence(where, fields[5]) if len(fields) > 5 else None,
    )


def _read_confidence(where, value):
    # Some write a letter or "NA" where no confidence is known.
    if value in ("NA", "-"):
        return None
    try:
        return float(value)
    except ValueError:
        raise ValueError(
            f"{where} must have a number for the confidence. Received: {value[:40]}"
        ) from None
