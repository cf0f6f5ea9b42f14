"""Tests of `DepthwiseSeparableBlock` against Keras's own layers and NumPy."""

import keras
import numpy as np
import pytest

from contract.masks import masked
from speechkit.layers import DepthwiseSeparableBlock
from speechkit.ops.time.masks import get_mask


@pytest.fixture
def features(random):
    """Three clips of 12 frames of 5 bins of 2 channels, `(batch, frames, features)`."""
    return random.normal(size=(3, 12, 10)).astype("float32")


def judged(block, weights_of, features, channels, causal):
    """Returns what Keras's layers give, with the weights of a block."""
    (size, width), strides = block.kernel_size, block.strides
    before = size - 1 if causal else (size - 1) // 2
    edges = [before, size - 1 - before], [(width - 1) // 2, width // 2]
    images = features.reshape(*features.shape[:2], -1, channels)
    padded = np.pad(images, [[0, 0], *edges, [0, 0]])
    chain = keras.Sequential(
        [
            keras.layers.DepthwiseConv2D((size, width), use_bias=False),
            keras.layers.BatchNormalization(),
            keras.layers.ReLU(),
            keras.layers.Conv2D(block.filters, 1, use_bias=False),
            keras.layers.BatchNormalization(),
            keras.layers.ReLU(),
        ]
    )
    chain.build(padded.shape)
    (pointwise,) = weights_of(block, "pointwise")
    weights = [
        *weights_of(block, "depthwise"),
        *weights_of(block, "depthwise_normalization"),
        pointwise[None, None],
        *weights_of(block, "pointwise_normalization"),
    ]
    chain.set_weights(weights)
    outputs = np.asarray(chain(padded))[:, ::strides, ::strides]
    return outputs.reshape(*outputs.shape[:2], -1)


@pytest.mark.parametrize("strides", [1, 2])
@pytest.mark.parametrize("padding", ["same", "causal"])
@pytest.mark.parametrize("channels", [2, 10])
def test_block_equals_the_layers_of_keras(
    features, randomized, weights_of, strides, padding, channels
):
    block = randomized(
        DepthwiseSeparableBlock(
            7, (4, 3), strides=strides, channels=channels, padding=padding
        )
    )

    outputs = block(features)

    expected = judged(block, weights_of, features, channels, padding == "causal")
    np.testing.assert_allclose(outputs, expected, atol=1e-5)


def test_without_channels_all_features_are_channels(features, randomized):
    named = randomized(DepthwiseSeparableBlock(7, (3, 1), channels=10))
    unnamed = randomized(DepthwiseSeparableBlock(7, (3, 1)))

    np.testing.assert_array_equal(unnamed(features), named(features))


def test_batch_statistics_ignore_the_padding(features):
    block = DepthwiseSeparableBlock(4, (1, 1), channels=2, activation=None)

    outputs = block(masked(100 * features, [12, 7, 3]), training=True)

    mask = np.asarray(get_mask(outputs))
    valid = np.asarray(outputs)[mask].reshape(-1, 4)
    np.testing.assert_allclose(valid.mean(axis=0), 0, atol=1e-4)
    # What guards the division, 0.001, is little beside a variance of about 1.
    np.testing.assert_allclose(valid.std(axis=0), 1, rtol=1e-2)
    np.testing.assert_array_equal(np.asarray(outputs)[~mask], 0)


def test_multiply_adds_are_those_of_the_loops():
    block = DepthwiseSeparableBlock(7, (4, 3), strides=2, channels=2)
    block.build((1, 12, 10))

    count = block.count_multiply_adds((1, 12, 10))

    # 6 frames of 3 bins, each with 2 filters of 4 × 3, then 2 × 7.
    assert count == 6 * 3 * (2 * 4 * 3 + 2 * 7)


@pytest.mark.parametrize(
    ("name", "value", "accepted"),
    [
        ("filters", 0, "an integer of 1 or more"),
        ("kernel_size", 3, "a pair"),
        ("kernel_size", (3, 0), "an integer of 1 or more"),
        ("strides", 0, "an integer of 1 or more"),
        ("channels", 0, "an integer of 1 or more"),
        ("padding", "valid", "one of 'same', 'causal'"),
        ("normalization", "layer", "one of 'batch', None"),
    ],
)
def test_rejects_arguments_out_of_range(name, value, accepted):
    with pytest.raises(ValueError, match=f"`{name}` must be {accepted}"):
        DepthwiseSeparableBlock(**{"filters": 8, name: value})


def test_rejects_features_that_the_channels_do_not_divide(features):
    with pytest.raises(ValueError, match="`channels` must divide the number of feat"):
        DepthwiseSeparableBlock(8, channels=3)(features)
