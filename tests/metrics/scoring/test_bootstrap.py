"""Tests of `bootstrap_interval` against enumeration and against scipy."""

import itertools

import numpy as np
import pytest
import scipy.stats

from speechkit.metrics import bootstrap_interval, score


def scored(errors, lengths, speakers=None):
    """Returns a score in which utterance `i` has `errors[i]` substitutions."""
    references = [" ".join("a" * length) for length in lengths]
    hypotheses = [
        " ".join("x" * wrong + "a" * (length - wrong))
        for wrong, length in zip(errors, lengths, strict=True)
    ]
    return score(references, hypotheses, speakers=speakers)


def test_bounds_are_those_of_all_corpora_that_can_be_drawn():
    errors, lengths = [0, 1, 3, 1], [2, 4, 5, 1]
    rates = [
        sum(errors[i] for i in drawn) / sum(lengths[i] for i in drawn)
        for drawn in itertools.product(range(4), repeat=4)
    ]

    interval = bootstrap_interval(
        scored(errors, lengths), confidence=0.8, num_samples=40_000
    )

    # 256 corpora are possible, so the bounds fall on one of few values.
    expected = np.quantile(rates, [0.1, 0.9], method="inverted_cdf")
    assert [interval.low, interval.high] == pytest.approx(expected, abs=1e-9)
    assert interval.confidence == 0.8


def test_bounds_agree_with_scipy(random):
    lengths = random.integers(5, 20, size=200)
    errors = random.binomial(lengths, 0.2)

    interval = bootstrap_interval(scored(errors, lengths), num_samples=4000)

    judged = scipy.stats.bootstrap(
        (errors, lengths),
        lambda e, n, axis: e.sum(axis) / n.sum(axis),
        paired=True,
        method="percentile",
        n_resamples=4000,
        random_state=1,
    ).confidence_interval
    # Both draw at random; the spread of such a bound is about 0.0004.
    assert interval.low == pytest.approx(judged.low, abs=0.002)
    assert interval.high == pytest.approx(judged.high, abs=0.002)


def test_speakers_are_drawn_with_all_of_their_utterances():
    result = scored([1, 1, 0, 0], [1, 1, 1, 1], speakers=["s1", "s1", "s2", "s2"])

    interval = bootstrap_interval(result, by="speaker", confidence=0.4)

    # Two speakers: all wrong with a chance of 1/4, half with 1/2, all right with 1/4.
    assert (interval.low, interval.high) == (0.5, 0.5)
    assert bootstrap_interval(result, by="speaker").high == 1


def test_the_same_seed_draws_the_same():
    result = scored([0, 1, 2, 3, 1], [4, 4, 4, 4, 4])

    assert bootstrap_interval(result, seed=1) == bootstrap_interval(result, seed=1)


def test_rejects_what_has_no_reference():
    with pytest.raises(ValueError, match=r"at least one reference token. .*none in 1"):
        bootstrap_interval(score([""], ["a"]))


@pytest.mark.parametrize(
    ("argument", "message"),
    [
        ({"confidence": 1.0}, "`confidence` must be a number of 0 or more and below 1"),
        ({"num_samples": 0}, "`num_samples` must be an integer of 1 or more"),
        ({"by": "word"}, "`by` must be one of 'utterance', 'speaker'"),
    ],
)
def test_rejects_arguments_out_of_range(argument, message):
    with pytest.raises(ValueError, match=message):
        bootstrap_interval(score(["a"], ["a"]), **argument)
