"""Tests of `RecurrentStack` against its layers, one after the other."""

import numpy as np
import pytest

from contract.masks import masked
from speechkit import layers

CELLS = {
    "gru": layers.BatchNormGRU,
    "lstm": layers.BatchNormLSTM,
    "simple_rnn": layers.BatchNormSimpleRNN,
}


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("direction", ["forward", "bidirectional"])
@pytest.mark.parametrize("training", [False, True])
def test_stack_equals_its_layers_in_turn(features, cell, direction, training):
    stack = layers.RecurrentStack(4, 3, cell, direction)
    stack.build(features.shape)
    alone = [CELLS[cell](4, direction) for _ in range(3)]
    padded = masked(features, [12, 7, 3])

    hidden = padded
    weights = stack.get_weights()
    for layer in alone:
        layer.build(hidden.shape)
        count = len(layer.weights)
        layer.set_weights(weights[:count])
        weights = weights[count:]
        hidden = layer(hidden, training=training)

    outputs = stack(padded, training=training)
    assert not weights
    np.testing.assert_allclose(outputs, hidden, atol=1e-5)
    np.testing.assert_array_equal(outputs._keras_mask, padded._keras_mask)


def test_normalisation_may_be_left_out(features):
    stack = layers.RecurrentStack(4, 2, normalization=None)

    stack(features)

    assert not any("normalization" in weight.path for weight in stack.weights)


def test_first_layer_drops_nothing(features):
    one, two = (layers.RecurrentStack(4, n, dropout=0.5) for n in (1, 2))
    expected = [np.asarray(stack(features, training=True)) for stack in (one, two)]

    again = [np.asarray(stack(features, training=True)) for stack in (one, two)]

    np.testing.assert_array_equal(again[0], expected[0])
    assert (again[1] != expected[1]).any()


@pytest.mark.parametrize(
    ("name", "value", "accepted"),
    [
        ("units", 0, "an integer of 1 or more"),
        ("num_layers", 0, "an integer of 1 or more"),
        ("cell", "rnn", "one of 'gru', 'lstm', 'simple_rnn'"),
        ("direction", "both", "one of 'forward', 'backward', 'bidirectional'"),
        ("normalization", "layer", "one of 'batch', None"),
        ("dropout", 1.0, "a number of 0 or more and below 1"),
    ],
)
def test_rejects_arguments_out_of_range(name, value, accepted):
    message = f"`{name}` must be {accepted}. Received: {name}={value!r}"

    with pytest.raises(ValueError, match=message):
        layers.RecurrentStack(**{"units": 4, name: value})
