"""Tests of moments and power against NumPy on the valid part of a clip alone."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from speechkit.ops.time import statistics

LENGTHS = np.array([12, 7, 1])


@pytest.fixture
def mask(features):
    return np.arange(features.shape[1]) < LENGTHS[:, None]


def test_moments_are_those_of_the_valid_frames(features, mask):
    padded = np.where(mask[:, :, None], features, np.nan).astype("float32")

    mean, variance = statistics.masked_moments(keras.ops.array(padded), mask)

    valid = [clip[:n] for clip, n in zip(features, LENGTHS, strict=True)]
    np.testing.assert_allclose(mean, [v.mean(axis=0) for v in valid], atol=1e-6)
    np.testing.assert_allclose(variance, [v.var(axis=0) for v in valid], atol=1e-6)


def test_moments_without_a_mask_are_those_of_all_frames(features):
    mean, variance = statistics.masked_moments(keras.ops.array(features), None)

    np.testing.assert_allclose(mean, features.mean(axis=1), atol=1e-6)
    np.testing.assert_allclose(variance, features.var(axis=1), atol=1e-6)


def test_variance_is_exact_far_from_zero():
    # 2·2²/3 around a mean a thousand times larger: E[x²] − E[x]² would lose it.
    values = keras.ops.array([[[4095.0], [4097.0], [4099.0]]])

    mean, variance = statistics.masked_moments(values, None)

    assert float(mean[0, 0]) == 4097
    assert float(variance[0, 0]) == pytest.approx(8 / 3, rel=1e-6)


def test_moments_of_all_clips_are_those_of_the_valid_frames(features, mask):
    padded = np.where(mask[:, :, None], features, np.nan)

    mean, variance = statistics.all_moments(keras.ops.array(padded), mask)

    np.testing.assert_allclose(mean, features[mask].mean(0), atol=1e-6)
    np.testing.assert_allclose(variance, features[mask].var(0), rtol=1e-5)


def test_moments_of_a_product_are_those_of_its_valid_frames(features, mask, random):
    kernel = random.normal(size=(5, 7)).astype("float32")
    padded = np.where(mask[:, :, None], 3 + features, np.nan)

    moments = statistics.mean_and_covariances(keras.ops.array(padded), mask)
    mean, variance = statistics.product_moments(*moments, keras.ops.array(kernel))

    products = (3 + features[mask]) @ kernel
    np.testing.assert_allclose(mean, products.mean(0), rtol=1e-5, atol=1e-5)
    np.testing.assert_allclose(variance, products.var(0), rtol=1e-5)


def test_covariances_are_those_of_the_valid_frames(features, mask):
    padded = np.where(mask[:, :, None], 3 + features, np.nan)

    mean, covariances = statistics.mean_and_covariances(keras.ops.array(padded), mask)

    np.testing.assert_allclose(mean, 3 + features[mask].mean(0), rtol=1e-6)
    expected = np.cov(features[mask], rowvar=False, bias=True)
    np.testing.assert_allclose(covariances, expected, rtol=1e-4, atol=1e-6)


def slopes(function, inputs):
    """Returns the gradients of a function of float64 arrays by finite differences."""
    gradients = [np.zeros_like(x) for x in inputs]
    for gradient, values in zip(gradients, inputs, strict=True):
        for place in np.ndindex(values.shape):
            kept, results = values[place], []
            for change in (1e-6, -1e-6):
                values[place] = kept + change
                results.append(function(*inputs))
            values[place] = kept
            gradient[place] = (results[0] - results[1]) / 2e-6
    return gradients


@pytest.mark.parametrize("mode", ["eager", "graph", "xla"])
def test_gradient_of_covariances_equals_finite_differences(
    features, mask, random, mode
):
    weights = random.normal(size=(6, 5))  # not symmetric

    def gradient(values):
        with tf.GradientTape() as tape:
            tape.watch(values)
            mean, covariances = statistics.mean_and_covariances(values, mask)
            loss = tf.reduce_sum(weights * tf.concat([mean[None], covariances], axis=0))
        return tape.gradient(loss, values)

    def loss(values):
        covariances = np.cov(values[mask], rowvar=False, bias=True)
        return np.sum(weights * [values[mask].mean(0), *covariances])

    if mode != "eager":
        gradient = tf.function(gradient, jit_compile=mode == "xla")
    values = 2 + features.astype("float64")
    result = gradient(tf.constant(np.where(mask[:, :, None], values, np.nan)))

    np.testing.assert_allclose(result, slopes(loss, [values])[0], atol=1e-7)


@pytest.mark.parametrize("mode", ["eager", "graph", "xla"])
def test_gradient_of_the_moments_of_a_product_equals_finite_differences(random, mode):
    rows = random.normal(size=(9, 5))
    covariances = rows.T @ rows
    inputs = [random.normal(size=(5,)), covariances, random.normal(size=(5, 7))]
    weights = random.normal(size=(2, 7))

    def gradients(*tensors):
        with tf.GradientTape() as tape:
            tape.watch(tensors)
            loss = tf.reduce_sum(
                weights * tf.stack(statistics.product_moments(*tensors))
            )
        return tape.gradient(loss, tensors)

    def loss(mean, covariances, kernel):
        variance = np.diag(kernel.T @ covariances @ kernel)
        return np.sum(weights * [mean @ kernel, variance])

    if mode != "eager":
        gradients = tf.function(gradients, jit_compile=mode == "xla")
    results = gradients(*map(tf.constant, inputs))

    for result, expected in zip(results, slopes(loss, inputs), strict=True):
        np.testing.assert_allclose(result, expected, atol=1e-6)


def test_covariances_without_a_valid_frame_are_zero(features):
    values = tf.constant(np.full_like(features, np.nan))

    with tf.GradientTape() as tape:
        tape.watch(values)
        moments = statistics.mean_and_covariances(values, np.zeros((3, 12), bool))
    gradient = tape.gradient(moments, values)

    for result in (*moments, gradient):
        np.testing.assert_array_equal(result, np.zeros(result.shape))


def test_clip_without_a_valid_frame_has_moments_zero(features):
    mask = np.zeros(features.shape[:2], bool)

    mean, variance = statistics.masked_moments(
        keras.ops.array(np.full_like(features, np.nan)), mask
    )

    np.testing.assert_array_equal(mean, np.zeros((3, 5)))
    np.testing.assert_array_equal(variance, np.zeros((3, 5)))


def test_gradient_is_that_of_the_mean_and_zero_in_the_padding(features, mask):
    padded = tf.constant(np.where(mask[:, :, None], features, np.nan), tf.float32)

    with tf.GradientTape() as tape:
        tape.watch(padded)
        mean, variance = statistics.masked_moments(padded, mask)
        total = tf.reduce_sum(mean) + 0 * tf.reduce_sum(variance)
    gradient = tape.gradient(total, padded)

    expected = np.where(mask, 1 / LENGTHS[:, None], 0.0)[:, :, None]
    np.testing.assert_allclose(
        gradient, np.broadcast_to(expected, features.shape), atol=1e-6
    )


def test_power_is_that_of_the_valid_samples(waveforms):
    clips = np.concatenate([waveforms, waveforms])
    lengths = [1600, 700, 1, 0]
    mask = np.arange(1600) < np.array(lengths)[:, None]
    padded = keras.ops.array(np.where(mask, clips, np.nan), dtype="float32")

    power = statistics.masked_power(padded, mask)

    valid = [clip[:n] for clip, n in zip(clips, lengths, strict=True)]
    expected = [[np.square(v).mean() if len(v) else 0] for v in valid]
    np.testing.assert_allclose(power, expected, rtol=1e-6)


def test_power_without_a_mask_is_that_of_all_samples(waveforms):
    power = statistics.masked_power(keras.ops.array(waveforms), None)

    expected = np.square(waveforms).mean(axis=1, keepdims=True)
    np.testing.assert_allclose(power, expected, rtol=1e-6)


def test_gain_brings_clips_to_a_power_and_leaves_silence_finite(random):
    waveforms = random.normal(size=(3, 50)).astype("float32")
    mask = np.arange(50) < np.array([[50], [20], [50]])
    waveforms[1, 20:] = np.nan
    waveforms[2] = 0.0

    gains = statistics.gain_to_power(waveforms, mask, np.full((3, 1), 0.25, "float32"))

    louder = np.where(mask, waveforms * np.asarray(gains), np.nan)
    powers = np.nanmean(np.square(louder), axis=1)
    np.testing.assert_allclose(powers, [0.25, 0.25, 0.0], rtol=1e-5)
    assert np.isfinite(gains).all()
