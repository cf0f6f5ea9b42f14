"""What of segments and words lies in the time of the other side, as sclite's `-m`."""

from collections.abc import Iterable, Sequence

from speechkit.text.transcripts.ctm import TimedAlternatives, TimedWord
from speechkit.text.transcripts.segment_words import channel_of
from speechkit.text.transcripts.stm import Segment

_Word = TimedWord | TimedAlternatives


def segments_within(
    segments: Iterable[Segment], words: Iterable[_Word]
) -> list[Segment]:
    """Returns the segments in the time of the words of their recording and channel.

    That time goes from the start of the first word to the end of the last. All segments
    stay where there are no words.
    """
    spans: dict[tuple[str, str], tuple[float, float]] = {}
    for word in sorted(words, key=lambda word: word.start_seconds):
        first, _ = spans.get(channel_of(word), (word.start_seconds, 0.0))
        spans[channel_of(word)] = (first, _end(word))
    return [segment for segment in segments if _overlaps(segment, spans)]


def words_within(words: Iterable[_Word], segments: Sequence[Segment]) -> list[_Word]:
    """Returns the words in the time of the segments of their recording and channel.

    That time goes from the earliest start to the latest end. Of alternatives one word
    in it is enough.
    """
    spans: dict[tuple[str, str], tuple[float, float]] = {}
    for segment in segments:
        first, last = segment.start_seconds, segment.end_seconds
        begin, end = spans.get(channel_of(segment), (first, last))
        spans[channel_of(segment)] = (min(begin, first), max(end, last))
    return [
        word
        for word in words
        if any(_touches(each, spans.get(channel_of(word))) for each in _each(word))
    ]


def _overlaps(segment, spans):
    first, last = spans.get(channel_of(segment), (None, None))
    if first is None:
        return True
    return first < segment.end_seconds and last > segment.start_seconds


def _touches(word, span):
    return span is not None and word.start_seconds <= span[1] and _end(word) >= span[0]


def _each(word):
    if isinstance(word, TimedWord):
        return (word,)
    return tuple(each for run in word.alternatives for each in run)


def _end(word):
    return max(each.start_seconds + each.duration_seconds for each in _each(word))
