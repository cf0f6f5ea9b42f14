"""Tests of `RecurrentStack` against its layers, one after the other."""

import numpy as np
import pytest

from contract.masks import masked
from speechkit import layers
from speechkit.ops.time.masks import get_mask

CELLS = {
    "gru": layers.BatchNormGRU,
    "lstm": layers.BatchNormLSTM,
    "simple_rnn": layers.BatchNormSimpleRNN,
}


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("direction", ["forward", "bidirectional"])
@pytest.mark.parametrize("training", [False, True])
def test_stack_equals_its_layers_in_turn(features, cell, direction, training):
    stack = layers.RecurrentStack(4, 3, cell=cell, direction=direction)
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
    np.testing.assert_array_equal(get_mask(outputs), get_mask(padded))


def test_pyramid_joins_frames_and_shortens_the_mask(features):
    stack = layers.RecurrentStack(5, 2, time_reduction=(2, 3))
    first, second = layers.BatchNormGRU(5), layers.BatchNormGRU(5)
    padded = masked(features, [12, 9, 5])
    outputs = stack(padded)
    for layer, width in ((first, 10), (second, 15)):
        layer.build((3, None, width))
    count = len(first.weights)
    first.set_weights(stack.get_weights()[:count])
    second.set_weights(stack.get_weights()[count:])

    for clip, length in enumerate([12, 9, 5]):
        joined = features[clip, : length // 2 * 2].reshape(1, -1, 10)
        hidden = np.asarray(first(joined))
        hidden = hidden[:, : hidden.shape[1] // 3 * 3].reshape(1, -1, 15)
        expected = np.asarray(second(hidden))[0] if hidden.size else np.zeros((0, 5))
        valid = np.asarray(get_mask(outputs))[clip]
        assert valid.sum() == len(expected)
        np.testing.assert_allclose(outputs[clip][valid], expected, atol=1e-5)


def test_layers_add_their_input_to_their_projection(features):
    stack = layers.RecurrentStack(4, 2, residual=True, projection=5)
    outputs = stack(features)
    alone = [layers.BatchNormGRU(4) for _ in range(2)]
    recurrent = [w for w in stack.weights if "projection" not in w.path]
    kernels = [np.asarray(w) for w in stack.weights if "projection" in w.path]

    hidden = features
    for index, layer in enumerate(alone):
        layer.build(hidden.shape)
        ours = [w for w in recurrent if f"/layer_{index}/" in w.path]
        layer.set_weights(ours)
        kernel, bias = kernels[2 * index : 2 * index + 2]
        hidden = hidden + np.asarray(layer(hidden)) @ kernel + bias

    np.testing.assert_allclose(outputs, hidden, atol=1e-5)


def test_multiply_adds_are_those_of_the_frames_of_each_layer(features):
    stack = layers.RecurrentStack(4, 2, projection=3, time_reduction=(2, 3))
    stack.build(features.shape)

    count = stack.count_multiply_adds((1, 12, 5))

    first = 6 * (10 * 12 + 4 * 12 + 4 * 3)
    second = 2 * (9 * 12 + 4 * 12 + 4 * 3)
    assert count == first + second


def test_rejects_time_reductions_of_another_number():
    message = "`time_reduction` must be one integer, or one for each of the 2 layers"

    with pytest.raises(ValueError, match=message):
        layers.RecurrentStack(4, 2, time_reduction=(1, 2, 2))


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
        ("normalization", "group", "one of 'batch', 'layer', None"),
        ("projection", 0, "an integer of 1 or more"),
        ("dropout", 1.0, "a number of 0 or more and below 1"),
    ],
)
def test_rejects_arguments_out_of_range(name, value, accepted):
    message = f"`{name}` must be {accepted}. Received: {name}={value!r}"

    with pytest.raises(ValueError, match=message):
        layers.RecurrentStack(**{"units": 4, name: value})


def test_a_clip_may_have_no_frame():
    stack = layers.RecurrentStack(
        4, 2, direction="bidirectional", merge_mode="sum", residual=True, projection=4
    )

    assert stack(np.zeros((1, 0, 4), "float32")).shape == (1, 0, 4)
