"""Tests of the Keras metrics of keywords against `detection_curve`, and of its laws."""

import json

import keras
import numpy as np
import pytest
import tensorflow as tf

from contract.keyword_cases import CASES
from contract.masks import masked
from speechkit import metrics


def expected_of(metric, scores, flags):
    """Returns what the exact curve says of scores that are multiples of 1/64."""
    hours = 2 * np.sum(~flags) / 3600
    curve = metrics.detection_curve(scores, flags, hours=hours)
    place = np.searchsorted(curve.thresholds, 0.375)
    return {
        metrics.DetectionArea: curve.area,
        metrics.EqualErrorRate: curve.equal_error_rate,
        metrics.FalseAcceptsPerHour: curve.false_accepts_per_hour[place],
        metrics.FalseRejectRate: curve.false_reject_rates[place],
    }[type(metric)]


@pytest.fixture(params=CASES.values(), ids=[metric.__name__ for metric in CASES])
def make(request):
    return request.param


@pytest.fixture
def clips(random):
    """Scores of 200 clips, and which of them have the keyword."""
    flags = random.random(200) < 0.3
    scores = np.clip(random.normal(0.35 + 0.25 * flags, 0.2), 0, 0.999)
    return (np.floor(scores * 64) / 64).astype("float32"), flags


def rate(metric, *arguments):
    metric.update_state(*arguments)
    return float(metric.result())


@pytest.mark.parametrize(
    "jit_compile", [None, False, True], ids=["eager", "graph", "xla"]
)
def test_result_is_that_of_the_exact_curve(make, clips, jit_compile):
    scores, flags = clips
    metric = make()
    update = metric.update_state
    if jit_compile is not None:
        update = tf.function(update, jit_compile=jit_compile)

    for start in range(0, 200, 40):
        batch = slice(start, start + 40)
        update(flags[batch, None], scores[batch, None])

    expected = expected_of(metric, scores, flags)
    assert float(metric.result()) == pytest.approx(expected, rel=1e-6)
    assert expected > 0


@pytest.mark.parametrize("metric", [metrics.DetectionArea, metrics.EqualErrorRate])
def test_error_of_bins_is_within_what_is_promised(metric, random):
    flags = random.random(5000) < 0.3
    scores = random.random(5000) ** np.where(flags, 0.5, 1)
    curve = metrics.detection_curve(scores, flags)
    exact = {
        metrics.DetectionArea: curve.area,
        metrics.EqualErrorRate: curve.equal_error_rate,
    }[metric]
    bins = [
        np.bincount((scores[k] * 20).astype(int)) / k.sum() for k in (flags, ~flags)
    ]
    bound = {
        metrics.DetectionArea: np.dot(*bins) / 2,
        metrics.EqualErrorRate: np.max(bins),
    }[metric]

    binned = rate(metric(num_bins=20), flags, scores)

    assert 0 < abs(binned - exact) <= bound


def test_padded_frames_do_not_count(make, clips):
    scores, flags = (side.reshape(10, 20) for side in clips)
    lengths = np.arange(10, 20)
    valid = np.arange(20) < lengths[:, None]
    metric = make()

    metric.update_state(flags, masked(scores, lengths))

    expected = expected_of(metric, scores[valid], flags[valid])
    assert float(metric.result()) == pytest.approx(expected, rel=1e-6)


def test_weights_count_a_clip_several_times(make, clips, random):
    scores, flags = clips
    weights = random.integers(0, 4, size=200)
    metric = make()

    metric.update_state(flags, scores, weights.astype("float32"))

    repeated = [np.repeat(side, weights) for side in (scores, flags)]
    expected = expected_of(metric, *repeated)
    assert float(metric.result()) == pytest.approx(expected, rel=1e-6)


def test_weights_of_clips_hold_for_their_frames(make, clips):
    scores, flags = (side.reshape(10, 20) for side in clips)
    weights = np.arange(10) % 3
    metric = make()

    metric.update_state(flags, scores, weights)

    repeated = [np.repeat(side, weights, axis=0).ravel() for side in (scores, flags)]
    expected = expected_of(metric, *repeated)
    assert float(metric.result()) == pytest.approx(expected, rel=1e-6)


def test_one_of_several_classes_is_the_keyword(make, clips):
    scores, flags = clips
    classes = np.where(flags, 2, np.arange(200) % 2)
    several = np.stack([1 - scores, 0 * scores, scores], axis=1)
    metric = make(class_index=2)

    metric.update_state(classes, several)

    assert float(metric.result()) == rate(make(), flags, scores)


def test_config_survives_a_round_trip_through_json(make):
    config = make(class_index=1, name="of_one").get_config()

    revived = type(make()).from_config(json.loads(json.dumps(config)))

    assert revived.get_config() == config


def test_reset_and_merge(make, clips):
    scores, flags = clips
    expected = rate(make(), flags, scores)
    first, second = make(), make()
    first.update_state(1 - flags, scores)
    first.reset_state()
    first.update_state(flags[:70], scores[:70])
    second.update_state(flags[70:], scores[70:])

    first.merge_state([second])

    assert float(first.result()) == expected


def test_several_steps_in_one_execution_change_nothing(clips):
    scores, flags = clips
    model = keras.Sequential([keras.Input((1,)), keras.layers.Identity()])
    every = [make() for make in CASES.values()]
    model.compile(loss="mse", metrics=every, steps_per_execution=3, jit_compile=False)

    evaluated = model.evaluate(
        scores[:, None], flags[:, None], batch_size=16, return_dict=True, verbose=0
    )

    for metric, make in zip(every, CASES.values(), strict=True):
        assert evaluated[metric.name] == rate(make(), flags, scores)


def test_scores_that_are_no_numbers_are_rejected():
    nothing = float("nan")
    metric = metrics.FalseRejectRate()

    assert rate(metric, [1, 1], [nothing, 0.9]) == 0.5
    area = rate(metrics.DetectionArea(), [1, 1, 0], [nothing, 0.9, 0.5])
    assert area == 0.5


def test_without_clips_of_a_kind_nothing_is_known(make):
    metric = make()

    assert np.isnan(float(metric.result()))


@pytest.mark.parametrize(
    ("metric", "arguments", "message"),
    [
        (metrics.FalseRejectRate, {"threshold": 2}, "`threshold` must be a number"),
        (
            metrics.FalseAcceptsPerHour,
            {"clip_seconds": 0},
            "`clip_seconds` must be a finite number above 0",
        ),
        (metrics.EqualErrorRate, {"num_bins": 1}, "`num_bins` must be an integer of 2"),
        (metrics.DetectionArea, {"class_index": -1}, "`class_index` must be an int"),
    ],
)
def test_rejects_wrong_arguments(metric, arguments, message):
    with pytest.raises(ValueError, match=message):
        metric(**arguments)
