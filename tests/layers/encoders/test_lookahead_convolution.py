"""Tests of `LookaheadConvolution` against its sum and against an impulse."""

import numpy as np
import pytest

from contract.masks import masked
from speechkit.layers import LookaheadConvolution
from speechkit.ops.time.masks import get_mask


def sums(values, weights):
    """Returns Σ_j w_j·x_{t+j}, frame by frame; zeros follow the clip."""
    outputs = np.zeros_like(values)
    for t in range(len(values)):
        for j in range(min(len(weights), len(values) - t)):
            outputs[t] += weights[j] * values[t + j]
    return outputs


@pytest.mark.parametrize("context", [1, 4, 20])
def test_frames_are_weighed_with_those_to_come(features, randomized, context):
    layer = randomized(LookaheadConvolution(context))

    outputs = layer(masked(features, [12, 7, 1]))

    weights = np.asarray(layer.weights[0])[:, :, 0]
    for clip, length in enumerate([12, 7, 1]):
        expected = sums(features[clip, :length], weights)
        np.testing.assert_allclose(outputs[clip, :length], expected, atol=1e-5)
        np.testing.assert_array_equal(outputs[clip, length:], 0)


def test_an_impulse_is_seen_by_the_frames_before_it(features, randomized):
    layer = randomized(LookaheadConvolution(2))
    impulse = np.zeros_like(features)
    impulse[:, 6] = 1

    outputs = np.asarray(layer(impulse))

    seen = np.flatnonzero(outputs.any(axis=(0, 2)))
    assert seen.tolist() == [4, 5, 6]


def test_a_new_layer_keeps_the_size_of_its_input(random):
    noise = random.normal(size=(4, 50, 128)).astype("float32")

    outputs = np.asarray(LookaheadConvolution(20)(noise))

    assert outputs[:, :-20].std() == pytest.approx(1.0, abs=0.2)


def test_activation_comes_last_and_padded_frames_are_zero(features, randomized):
    linear = randomized(LookaheadConvolution(2))
    bounded = randomized(LookaheadConvolution(2, activation="sigmoid"))
    inputs = masked(features, [12, 7, 1])

    outputs = bounded(inputs)

    expected = 1 / (1 + np.exp(-np.asarray(linear(inputs))))
    expected = np.where(np.asarray(get_mask(inputs))[:, :, None], expected, 0)
    np.testing.assert_allclose(outputs, expected, atol=1e-6)


def test_rejects_a_context_of_nothing():
    with pytest.raises(ValueError, match="`context` must be an integer of 1 or more"):
        LookaheadConvolution(0)
