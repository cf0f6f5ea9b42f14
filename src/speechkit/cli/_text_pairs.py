"""Reads references and hypotheses that belong together, as sclite pairs formats."""

import dataclasses
from pathlib import Path

from speechkit import text
from speechkit._names import alike
from speechkit.cli._text_formats import find_format
from speechkit.cli._texts import Reading, Texts, note_optional, parse_texts, read_texts
from speechkit.text.transcripts.common_time import segments_within, words_within
from speechkit.text.transcripts.segment_words import channel_of
from speechkit.text.transcripts.stm_labels import read_labels
from speechkit.text.transcripts.timed_chunks import cut_in_common_silences


def read_both(reference: Path, hypothesis: Path, reading: Reading) -> tuple[Texts, ...]:
    """Returns the references and the hypotheses.

    Raises:
        ValueError: If a file is wrong, or the formats do not belong together; the
            message names the file, and the line.
    """
    paths = (reference, hypothesis)
    kinds = tuple(
        kind or find_format(path, reading.encoding, path is reference)
        for path, kind in zip(paths, reading.formats, strict=True)
    )
    timed = ("stm", "ctm")
    if kinds[1] == "stm" or (kinds[0] in timed) != (kinds[1] == "ctm"):
        raise ValueError(
            "`.stm` and `.ctm` references belong to `.ctm` hypotheses; "
            "`--reference-format` and `--hypothesis-format` say what a file is. "
            f"Received: `{reference}` as {kinds[0]}, `{hypothesis}` as {kinds[1]}"
        )
    if reading.common_time is not None and kinds[0] != "stm":
        raise ValueError(
            "`--common-time` is for references with segments, `.stm`. "
            f"Received: `{reference}` as {kinds[0]}"
        )
    if kinds[0] == "stm":
        return _read_segments(reference, hypothesis, reading)
    if kinds[0] == "ctm":
        return _read_channels(reference, hypothesis, reading)
    return tuple(
        read_texts(path, kind, column, reading)
        for path, kind, column in zip(paths, kinds, reading.columns, strict=True)
    )


def _read_segments(reference, hypothesis, reading):
    """Reads `.stm` references and the `.ctm` words that lie in their segments."""
    segments = [
        _changed(segment, ("recording", "channel", "speaker"), alike)
        for segment in text.read_stm(reference, encoding=reading.encoding)
    ]
    if reading.lower_case:
        names = ("recording", "channel", "speaker", "text")
        segments = [_changed(segment, names, str.lower) for segment in segments]
    words = [*_read_words(hypothesis, reading)]
    segments, words = _in_common_time(segments, words, reading.common_time)
    declared = read_labels(reference, encoding=reading.encoding)
    references: dict[str, str] = {}
    hypotheses, speakers, labels = {}, {}, {}
    matched = text.words_of_segments(segments, words)
    for segment, heard in zip(segments, matched, strict=True):
        if segment.ignored:
            continue
        name = f"{segment.recording}-{segment.channel}-{segment.start_seconds:.3f}"
        name = _new_name(name, references)
        references[name] = segment.text
        hypotheses[name] = text.reference_from_words(
            heard, optional_words=reading.optional_words
        )
        speakers[name] = segment.speaker
        labels[name] = segment.label
    found = Texts(references, speakers, labels=declared.groups(labels))
    found = parse_texts(reference, found, reading)
    return found, _with_note(hypothesis, hypotheses, reading, speakers)


def _in_common_time(segments, words, sides):
    """Returns the segments and the words in the time of the other side."""
    kept = segments
    if sides in ("reference", "both"):
        kept = segments_within(segments, words)
        left, known = ({channel_of(each) for each in side} for side in (kept, segments))
        # Without a segment that is left, there is no place for a word.
        words = [word for word in words if channel_of(word) not in known - left]
    if sides in ("hypothesis", "both"):
        words = words_within(words, kept)
    return kept, words


def _read_channels(reference, hypothesis, reading):
    """Reads `.ctm` references and hypotheses, which are cut in common silences."""
    sides = [_by_channel(path, reading) for path in (reference, hypothesis)]
    texts: tuple[dict, dict] = ({}, {})
    speakers = {}
    for channel in sorted(sides[0].keys() | sides[1].keys()):
        both = tuple(side.get(channel) for side in sides)
        if None in both:
            # The names of this side alone tell what is missing on the other.
            pairs: list = [[words or () for words in both]]
        else:
            pairs = [*cut_in_common_silences(*both)]
        for number, pair in enumerate(pairs):
            name = f"{channel} {number}"
            for found, words, one in zip(texts, pair, both, strict=True):
                if one is not None:
                    found[name] = text.reference_from_words(
                        words, optional_words=reading.optional_words
                    )
            speakers[name] = channel
    return (
        _with_note(reference, texts[0], reading, speakers),
        _with_note(hypothesis, texts[1], reading, speakers),
    )


def _by_channel(path, reading):
    channels: dict[str, list] = {}
    for word in sorted(_read_words(path, reading), key=lambda word: word.start_seconds):
        channels.setdefault(f"{word.recording} {word.channel}", []).append(word)
    return channels


def _read_words(path, reading):
    for word in text.read_ctm(path, encoding=reading.encoding):
        word = _changed_word(word, ("recording", "channel"), alike)
        if reading.lower_case:
            word = _changed_word(word, ("recording", "channel", "word"), str.lower)
        yield word


def _with_note(path, references, reading, speakers):
    notes = () if reading.optional_words else note_optional(path, references)
    words = (arc.word or "" for value in references.values() for arc in value.arcs)
    braced = next((word for word in words if "{" in word or "}" in word), None)
    if braced is not None:
        notes += (
            f"`{path}` has words with braces, such as {braced}, which count as they "
            "stand; a `.ctm` marks alternatives by <ALT_BEGIN>, <ALT> and <ALT_END>.",
        )
    return Texts(references, speakers=speakers, notes=notes)


def _new_name(name, names):
    """Returns a name that is none of `names`: two may speak at the same time."""
    number, new = 1, name
    while new in names:
        number += 1
        new = f"{name}-{number}"
    return new


def _changed(value, names, change):
    changed = {name: change(getattr(value, name)) for name in names}
    return dataclasses.replace(value, **changed)


def _changed_word(word, names, change):
    if isinstance(word, text.TimedAlternatives):
        return text.TimedAlternatives(
            tuple(
                tuple(_changed(each, names, change) for each in run)
                for run in word.alternatives
            )
        )
    return _changed(word, names, change)
