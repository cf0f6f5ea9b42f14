"""Tests of the numbers and the errors of `ConvolutionFrontEnd`."""

import keras
import numpy as np
import pytest

from contract.masks import masked
from speechkit.layers import ConvolutionFrontEnd
from speechkit.ops.time.masks import get_mask


def test_output_equals_keras_convolutions(features):
    sizes = {"kernel_sizes": ((5, 3), (3, 3)), "strides": ((1, 1), (1, 1))}
    layer = ConvolutionFrontEnd((2, 3), normalization=None, **sizes)
    outputs = layer(features)
    weights = layer.get_weights()
    judge = keras.Sequential(
        [
            keras.Input((12, 5, 1)),
            keras.layers.Conv2D(2, (5, 3), padding="same", activation="relu"),
            keras.layers.Conv2D(3, (3, 3), padding="same", activation="relu"),
            keras.layers.Reshape((12, 15)),
        ]
    )
    judge.set_weights(weights)

    np.testing.assert_allclose(outputs, judge(features[..., None]), atol=1e-5)


def test_strides_leave_out_frames_and_features(features):
    options = {"kernel_sizes": ((3, 3),), "normalization": None}
    dense = ConvolutionFrontEnd((2,), strides=((1, 1),), **options)
    sparse = ConvolutionFrontEnd((2,), strides=((2, 3),), **options)
    everything = np.reshape(dense(features), (3, 12, 5, 2))
    sparse.build(features.shape)
    sparse.set_weights(dense.get_weights())

    outputs = np.reshape(sparse(features), (3, 6, 2, 2))

    np.testing.assert_allclose(outputs, everything[:, ::2, ::3], atol=1e-6)


def test_batch_statistics_ignore_the_padding(features):
    layer = ConvolutionFrontEnd((2,), ((1, 1),), strides=((1, 1),), activation=None)
    lengths = [12, 7, 3]

    outputs = layer(masked(100 * features, lengths), training=True)
    valid = np.asarray(outputs)[np.asarray(get_mask(outputs))].reshape(-1, 2)

    # Features this large make little of the epsilon, 0.001.
    np.testing.assert_allclose(valid.mean(axis=0), 0, atol=1e-4)
    np.testing.assert_allclose(valid.std(axis=0), 1, rtol=1e-2)
    assert len(valid) == sum(lengths) * 5


@pytest.mark.parametrize("dilation", [1, 2, 5])
def test_causal_kernels_within_the_features_equal_keras(features, dilation):
    layer = ConvolutionFrontEnd(
        (2,),
        ((3, 4),),
        strides=((1, 1),),
        normalization=None,
        padding="causal",
        feature_padding="valid",
        dilations=(dilation,),
    )

    outputs = layer(features)

    judge = keras.layers.Conv2D(2, (3, 4), dilation_rate=(dilation, 1))
    padded = np.pad(features, [[0, 0], [2 * dilation, 0], [0, 0]])[..., None]
    judge.build(padded.shape)
    judge.set_weights(layer.get_weights())
    expected = np.maximum(judge(padded), 0).reshape(3, 12, 4)
    np.testing.assert_allclose(outputs, expected, atol=1e-5)


def test_causal_kernels_never_look_ahead(features, randomized):
    layer = randomized(
        ConvolutionFrontEnd(
            (2, 3), ((5, 3), (3, 3)), strides=((1, 2), (2, 1)), padding="causal"
        )
    )
    changed = features.copy()
    changed[:, 6:] += 100

    before, after = np.asarray(layer(features)), np.asarray(layer(changed))

    np.testing.assert_array_equal(after[:, :3], before[:, :3])
    assert (after[:, 3] != before[:, 3]).any()


def test_convolutions_of_deep_speech_2_shorten_clip_and_mask_alike(random):
    layer = ConvolutionFrontEnd(
        (32, 32, 96), ((11, 41), (11, 21), (11, 21)), strides=((2, 2), (1, 2), (1, 2))
    )
    spectra = random.normal(size=(3, 41, 161)).astype("float32")

    outputs = layer(masked(spectra, [41, 20, 1]))

    # 161 frequencies become 81, 41 and 21.
    assert outputs.shape == layer.compute_output_shape(spectra.shape)
    assert outputs.shape == (3, 21, 21 * 96)
    assert np.asarray(get_mask(outputs)).sum(axis=1).tolist() == [21, 10, 1]


def test_multiply_adds_are_those_of_the_loops():
    layer = ConvolutionFrontEnd((2, 3), ((5, 3), (3, 3)), strides=((2, 1), (1, 2)))
    layer.build((1, 13, 6))

    count = layer.count_multiply_adds((1, 13, 6))

    # 7 frames of 6 features with 2 filters of 5 × 3, then 3 with 3 × 2 of 3 × 3.
    assert count == 7 * 6 * 2 * 5 * 3 + 7 * 3 * 3 * 2 * 3 * 3


@pytest.mark.parametrize("dilations", [(1,), (1, 0), (1, 2)])
def test_rejects_dilations_that_do_not_fit(dilations):
    sizes = ((2, 3), ((3, 3), (3, 3)))

    with pytest.raises(ValueError, match="`dilations` must be"):
        ConvolutionFrontEnd(*sizes, strides=((1, 1), (2, 1)), dilations=dilations)


def test_rejects_kernels_wider_than_the_features(features):
    layer = ConvolutionFrontEnd(
        (2,), ((3, 6),), strides=((1, 1),), feature_padding="valid"
    )

    with pytest.raises(ValueError, match="`kernel_sizes` must be no wider than the"):
        layer(features)


@pytest.mark.parametrize("name", ["padding", "feature_padding"])
def test_rejects_paddings_that_are_none(name):
    with pytest.raises(ValueError, match=f"`{name}` must be one of 'same', "):
        ConvolutionFrontEnd(**{name: "full"})


@pytest.mark.parametrize(
    ("filters", "kernel_sizes", "strides", "message"),
    [
        ((0,), ((3, 3),), ((1, 1),), "`filters` .* Received: filters=0"),
        ((4,), ((3, 3), (3, 3)), ((1, 1),), "`kernel_sizes` must be one pair"),
        ((4,), ((3,),), ((1, 1),), "`kernel_sizes` must be a pair"),
        ((4,), ((3, 3),), ((1, 0),), "`strides` .* Received: strides=0"),
    ],
    ids=["no-filter", "too-many-kernels", "no-pair", "no-stride"],
)
def test_rejects_sizes_that_do_not_fit(filters, kernel_sizes, strides, message):
    with pytest.raises(ValueError, match=message):
        ConvolutionFrontEnd(filters, kernel_sizes, strides=strides)
