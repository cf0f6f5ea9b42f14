"""Tests of the numbers and the errors of `SlidingMeanVarianceNormalization`."""

import numpy as np
import pytest

from contract.masks import masked
from speechkit.layers import SlidingMeanVarianceNormalization


def kaldi_sliding(frames, window, min_window, center, normalize_variance):
    """Returns what apply-cmvn-sliding writes for one clip, window by window."""
    frames = frames.astype("float64")
    count, outputs = len(frames), []
    for time in range(count):
        start = time - window // 2 if center else time - window
        end = start + window if center else time + 1
        if start < 0:
            start, end = 0, end - start
        if not center and end > time:
            end = max(time + 1, min_window)
        if end > count:
            start, end = max(0, start - (end - count)), count
        part = frames[start:end]
        output = frames[time] - part.mean(axis=0)
        if normalize_variance:
            variance = np.maximum(part.var(axis=0), 1e-10)
            output = 0 * output if len(part) == 1 else output / np.sqrt(variance)
        outputs.append(output)
    return np.array(outputs)


@pytest.mark.parametrize("normalize_variance", [False, True])
@pytest.mark.parametrize("center", [False, True])
@pytest.mark.parametrize(
    ("window", "min_window"), [(600, 100), (5, 2), (6, 6), (12, 1), (4, 1)]
)
def test_features_equal_kaldis_formula(
    features, window, min_window, center, normalize_variance
):
    # Above zero by far more than they vary, as logarithms of energies are.
    features = features + 20

    outputs = SlidingMeanVarianceNormalization(
        window, min_window, center=center, normalize_variance=normalize_variance
    )(features)

    expected = [
        kaldi_sliding(clip, window, min_window, center, normalize_variance)
        for clip in features
    ]
    # The variance of a short window may be small against the features.
    np.testing.assert_allclose(outputs, expected, atol=2e-5)


def test_long_clips_lose_no_precision(random):
    features = (random.normal(size=(1, 30_000, 1)) - 12).astype("float32")

    layer = SlidingMeanVarianceNormalization(300, 1, normalize_variance=True)
    outputs = layer(features)

    expected = kaldi_sliding(features[0, -400:], 300, 1, False, True)[300:]
    # Sums over 5 minutes in single precision.
    np.testing.assert_allclose(outputs[0, -100:], expected, atol=1e-4)


@pytest.mark.parametrize("center", [False, True])
def test_padded_frames_do_not_count_and_become_zero(features, center):
    layer = SlidingMeanVarianceNormalization(
        4, 2, center=center, normalize_variance=True
    )

    outputs = layer(masked(features, [12, 5, 0]))

    np.testing.assert_allclose(outputs[1:2, :5], layer(features[1:2, :5]), atol=1e-6)
    np.testing.assert_array_equal(outputs[1, 5:], 0)
    np.testing.assert_array_equal(outputs[2], 0)


@pytest.mark.parametrize("name", ["window", "min_window"])
@pytest.mark.parametrize("value", [0, 2.0, None])
def test_rejects_windows_of_no_frame(name, value):
    with pytest.raises(ValueError, match=f"`{name}` .* Received: {name}={value}"):
        SlidingMeanVarianceNormalization(**{name: value})


def test_rejects_a_start_longer_than_the_window():
    message = r"`min_window` .* at most `window`. Received: min_window=9, window=8"

    with pytest.raises(ValueError, match=message):
        SlidingMeanVarianceNormalization(8, 9)


def test_rejects_epsilons_that_do_not_guard():
    with pytest.raises(ValueError, match=r"`epsilon` .* above 0. Received: epsilon=0"):
        SlidingMeanVarianceNormalization(epsilon=0)
