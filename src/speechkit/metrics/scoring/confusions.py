"""Which tokens are taken for which."""

import collections
import dataclasses

from speechkit.metrics.scoring.score import Score


@dataclasses.dataclass(frozen=True)
class Confusion:
    """An error and how often it was made.

    Attributes:
        reference: Token of the reference; `None` for an insertion.
        hypothesis: Token of the hypothesis; `None` for a deletion.
        count: Number of times.
    """

    reference: str | None
    hypothesis: str | None
    count: int


def confusions(score: Score) -> tuple[Confusion, ...]:
    """Returns all errors of a score, the most frequent first.

    Errors that are equally frequent stand in the order of their tokens.

    Example:
        >>> from speechkit import metrics
        >>> confusions(metrics.score(["a b", "a"], ["e b", "e"]))
        (Confusion(reference='a', hypothesis='e', count=2),)
    """
    counter: collections.Counter = collections.Counter()
    for utterance in score.utterances:
        alignment = utterance.alignment
        for letter, pair in zip(alignment.operations, alignment.pairs, strict=True):
            if letter in "SDI":
                counter[pair] += 1
    order = sorted(counter, key=lambda pair: (-counter[pair], _key(pair)))
    return tuple(
        Confusion(reference, hypothesis, counter[reference, hypothesis])
        for reference, hypothesis in order
    )


def _key(pair):
    # Substitutions first, then deletions, then insertions.
    reference, hypothesis = pair
    return (reference is None, hypothesis is None, reference or "", hypothesis or "")
