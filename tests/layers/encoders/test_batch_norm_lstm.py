"""Tests of `BatchNormLSTM` against `keras.layers.LSTM` and a loop in NumPy."""

import keras
import numpy as np
import pytest

from contract.masks import masked
from speechkit.layers import BatchNormLSTM


def states_of_keras(features, projection, kernel, *, go_backwards):
    """Returns the states of `keras.layers.LSTM` with the weights of one direction."""
    peer = keras.layers.LSTM(4, return_sequences=True, go_backwards=go_backwards)
    peer.build(features.shape)
    peer.set_weights([projection[0], kernel, projection[1]])
    states = np.asarray(peer(features))
    return states[:, ::-1] if go_backwards else states


def sigmoid(values):
    return 1 / (1 + np.exp(-values))


def run(gates, kernel):
    """Returns the states of one clip: s = f·s + i·tanh(c), h = o·tanh(s)."""
    state, carry, states = np.zeros(4), np.zeros(4), []
    for gate in gates:
        i, f, c, o = (gate + state @ kernel).reshape(4, 4)
        carry = sigmoid(f) * carry + sigmoid(i) * np.tanh(c)
        state = sigmoid(o) * np.tanh(carry)
        states.append(state)
    return np.stack(states)


@pytest.mark.parametrize(
    ("direction", "names"),
    [
        ("forward", ["forward"]),
        ("backward", ["backward"]),
        ("bidirectional", ["forward", "backward"]),
    ],
)
def test_states_without_normalisation_equal_keras(
    features, randomized, weights_of, direction, names
):
    layer = randomized(BatchNormLSTM(4, direction, normalization=None))

    states = layer(features)

    projection = [np.split(w, len(names), -1) for w in weights_of(layer, "projection")]
    expected = [
        states_of_keras(
            features, part, *weights_of(layer, name), go_backwards=name == "backward"
        )
        for name, part in zip(names, zip(*projection, strict=True), strict=True)
    ]
    np.testing.assert_allclose(states, np.concatenate(expected, axis=-1), atol=1e-5)


@pytest.mark.parametrize("training", [False, True])
def test_normalisation_is_of_the_input_product_alone(
    features, randomized, weights_of, training
):
    layer = randomized(BatchNormLSTM(4))
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


@pytest.mark.parametrize("direction", ["forward", "backward", "bidirectional"])
def test_each_direction_begins_at_the_end_of_the_clip(features, randomized, direction):
    layer = randomized(BatchNormLSTM(4, direction))

    states = np.asarray(layer(masked(features, [12, 7, 0])))

    alone = layer(features[1:2, :7])
    np.testing.assert_allclose(states[1:2, :7], alone, atol=1e-6)
    np.testing.assert_array_equal(states[1, 7:], 0)
    np.testing.assert_array_equal(states[2], 0)
