"""Tests of `BatchNormGRU` against `keras.layers.GRU` and a loop in NumPy."""

import keras
import numpy as np
import pytest

from contract.masks import masked
from speechkit.layers import BatchNormGRU


def states_of_keras(features, projection, recurrence, *, go_backwards):
    """Returns the states of `keras.layers.GRU` with the weights of one direction."""
    (kernel, bias), (recurrent_kernel, candidate_bias) = projection, recurrence
    recurrent_bias = np.concatenate([np.zeros(8), candidate_bias])
    peer = keras.layers.GRU(4, return_sequences=True, go_backwards=go_backwards)
    peer.build(features.shape)
    peer.set_weights([kernel, recurrent_kernel, np.stack([bias, recurrent_bias])])
    states = np.asarray(peer(features))
    return states[:, ::-1] if go_backwards else states


def sigmoid(values):
    return 1 / (1 + np.exp(-values))


def run(gates, kernel, bias):
    """Returns the states of one clip: h_t = z·h + (1 − z)·tanh(c + r·(U·h + b))."""
    state, states = np.zeros(4), []
    for update, reset, candidate in gates.reshape(len(gates), 3, 4):
        from_update, from_reset, from_state = (state @ kernel).reshape(3, 4)
        z, r = sigmoid(update + from_update), sigmoid(reset + from_reset)
        new = np.tanh(candidate + r * (from_state + bias))
        state = z * state + (1 - z) * new
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
    layer = randomized(BatchNormGRU(4, direction, normalization=None))

    states = layer(features)

    projection = [np.split(w, len(names), -1) for w in weights_of(layer, "projection")]
    expected = [
        states_of_keras(
            features, part, weights_of(layer, name), go_backwards=name == "backward"
        )
        for name, part in zip(names, zip(*projection, strict=True), strict=True)
    ]
    np.testing.assert_allclose(states, np.concatenate(expected, axis=-1), atol=1e-5)


@pytest.mark.parametrize("training", [False, True])
def test_normalisation_is_of_the_input_product_alone(
    features, randomized, weights_of, training
):
    layer = randomized(BatchNormGRU(4))
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


def test_training_moves_the_averages_by_a_tenth(features, randomized, weights_of):
    layer = randomized(BatchNormGRU(4))
    (kernel,) = weights_of(layer, "projection")
    _, _, mean, variance = weights_of(layer, "normalization")
    padded = masked(features, [12, 7, 3])

    layer(padded, training=True)

    products = (features @ kernel)[np.asarray(padded._keras_mask)]
    _, _, new_mean, new_variance = weights_of(layer, "normalization")
    np.testing.assert_allclose(new_mean, 0.9 * mean + 0.1 * products.mean(0), atol=1e-5)
    np.testing.assert_allclose(
        new_variance, 0.9 * variance + 0.1 * products.var(0), atol=1e-5
    )


@pytest.mark.parametrize("direction", ["forward", "backward", "bidirectional"])
def test_each_direction_begins_at_the_end_of_the_clip(features, randomized, direction):
    layer = randomized(BatchNormGRU(4, direction))

    states = np.asarray(layer(masked(features, [12, 7, 0])))

    alone = layer(features[1:2, :7])
    np.testing.assert_allclose(states[1:2, :7], alone, atol=1e-6)
    np.testing.assert_array_equal(states[1, 7:], 0)
    np.testing.assert_array_equal(states[2], 0)


def test_dropout_hides_features_in_training_only(features):
    layer = BatchNormGRU(4, normalization=None, dropout=0.5)
    expected = np.asarray(layer(features))

    trained = np.asarray(layer(features, training=True))

    assert (trained != expected).any()
    np.testing.assert_array_equal(layer(features), expected)


@pytest.mark.parametrize(
    ("name", "value", "accepted"),
    [
        ("units", 0, "an integer of 1 or more"),
        ("direction", "both", "one of 'forward', 'backward', 'bidirectional'"),
        ("normalization", "layer", "one of 'batch', None"),
        ("dropout", -0.1, "a number of 0 or more and below 1"),
    ],
)
def test_rejects_arguments_out_of_range(name, value, accepted):
    message = f"`{name}` must be {accepted}. Received: {name}={value!r}"

    with pytest.raises(ValueError, match=message):
        BatchNormGRU(**{"units": 4, name: value})
