"""Tests of `BatchNormSimpleRNN` against a loop in NumPy."""

import numpy as np
import pytest

from contract.masks import masked
from speechkit.layers import BatchNormSimpleRNN


def run(gates, kernel):
    """Returns the states of one clip: h_t = min(max(gate + U·h_{t−1}, 0), 20)."""
    state, states = np.zeros(4), []
    for gate in gates:
        state = np.clip(gate + state @ kernel, 0, 20)
        states.append(state)
    return np.stack(states)


@pytest.mark.parametrize("training", [False, True])
def test_normalisation_is_of_the_input_product_alone(
    features, randomized, weights_of, training
):
    layer = randomized(BatchNormSimpleRNN(4))
    (kernel,) = weights_of(layer, "projection")
    gamma, beta, mean, variance = weights_of(layer, "normalization")
    padded = masked(features, [12, 7, 3])

    states = np.asarray(layer(padded, training=training))

    mask = np.asarray(padded._keras_mask)
    products = features @ kernel
    if training:
        mean, variance = products[mask].mean(axis=0), products[mask].var(axis=0)
    gates = gamma * (products - mean) / np.sqrt(variance + 1e-3) + beta
    for clip, length in enumerate([12, 7, 3]):
        expected = run(gates[clip, :length], *weights_of(layer, "forward"))
        np.testing.assert_allclose(states[clip, :length], expected, atol=1e-5)


@pytest.mark.parametrize("scale", [1, 100], ids=["within", "beyond-20"])
def test_both_directions_without_normalisation_equal_numpy(
    features, randomized, weights_of, scale
):
    layer = randomized(BatchNormSimpleRNN(4, "bidirectional", normalization=None))

    states = np.asarray(layer(scale * features))

    kernel, bias = weights_of(layer, "projection")
    forward, backward = np.split(scale * features @ kernel + bias, 2, axis=-1)
    for clip in range(3):
        ahead = run(forward[clip], *weights_of(layer, "forward"))
        back = run(backward[clip, ::-1], *weights_of(layer, "backward"))[::-1]
        expected = np.concatenate([ahead, back], axis=-1)
        np.testing.assert_allclose(states[clip], expected, rtol=1e-5, atol=1e-5)
    assert (states.max() == 20) == (scale == 100)


def test_each_direction_begins_at_the_end_of_the_clip(features, randomized):
    layer = randomized(BatchNormSimpleRNN(4, "bidirectional"))

    states = np.asarray(layer(masked(features, [12, 7, 0])))

    alone = layer(features[1:2, :7])
    np.testing.assert_allclose(states[1:2, :7], alone, atol=1e-6)
    np.testing.assert_array_equal(states[1, 7:], 0)
    np.testing.assert_array_equal(states[2], 0)
