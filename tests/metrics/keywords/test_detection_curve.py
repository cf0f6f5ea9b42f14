"""Tests of `detection_curve` against counting, scipy and normal distributions."""

import numpy as np
import pytest
import scipy.stats

from speechkit.metrics import detection_curve


@pytest.fixture
def drawn(random):
    """Scores of 60 clips with many ties, and which are keywords."""
    scores = random.integers(0, 20, size=60) / 4
    flags = random.random(60) < 0.4
    return scores + flags, flags


def test_every_threshold_is_counted(drawn):
    scores, flags = drawn

    curve = detection_curve(scores, flags, hours=2)

    for place, threshold in enumerate(curve.thresholds):
        accepted = scores >= threshold
        assert curve.false_accepts[place] == np.sum(accepted & ~flags)
        assert curve.false_rejects[place] == np.sum(~accepted & flags)
    assert set(curve.thresholds) == {*scores, np.inf}
    np.testing.assert_array_equal(curve.false_accepts_per_hour, curve.false_accepts / 2)
    accepts = [np.mean(scores[flags] >= threshold) for threshold in curve.thresholds]
    np.testing.assert_allclose(curve.true_accept_rates, accepts, atol=1e-12)


def test_area_is_the_statistic_of_mann_and_whitney(drawn):
    scores, flags = drawn

    area = detection_curve(scores, flags).area

    judged = scipy.stats.mannwhitneyu(scores[flags], scores[~flags]).statistic
    assert area == pytest.approx(judged / (flags.sum() * (~flags).sum()), rel=1e-12)


def test_equal_error_rate_of_normal_scores_has_a_closed_form():
    # Quantiles of two normal distributions that lie 2 apart: the rates are equal in
    # the middle, where each has the share of a normal beyond 1.
    quantiles = scipy.stats.norm.ppf((np.arange(4000) + 0.5) / 4000)
    scores = np.concatenate([quantiles, quantiles + 2])

    curve = detection_curve(scores, np.arange(8000) >= 4000)

    assert curve.equal_error_rate == pytest.approx(scipy.stats.norm.sf(1), abs=2.5e-4)


@pytest.mark.parametrize(
    ("keywords", "others", "expected"),
    [
        pytest.param([3, 4], [1, 2], 0, id="apart"),
        pytest.param([1, 2], [3, 4], 1, id="the-wrong-way-round"),
        pytest.param([1, 2], [1, 2], 0.5, id="the-same"),
        pytest.param([1, 1], [1, 1], 0.5, id="one-score"),
        # Accepts fall from 2/3 to 1/3 at the threshold where rejects are 1/2 already.
        pytest.param([2, 5], [1, 3, 4], 1 / 2, id="between"),
    ],
)
def test_equal_error_rate_of_few_clips(keywords, others, expected):
    scores = [*keywords, *others]
    flags = [True] * len(keywords) + [False] * len(others)

    assert detection_curve(scores, flags).equal_error_rate == pytest.approx(expected)


def test_normal_scores_make_a_straight_line(random):
    quantiles = scipy.stats.norm.ppf((np.arange(500) + 0.5) / 500)
    curve = detection_curve(
        np.concatenate([quantiles, quantiles + 1]), np.arange(1000) >= 500
    )

    accepts, rejects = curve.deviates()

    inside = np.isfinite(accepts) & np.isfinite(rejects)
    np.testing.assert_allclose(
        accepts[inside], scipy.stats.norm.ppf(curve.false_accept_rates[inside])
    )
    middle = inside & (np.abs(accepts) < 1) & (np.abs(rejects) < 1)
    # Accept at d means beyond t, reject before it: the deviates sum to −1.
    np.testing.assert_allclose(accepts[middle] + rejects[middle], -1, atol=0.02)


def test_thresholds_keep_their_targets_and_no_more(drawn):
    scores, flags = drawn
    curve = detection_curve(scores, flags, hours=3)

    for target in (0, 0.1, 0.3, 1):
        low = curve.threshold_for(false_accept_rate=target)
        high = curve.threshold_for(false_reject_rate=target)
        hourly = curve.threshold_for(false_accepts_per_hour=10 * target)

        assert np.mean(scores[~flags] >= low) <= target
        below = curve.thresholds[curve.thresholds < low]
        assert all(np.mean(scores[~flags] >= t) > target for t in below)
        assert np.mean(scores[flags] < high) <= target
        above = curve.thresholds[curve.thresholds > high]
        assert all(np.mean(scores[flags] < t) > target for t in above)
        assert np.sum(scores[~flags] >= hourly) / 3 <= 10 * target


@pytest.mark.parametrize(
    ("scores", "flags", "message"),
    [
        ([0.5], [True, False], "`scores` must be numbers, as many as `is_keyword`"),
        ([0.5, np.nan], [True, False], "`scores` must be numbers"),
        ([0.5, 0.6], [True, True], "clips of both kinds. Received: 2 of 2"),
        ([0.5, 0.6], [False, False], "clips of both kinds. Received: 0 of 2"),
    ],
)
def test_rejects_scores_that_make_no_curve(scores, flags, message):
    with pytest.raises(ValueError, match=message):
        detection_curve(scores, flags)


def test_rejects_no_hours():
    with pytest.raises(ValueError, match="`hours` must be a finite number above 0"):
        detection_curve([0.5, 0.6], [True, False], hours=0)
    with pytest.raises(ValueError, match="`hours` must be given"):
        _ = detection_curve([0.5, 0.6], [True, False]).false_accepts_per_hour


@pytest.mark.parametrize(
    ("targets", "message"),
    [
        ({}, "Exactly one of .* must be given. Received: none"),
        (
            {"false_accept_rate": 0.1, "false_reject_rate": 0.1},
            "Received: false_accept_rate, false_reject_rate",
        ),
        ({"false_accept_rate": -0.1}, "`false_accept_rate` must be a finite number"),
    ],
)
def test_rejects_targets_that_are_not_one(targets, message):
    with pytest.raises(ValueError, match=message):
        detection_curve([0.5, 0.6], [True, False]).threshold_for(**targets)
