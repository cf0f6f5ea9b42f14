"""Tests of the numbers and the errors of `Delta`."""

import librosa
import numpy as np
import pytest

from contract.masks import masked
from speechkit.layers import Delta
from speechkit.ops.time.masks import get_mask


def kaldi_deltas(frames, order, window):
    """Returns what Kaldi's add-deltas writes for one clip, by its formula, in float64.

    Each order's scales are those of the order before, convolved with the offsets and
    divided by their sum of squares; frames beyond the ends are the first and the last.
    """
    scales = [np.ones(1)]
    for _ in range(order):
        new = np.zeros(len(scales[-1]) + 2 * window)
        for offset in range(-window, window + 1):
            for place, scale in enumerate(scales[-1]):
                new[place + offset + window] += offset * scale
        normalizer = sum(offset**2 for offset in range(-window, window + 1))
        scales.append(new / normalizer)
    outputs = np.zeros((len(frames), (order + 1) * frames.shape[1]))
    for time in range(len(frames)):
        rows = []
        for scale in scales:
            reach = len(scale) // 2
            places = np.clip(np.arange(time - reach, time + reach + 1), 0, None)
            rows.append(scale @ frames[np.minimum(places, len(frames) - 1)])
        outputs[time] = np.concatenate(rows)
    return outputs


@pytest.mark.parametrize("order", [1, 2])
@pytest.mark.parametrize("window", [1, 2, 5])
def test_appended_deltas_equal_kaldis_formula(features, order, window):
    deltas = Delta(order, window, append=True)(features)

    expected = [
        kaldi_deltas(clip.astype("float64"), order, window) for clip in features
    ]
    np.testing.assert_allclose(deltas, expected, atol=1e-6)


@pytest.mark.parametrize("window", [1, 2, 4])
def test_slopes_equal_librosa(features, window):
    deltas = Delta(window=window)(features)

    expected = librosa.feature.delta(
        features, width=2 * window + 1, axis=1, mode="nearest"
    )
    np.testing.assert_allclose(deltas, expected, atol=1e-6)


def test_a_parabola_has_constant_acceleration():
    times = np.arange(20, dtype="float32")

    acceleration = Delta(order=2)(0.5 * 3 * times[None, :, None] ** 2)

    np.testing.assert_allclose(acceleration[0, 4:-4, 0], 3, rtol=1e-4)


@pytest.mark.parametrize("order", [1, 2])
def test_a_clip_ends_at_its_last_valid_frame(features, order):
    layer = Delta(order)

    deltas = layer(masked(features, [12, 5, 0]))

    np.testing.assert_allclose(deltas[1:2, :5], layer(features[1:2, :5]), atol=1e-6)
    np.testing.assert_array_equal(np.asarray(get_mask(deltas)).sum(axis=1), [12, 5, 0])
    np.testing.assert_array_equal(deltas[2], 0)


def test_no_frame_has_no_slope():
    assert Delta()(np.zeros((2, 0, 3))).shape == (2, 0, 3)


@pytest.mark.parametrize("value", [0, 3, None])
def test_rejects_other_orders(value):
    with pytest.raises(ValueError, match=f"`order` .* 1, 2. Received: order={value}"):
        Delta(order=value)


@pytest.mark.parametrize("value", [0, 2.0, None])
def test_rejects_windows_of_no_frame(value):
    with pytest.raises(ValueError, match=f"`window` .* Received: window={value}"):
        Delta(window=value)
