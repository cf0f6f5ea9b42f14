"""Tests of the numbers and the errors of `ConvolutionFrontEnd`."""

import keras
import numpy as np
import pytest

from contract.masks import masked
from speechkit.layers import ConvolutionFrontEnd


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
    layer = ConvolutionFrontEnd((2,), ((1, 1),), ((1, 1),), activation=None)
    lengths = [12, 7, 3]

    outputs = layer(masked(100 * features, lengths), training=True)
    valid = np.asarray(outputs)[np.asarray(outputs._keras_mask)].reshape(-1, 2)

    # Features this large make little of the epsilon, 0.001.
    np.testing.assert_allclose(valid.mean(axis=0), 0, atol=1e-4)
    np.testing.assert_allclose(valid.std(axis=0), 1, rtol=1e-2)
    assert len(valid) == sum(lengths) * 5


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (((0,), ((3, 3),), ((1, 1),)), "`filters` .* Received: filters=0"),
        (((4,), ((3, 3), (3, 3)), ((1, 1),)), "`kernel_sizes` must be one pair"),
        (((4,), ((3,),), ((1, 1),)), "`kernel_sizes` must be one pair"),
        (((4,), ((3, 3),), ((1, 0),)), "`strides` .* Received: strides=0"),
    ],
    ids=["no-filter", "too-many-kernels", "no-pair", "no-stride"],
)
def test_rejects_sizes_that_do_not_fit(arguments, message):
    with pytest.raises(ValueError, match=message):
        ConvolutionFrontEnd(*arguments)
