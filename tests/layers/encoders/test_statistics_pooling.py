"""Tests of the numbers of `StatisticsPooling` against NumPy."""

import numpy as np
import tensorflow as tf

from contract.masks import masked
from speechkit.layers import StatisticsPooling
from speechkit.ops.time.masks import get_mask


def test_statistics_equal_numpy(features):
    pooled = StatisticsPooling()(features)

    expected = np.concatenate([features.mean(axis=1), features.std(axis=1)], axis=-1)
    np.testing.assert_allclose(pooled, expected, atol=1e-6)


def test_padded_frames_do_not_count_and_the_mask_ends(features):
    pooled = StatisticsPooling()(masked(features, [12, 7, 1]))

    valid = [clip[:n] for clip, n in zip(features, [12, 7, 1], strict=True)]
    expected = [np.concatenate([v.mean(axis=0), v.std(axis=0)]) for v in valid]
    # What guards the root, 1e-7, is 3e-4 of a deviation of zero.
    np.testing.assert_allclose(pooled, expected, atol=4e-4)
    assert get_mask(pooled) is None


def test_clip_without_a_valid_frame_has_means_of_zero(features):
    pooled = np.asarray(StatisticsPooling()(masked(features, [12, 7, 0])))

    np.testing.assert_array_equal(pooled[2, :5], 0)
    np.testing.assert_allclose(pooled[2, 5:], 0, atol=4e-4)


def test_constant_features_have_a_finite_gradient():
    constant = tf.fill((1, 12, 5), 4.0)

    with tf.GradientTape() as tape:
        tape.watch(constant)
        pooled = StatisticsPooling()(constant)
    gradient = tape.gradient(pooled, constant)

    assert np.isfinite(gradient).all()


def test_without_deviations_the_means_come_alone(features):
    pooled = StatisticsPooling(deviations=False)(masked(features, [12, 7, 1]))

    means = [clip[:n].mean(0) for clip, n in zip(features, [12, 7, 1], strict=True)]
    np.testing.assert_allclose(pooled, means, atol=1e-6)
