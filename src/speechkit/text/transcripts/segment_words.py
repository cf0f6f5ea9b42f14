"""From recognised words with times to segments."""

from collections.abc import Iterable, Sequence

from speechkit.text.transcripts.ctm import TimedAlternatives, TimedWord
from speechkit.text.transcripts.stm import Segment


def words_of_segments(
    segments: Sequence[Segment], words: Iterable[TimedWord | TimedAlternatives]
) -> list[list[TimedWord | TimedAlternatives]]:
    """Gives each word to the segment that its middle is in.

    Segments of other recordings and channels do not matter. A word between segments
    goes to the nearest, where it will count as an insertion; of equally near ones, to
    the first.

    Args:
        segments: Stretches with a reference.
        words: The recognised words; alternatives stay together.

    Returns:
        For each segment its words, in the order of their time.

    Raises:
        ValueError: If a word is of a recording or channel without a segment.

    Example:
        >>> segments = [Segment("a", "1", "ann", 0, 2, "yes"),
        ...             Segment("a", "1", "ben", 2, 3, "no")]
        >>> words = [TimedWord("a", "1", 1.8, 0.6, "no")]
        >>> [len(found) for found in words_of_segments(segments, words)]
        [0, 1]
    """
    places: dict[tuple[str, str], list[int]] = {}
    for place, segment in enumerate(segments):
        places.setdefault((segment.recording, segment.channel), []).append(place)
    found: list[list[TimedWord | TimedAlternatives]] = [[] for _ in segments]
    for word in sorted(words, key=lambda word: word.start_seconds):
        near = places.get((word.recording, word.channel))
        if near is None:
            raise ValueError(
                "`words` must be of recordings and channels that have a segment. "
                f"Received: {word.recording} {word.channel}"
            )
        middle = word.middle_seconds
        best = min(near, key=lambda place: _distance(segments[place], middle))
        found[best].append(word)
    return found


def _distance(segment, seconds):
    if segment.start_seconds <= seconds < segment.end_seconds:
        return -1.0
    return max(segment.start_seconds - seconds, seconds - segment.end_seconds)
