"""Tests of the numbers and the errors of `MeanVarianceNormalization`."""

import numpy as np
import pytest
import tensorflow as tf

from contract.masks import masked
from speechkit.layers import MeanVarianceNormalization


@pytest.mark.parametrize("epsilon", [1e-5, 0.5])
def test_features_equal_numpy(features, epsilon):
    outputs = MeanVarianceNormalization(epsilon=epsilon)(3 * features + 7)

    centred = 3 * (features - features.mean(axis=1, keepdims=True))
    deviation = np.sqrt(np.square(centred).mean(axis=1, keepdims=True) + epsilon)
    np.testing.assert_allclose(outputs, centred / deviation, atol=1e-5)


def test_variance_may_stay(features):
    outputs = MeanVarianceNormalization(normalize_variance=False)(features)

    expected = features - features.mean(axis=1, keepdims=True)
    np.testing.assert_allclose(outputs, expected, atol=1e-6)


def test_padded_frames_do_not_count_and_become_zero(features):
    layer = MeanVarianceNormalization()

    outputs = np.asarray(layer(masked(features, [12, 5, 0])))

    np.testing.assert_allclose(outputs[1:2, :5], layer(features[1:2, :5]), atol=1e-6)
    np.testing.assert_array_equal(outputs[1, 5:], 0)
    np.testing.assert_array_equal(outputs[2], 0)


def test_constant_features_become_zero_with_a_finite_gradient():
    constant = tf.fill((1, 12, 5), 4.0)

    with tf.GradientTape() as tape:
        tape.watch(constant)
        outputs = MeanVarianceNormalization()(constant)
    gradient = tape.gradient(outputs, constant)

    np.testing.assert_array_equal(outputs, np.zeros((1, 12, 5)))
    assert np.isfinite(gradient).all()


@pytest.mark.parametrize("value", [0, -1e-5, True, float("inf"), float("nan"), None])
def test_rejects_epsilons_that_do_not_guard(value):
    message = f"`epsilon` must be .* above 0. Received: epsilon={value}"

    with pytest.raises(ValueError, match=message):
        MeanVarianceNormalization(epsilon=value)
