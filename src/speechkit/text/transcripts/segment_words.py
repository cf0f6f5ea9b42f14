"""From recognised words with times to segments, as sclite does."""

from collections.abc import Iterable, Sequence

from speechkit._names import alike
from speechkit.text.transcripts.ctm import TimedAlternatives, TimedWord
from speechkit.text.transcripts.stm import Segment


def words_of_segments(
    segments: Sequence[Segment], words: Iterable[TimedWord | TimedAlternatives]
) -> list[list[TimedWord | TimedAlternatives]]:
    """Gives each word to a segment of its recording and channel, as sclite does.

    A segment takes the words whose middle comes before its end, from the end of the
    segment before. So a word between two segments goes to the next one, where it will
    count as an insertion; before an ignored one it is ignored. The last segment takes
    all that is left. Segments and words are taken in the order of their start.

    Args:
        segments: Stretches with a reference.
        words: The recognised words; alternatives stay together.

    Returns:
        For each segment its words, in the order of their time.

    Raises:
        ValueError: If a word is of a recording or channel without a segment.

    Example:
        >>> segments = [Segment("a", "1", "ann", 0, 2, "yes"),
        ...             Segment("a", "1", "ben", 4, 5, "no")]
        >>> words = [TimedWord("a", "1", 2.1, 0.6, "no")]
        >>> [len(found) for found in words_of_segments(segments, words)]
        [0, 1]
    """
    channels: dict[tuple[str, str], list[int]] = {}
    order = sorted(range(len(segments)), key=lambda n: segments[n].start_seconds)
    for place in order:
        segment = segments[place]
        channels.setdefault(channel_of(segment), []).append(place)
    found: list[list[TimedWord | TimedAlternatives]] = [[] for _ in segments]
    reached = dict.fromkeys(channels, 0)
    for word in sorted(words, key=lambda word: word.start_seconds):
        channel = channel_of(word)
        places = channels.get(channel)
        if places is None:
            raise ValueError(
                "`words` must be of recordings and channels that have a segment. "
                f"Received: {word.recording} {word.channel}"
            )
        middle = word.middle_seconds
        while (
            reached[channel] < len(places) - 1
            and middle >= segments[places[reached[channel]]].end_seconds
        ):
            reached[channel] += 1
        found[places[reached[channel]]].append(word)
    return found


def channel_of(timed: Segment | TimedWord | TimedAlternatives) -> tuple[str, str]:
    """Returns the recording and the channel, in forms that can be compared."""
    return alike(timed.recording), alike(timed.channel)
