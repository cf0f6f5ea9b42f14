"""How sure an error rate is, by drawing utterances again."""

import dataclasses
from collections.abc import Iterable

import numpy as np

from speechkit import _checks
from speechkit.metrics.scoring.groups import by_speaker
from speechkit.metrics.scoring.score import Score, add_counts


@dataclasses.dataclass(frozen=True)
class Interval:
    """Holds what lies between two bounds with some confidence.

    Attributes:
        low: Lower bound.
        high: Upper bound.
        confidence: Share of drawn corpora that lies between them.
    """

    low: float
    high: float
    confidence: float


def bootstrap_interval(
    score: Score,
    *,
    confidence: float = 0.95,
    num_samples: int = 1000,
    by: str = "utterance",
    seed: int = 0,
) -> Interval:
    """Returns the confidence interval of the error rate.

    As many utterances as there are are drawn from them, with replacement, and their
    error rate is taken; the bounds leave out equal shares of these rates on both sides.

    Args:
        score: Utterances of one system.
        confidence: Share of the rates between the bounds.
        num_samples: How many corpora are drawn.
        by: What is drawn: `"utterance"`, or `"speaker"` with all of their utterances,
            which is right if utterances of one speaker go wrong together.
        seed: Start of the random numbers; the same seed draws the same corpora.

    Raises:
        ValueError: If there is no reference token, or an argument is out of range.

    Example:
        >>> from speechkit import metrics
        >>> result = metrics.score(["a b", "c d", "e f"], ["a b", "c", "e f"])
        >>> bootstrap_interval(result)
        Interval(low=0.0, high=0.5, confidence=0.95)

    References:
        Bisani and Ney, Bootstrap estimates for confidence intervals in ASR performance
        evaluation, 2004.
    """
    _checks.check_rate("confidence", confidence)
    _checks.check_int("num_samples", num_samples)
    seed = _checks.check_int("seed", seed, 0, maximum=_checks.LARGEST_SEED)
    errors, lengths = _errors_and_lengths(score, by)
    rates = []
    for drawn in draws(len(errors), num_samples, seed):
        length = lengths[drawn].sum()
        # A drawn corpus without a reference token has no rate.
        if length:
            rates.append(errors[drawn].sum() / length)
    low, high = np.quantile(rates, [(1 - confidence) / 2, (1 + confidence) / 2])
    return Interval(float(low), float(high), confidence)


def draws(size: int, num_samples: int, seed: int) -> Iterable[np.ndarray]:
    """Yields `num_samples` arrays of `size` places, drawn with replacement."""
    generator = np.random.default_rng(seed)
    for _ in range(num_samples):
        yield generator.integers(size, size=size)


def _errors_and_lengths(score, by):
    _checks.check_choice("by", by, ("utterance", "speaker"))
    if by == "speaker":
        counts = [part.counts for part in by_speaker(score).values()]
    else:
        counts = [add_counts((utterance,)) for utterance in score.utterances]
    errors = np.array([count.errors for count in counts], "int64")
    lengths = np.array([count.reference_length for count in counts], "int64")
    if not lengths.sum():
        raise ValueError(
            "`score` must have at least one reference token. Received: none in "
            f"{len(score.utterances)} utterances"
        )
    return errors, lengths
