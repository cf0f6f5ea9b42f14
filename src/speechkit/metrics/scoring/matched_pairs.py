"""Whether two systems differ, by the segments in which one of them errs."""

import dataclasses
import math
from collections.abc import Iterator

from speechkit import _checks
from speechkit._names import alike
from speechkit.metrics.scoring.alignment import Alignment
from speechkit.metrics.scoring.score import Score


@dataclasses.dataclass(frozen=True)
class MatchedPairs:
    """Says whether two systems differ.

    Attributes:
        num_segments: Segments in which at least one system errs.
        mean: Mean of the errors of the first system less those of the second.
        standard_deviation: Of these differences; their number less one divides.
        z: Mean by its standard error; positive if the second system is better.
        p_value: Chance of a `z` as far from 0 or farther, if the systems are equal.
    """

    num_segments: int
    mean: float
    standard_deviation: float
    z: float
    p_value: float


def matched_pairs_test(
    first: Score, second: Score, *, min_hits: int = 2
) -> MatchedPairs:
    """Compares two systems on the same references.

    Utterances are cut where both systems recognise `min_hits` words or more in a row;
    what lies between is taken for independent. The test needs many segments, 50 or so.
    If the systems took different alternatives of a reference, the whole utterance is
    one segment.

    Args:
        first: One system.
        second: The other; of the same utterances.
        min_hits: Least number of words between two segments.

    Raises:
        ValueError: If the scores are of different utterances, or there are fewer than
            two segments.

    References:
        Gillick and Cox, Some statistical issues in the comparison of speech
        recognition algorithms, 1989.
    """
    _checks.check_int("min_hits", min_hits)
    differences = [
        one - other
        for left, right in _matched(first, second)
        for one, other in segments(left, right, min_hits)
    ]
    number = len(differences)
    if number < 2:
        raise ValueError(
            "`first` and `second` must err in at least two segments. "
            f"Received: {number}"
        )
    mean = sum(differences) / number
    variance = sum((d - mean) ** 2 for d in differences) / (number - 1)
    z = _divide(mean, math.sqrt(variance / number))
    p_value = math.erfc(abs(z) / math.sqrt(2))
    return MatchedPairs(number, mean, math.sqrt(variance), z, p_value)


def segments(
    first: Alignment, second: Alignment, min_hits: int
) -> Iterator[tuple[int, int]]:
    """Yields the errors of both systems in each segment of one utterance."""
    if first.reference != second.reference:
        errors = (first.counts.errors, second.counts.errors)
        if any(errors):
            yield errors
        return
    inside, hits, total = False, 0, [0, 0]
    for left, right in zip(_steps(first), _steps(second), strict=True):
        if left or right:
            inside, hits = True, 0
            total = [total[0] + (left or 0), total[1] + (right or 0)]
        else:
            # Between two words without insertions there is nothing to count.
            hits += left is not None
        if inside and hits == min_hits:
            yield total[0], total[1]
            inside, total = False, [0, 0]
    if inside:
        yield total[0], total[1]


def _steps(alignment):
    """Returns the errors between and at the reference words, by turns.

    Where no word is inserted it is `None`; at a word it is 0 or 1.
    """
    steps: list[int | None] = [None]
    for letter in alignment.operations:
        if letter == "I":
            steps[-1] = (steps[-1] or 0) + 1
        elif letter != "X":
            steps += [int(letter in "SD"), None]
    return steps


def _matched(first, second):
    left = {alike(u.utterance_id): u.alignment for u in first.utterances}
    right = {alike(u.utterance_id): u.alignment for u in second.utterances}
    if left.keys() != right.keys():
        different = sorted(left.keys() ^ right.keys())
        raise ValueError(
            "`first` and `second` must be of the same utterances. "
            f"Received: {len(different)} of one alone, {different[0]!r} among them"
        )
    return [(left[name], right[name]) for name in left]


def _divide(mean, error):
    if error:
        return mean / error
    # All differences are the same: no doubt, or no difference.
    return math.copysign(math.inf, mean) if mean else 0.0
