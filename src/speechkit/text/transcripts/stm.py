"""Segment time marks: a stretch of a recording and its transcript in each line."""

import dataclasses
import os
from collections.abc import Iterable

from speechkit import _checks
from speechkit.text.transcripts._lines import (
    check_field,
    check_seconds,
    read_lines,
    read_seconds,
    write_lines,
)

_IGNORED = ("ignore_time_segment_in_scoring", "ignoretimesegmentinscoring")


@dataclasses.dataclass(frozen=True)
class Segment:
    """Holds the transcript of a stretch of a recording.

    Attributes:
        recording: Name of the sound file.
        channel: Its channel, such as `"1"` or `"A"`.
        speaker: Who speaks.
        start_seconds: Where it begins.
        end_seconds: Where it ends.
        text: The transcript; `parse_reference` reads the alternatives in it.
        label: What it belongs to, such as `"<o,f0,male>"`; `None` if there is none.
    """

    recording: str
    channel: str
    speaker: str
    start_seconds: float
    end_seconds: float
    text: str
    label: str | None = None

    @property
    def ignored(self) -> bool:
        """Whether this stretch is left out of scores."""
        text = self.text.casefold()
        return any(mark in text for mark in _IGNORED)


def read_stm(
    path: str | os.PathLike[str], *, encoding: str = "utf-8"
) -> tuple[Segment, ...]:
    """Reads segment time marks (`.stm`).

    A line has the recording, the channel, the speaker, the start and the end in
    seconds, maybe a label in angle brackets, and the text. Comments after `;;` are
    left out.

    Args:
        path: The file.
        encoding: Its encoding, such as `"gb18030"`, `"big5"` or `"euc_jp"`.

    Returns:
        The segments, in the order of the file.

    Raises:
        ValueError: If the file cannot be read or a line is wrong; the message names
            the line.
    """
    lines = read_lines(path, encoding)
    return tuple(_read_segment(place, line) for place, line in lines)


def write_stm(segments: Iterable[Segment], path: str | os.PathLike[str]) -> None:
    """Writes segment time marks that `read_stm` and sclite read.

    Times are rounded to thousandths of a second; white space in a text becomes single
    spaces.

    Args:
        segments: What to write; sorted by recording, channel and start, as sclite asks.
        path: The file, in an existing folder; it appears when it is complete.

    Raises:
        ValueError: If a name is empty, has white space in it or would be read as a
            comment; a time is below 0, not finite, or the end before the start; a label
            has no angle brackets, or a text would be read as one; or the folder is
            missing.
    """
    lines = []
    segments = tuple(segments)
    for segment in segments:
        _check_segment(segment)
    ordered = sorted(segments, key=lambda s: (s.recording, s.channel, s.start_seconds))
    for segment in ordered:
        times = (f"{segment.start_seconds:.3f}", f"{segment.end_seconds:.3f}")
        label = () if segment.label is None else (segment.label,)
        fields = (segment.recording, segment.channel, segment.speaker, *times, *label)
        lines.append(" ".join([*fields, *segment.text.split()]))
    write_lines(path, lines)


def _read_segment(place, line):
    fields = line.split(maxsplit=5)
    if len(fields) < 5:
        raise place.error(
            "must have a recording, a channel, a speaker, a start and an end. "
            f"Received: {len(fields)} fields"
        )
    start = read_seconds(place, "start", fields[3])
    end = read_seconds(place, "end", fields[4])
    if end < start:
        raise place.error(
            f"must end after it starts. Received: {fields[3]} {fields[4]}"
        )
    label, text = _split_label(fields[5] if len(fields) > 5 else "")
    return Segment(fields[0], fields[1], fields[2], start, end, text, label)


def _check_segment(segment):
    for name in ("recording", "channel", "speaker"):
        check_field(name, getattr(segment, name))
    start = check_seconds("start_seconds", segment.start_seconds)
    end = check_seconds("end_seconds", segment.end_seconds)
    if end < start:
        raise ValueError(
            "`end_seconds` must not come before `start_seconds`. "
            f"Received: start_seconds={start}, end_seconds={end}"
        )
    _checks.check_writable("text", segment.text)
    if segment.label is not None:
        label = check_field("label", segment.label)
        if _split_label(label)[0] is None:
            raise ValueError(
                "`label` must stand in angle brackets, such as '<o,f0>'. "
                f"Received: label={label!r}"
            )
    _check_text(segment)


def _check_text(segment):
    if segment.label is None and _split_label(segment.text)[0] is not None:
        raise ValueError(
            "`text` must not begin with a word in angle brackets unless there is a "
            f"`label`. Received: text={segment.text[:60]!r}"
        )


def _split_label(rest):
    fields = rest.split(maxsplit=1)
    if fields and fields[0].startswith("<") and fields[0].endswith(">"):
        return fields[0], "".join(fields[1:])
    return None, rest
