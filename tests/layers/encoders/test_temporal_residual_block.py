"""Tests of `TemporalResidualBlock` against Keras's own layers."""

import keras
import numpy as np
import pytest

from contract.masks import masked
from speechkit.layers import TemporalResidualBlock
from speechkit.ops.time.masks import get_mask


def judge_branch(weights, inputs, kernel_size, strides, activation):
    """Returns convolution, normalisation and activation, by Keras."""
    filters = weights[0].shape[-1]
    convolution = keras.layers.Conv1D(filters, kernel_size, use_bias=False)
    normalization = keras.layers.BatchNormalization()
    before = (kernel_size - 1) // 2
    edges = [[0, 0], [before, kernel_size - 1 - before], [0, 0]]
    padded = np.pad(inputs, edges)
    hidden = convolution(padded)[:, ::strides]
    normalization(hidden)
    convolution.set_weights(weights[:1])
    normalization.set_weights(weights[1:])
    hidden = convolution(padded)[:, ::strides]
    return keras.layers.Activation(activation)(normalization(hidden))


@pytest.mark.parametrize(
    ("filters", "strides", "has_shortcut"),
    [
        pytest.param(5, 1, False, id="same-shape"),
        pytest.param(7, 1, True, id="other-features"),
        pytest.param(5, 2, True, id="other-frames"),
    ],
)
def test_block_equals_the_layers_of_the_paper(
    features, randomized, weights_of, filters, strides, has_shortcut
):
    block = randomized(TemporalResidualBlock(filters, 4, strides=strides))

    outputs = block(features)

    first = judge_branch(weights_of(block, "first"), features, 4, strides, "relu")
    second = judge_branch(weights_of(block, "second"), first, 4, 1, None)
    shortcut = features
    if has_shortcut:
        weights = weights_of(block, "shortcut")
        shortcut = judge_branch(weights, features, 1, strides, "relu")
    expected = np.maximum(np.asarray(second) + np.asarray(shortcut), 0)
    np.testing.assert_allclose(outputs, expected, atol=1e-5)


def test_causal_block_never_looks_ahead(features, randomized):
    block = randomized(TemporalResidualBlock(7, 5, padding="causal"))
    changed = features.copy()
    changed[:, 6:] += 100

    before, after = np.asarray(block(features)), np.asarray(block(changed))

    np.testing.assert_array_equal(after[:, :6], before[:, :6])
    assert (after[:, 6] != before[:, 6]).any()


def test_padded_frames_are_zero_and_masked(features, randomized):
    block = randomized(TemporalResidualBlock(7, 5, strides=2))

    outputs = block(masked(features, [12, 7, 1]))

    mask = np.asarray(get_mask(outputs))
    assert mask.sum(axis=1).tolist() == [6, 4, 1]
    np.testing.assert_array_equal(np.asarray(outputs)[~mask], 0)


@pytest.mark.parametrize(
    ("name", "value"),
    [("filters", 0), ("kernel_size", 0), ("strides", 0), ("padding", "valid")],
)
def test_rejects_arguments_out_of_range(name, value):
    with pytest.raises(ValueError, match=f"`{name}` must be .*Received: {name}="):
        TemporalResidualBlock(**{"filters": 8, name: value})
