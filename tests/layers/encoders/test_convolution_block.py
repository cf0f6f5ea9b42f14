"""Tests of `ConvolutionBlock` against Keras's own layers and NumPy."""

import keras
import numpy as np
import pytest

from contract.masks import masked
from speechkit.layers import ConvolutionBlock
from speechkit.ops.time.masks import get_mask


@pytest.mark.parametrize("kernel_size", [1, 3, 9])
@pytest.mark.parametrize("activation", ["relu", "tanh", None])
def test_block_equals_convolution_normalisation_activation(
    features, randomized, weights_of, kernel_size, activation
):
    block = randomized(ConvolutionBlock(7, kernel_size, activation=activation))

    outputs = block(features)

    convolution = keras.layers.Conv1D(7, kernel_size, padding="same", use_bias=False)
    normalization = keras.layers.BatchNormalization()
    peer = keras.Sequential(
        [convolution, normalization, keras.layers.Activation(activation)]
    )
    peer(features)
    convolution.set_weights(weights_of(block, "convolution"))
    normalization.set_weights(weights_of(block, "normalization"))
    np.testing.assert_allclose(outputs, peer(features), atol=1e-5)


@pytest.mark.parametrize("padding", ["same", "causal"])
def test_convolution_without_normalisation_has_a_bias(
    features, randomized, weights_of, padding
):
    block = randomized(
        ConvolutionBlock(7, 3, padding=padding, normalization=None, activation=None)
    )

    outputs = block(features)

    peer = keras.layers.Conv1D(7, 3, padding=padding)
    peer.build(features.shape)
    peer.set_weights(weights_of(block, "convolution"))
    np.testing.assert_allclose(outputs, peer(features), atol=1e-5)


@pytest.mark.parametrize("frames", [1, 11, 12])
@pytest.mark.parametrize("padding", ["same", "causal"])
def test_strides_keep_every_other_frame(features, randomized, padding, frames):
    dense = randomized(ConvolutionBlock(7, 5, padding=padding))
    strided = ConvolutionBlock(7, 5, strides=2, padding=padding)
    strided.build(features.shape)
    strided.set_weights(dense.get_weights())

    outputs = strided(features[:, :frames])

    expected = np.asarray(dense(features[:, :frames]))[:, ::2]
    np.testing.assert_allclose(outputs, expected, atol=1e-6)


def test_causal_block_never_looks_ahead(features, randomized):
    block = randomized(ConvolutionBlock(7, 5, padding="causal", residual=True))
    changed = features.copy()
    changed[:, 6:] += 100

    before, after = np.asarray(block(features)), np.asarray(block(changed))

    np.testing.assert_array_equal(after[:, :6], before[:, :6])
    assert (after[:, 6] != before[:, 6]).any()


@pytest.mark.parametrize(
    ("filters", "strides", "projects"),
    [
        pytest.param(5, 1, False, id="same-shape"),
        pytest.param(7, 1, True, id="other-features"),
        pytest.param(5, 2, True, id="other-frames"),
    ],
)
def test_residual_adds_the_input(
    features, randomized, weights_of, filters, strides, projects
):
    options = {"kernel_size": 3, "strides": strides, "activation": None}
    block = randomized(ConvolutionBlock(filters, residual=True, **options))
    plain = ConvolutionBlock(filters, **options)
    plain.build(features.shape)
    plain.set_weights(block.get_weights()[:5])

    added = np.asarray(block(features)) - np.asarray(plain(features))

    kernels = weights_of(block, "projection")
    assert len(kernels) == projects
    kernel = kernels[0] if projects else np.eye(5)
    np.testing.assert_allclose(added, features[:, ::strides] @ kernel, atol=1e-5)


@pytest.mark.parametrize("strides", [1, 2])
@pytest.mark.parametrize("padding", ["same", "causal"])
def test_padded_clip_equals_the_clip_alone(features, randomized, padding, strides):
    block = randomized(
        ConvolutionBlock(7, 5, strides=strides, padding=padding, residual=True)
    )

    outputs = block(masked(features, [12, 7, 2]))

    mask = np.asarray(get_mask(outputs))
    for clip, length in enumerate([12, 7, 2]):
        alone = block(features[clip : clip + 1, :length])[0]
        valid = np.asarray(outputs)[clip][mask[clip]]
        np.testing.assert_allclose(valid, alone, atol=1e-5)
    np.testing.assert_array_equal(np.asarray(outputs)[~mask], 0)


def test_batch_statistics_are_those_of_the_valid_frames(
    features, randomized, weights_of
):
    block = randomized(ConvolutionBlock(7, 3, activation=None))
    kernel = weights_of(block, "convolution")[0]
    gamma, beta, mean, variance = weights_of(block, "normalization")
    padded = masked(features, [12, 7, 2])

    outputs = np.asarray(block(padded, training=True))

    mask = np.asarray(get_mask(padded))
    clean = np.pad(features * mask[:, :, None], [[0, 0], [1, 1], [0, 0]])
    hidden = sum(clean[:, tap : tap + 12] @ kernel[tap] for tap in range(3))[mask]
    centred = hidden - hidden.mean(axis=0)
    expected = gamma * centred / np.sqrt(hidden.var(axis=0) + 1e-3) + beta
    np.testing.assert_allclose(outputs[mask], expected, atol=1e-4)
    moving = weights_of(block, "normalization")[2:]
    np.testing.assert_allclose(moving[0], 0.9 * mean + 0.1 * hidden.mean(0), atol=1e-5)
    np.testing.assert_allclose(
        moving[1], 0.9 * variance + 0.1 * hidden.var(0), atol=1e-4
    )


def test_dropout_acts_in_training_only(features):
    block = ConvolutionBlock(50, 3, activation=None, dropout=0.4)

    trained = np.asarray(block(features, training=True))

    assert (trained == 0).mean() == pytest.approx(0.4, abs=0.05)
    assert (np.asarray(block(features)) != 0).all()


@pytest.mark.parametrize(
    ("name", "value", "accepted"),
    [
        ("filters", 0, "an integer of 1 or more"),
        ("kernel_size", 2.5, "an integer of 1 or more"),
        ("strides", 0, "an integer of 1 or more"),
        ("padding", "valid", "one of 'same', 'causal'"),
        ("normalization", "layer", "one of 'batch', None"),
        ("dropout", 1.0, "a number of 0 or more and below 1"),
    ],
)
def test_rejects_arguments_out_of_range(name, value, accepted):
    message = f"`{name}` must be {accepted}. Received: {name}={value!r}"

    with pytest.raises(ValueError, match=message):
        ConvolutionBlock(**{"filters": 8, name: value})
