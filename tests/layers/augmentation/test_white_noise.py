"""Tests of the noise of `WhiteNoise`: level, kind, padding, seeds."""

import numpy as np
import pytest
import scipy.stats
import tensorflow as tf

from contract.masks import masked
from speechkit.layers import WhiteNoise


@pytest.fixture
def sines():
    """300 sines of amplitudes from 0.001 to 1, 0.2 s at 16 kHz."""
    amplitudes = np.geomspace(0.001, 1, 300)[:, None]
    return (amplitudes * np.sin(0.3 * np.arange(3200))).astype("float32")


def decibels(ratio):
    return 10 * np.log10(ratio)


def test_ratios_are_uniform_in_the_range(sines):
    noisy = np.asarray(WhiteNoise((5.0, 25.0), seed=1)(sines, training=True))

    noise = noisy - sines
    ratios = decibels(np.square(sines).mean(axis=1) / np.square(noise).mean(axis=1))
    # The power of 3200 random samples is known to 2.5 %, 0.11 dB.
    assert ratios.min() > 5 - 0.5
    assert ratios.max() < 25 + 0.5
    uniform = scipy.stats.uniform(5, 20)
    assert scipy.stats.kstest(ratios, uniform.cdf).pvalue > 0.001


def test_noise_is_white_and_gaussian(sines):
    noise = np.asarray(WhiteNoise((0, 0), seed=1)(sines, training=True)) - sines

    unit = noise / noise.std(axis=1, keepdims=True)
    neighbours = (unit[:, 1:] * unit[:, :-1]).mean(axis=1)
    assert np.abs(neighbours).max() < 5 / np.sqrt(3200)
    assert scipy.stats.kstest(unit[0], "norm").pvalue > 0.001
    assert abs(np.corrcoef(unit[0], unit[1])[0, 1]) < 5 / np.sqrt(3200)


def test_level_is_that_of_the_valid_samples(sines):
    lengths = np.full(300, 800)

    noisy = WhiteNoise((10.0, 10.0), seed=1)(masked(sines, lengths), training=True)

    noise = (np.asarray(noisy) - sines)[:, :800]
    power = np.square(sines[:, :800]).mean(axis=1)
    ratios = decibels(power / np.square(noise).mean(axis=1))
    assert ratios.mean() == pytest.approx(10, abs=0.1)
    np.testing.assert_array_equal(np.asarray(noisy)[:, 800:], 0)


def test_silence_stays_silent():
    silence = np.zeros((2, 1600), "float32")

    noisy = WhiteNoise(seed=1)(silence, training=True)

    np.testing.assert_array_equal(noisy, silence)


def test_clip_without_a_valid_sample_becomes_zero(waveforms):
    noisy = WhiteNoise(seed=1)(masked(waveforms, [1600, 0]), training=True)

    np.testing.assert_array_equal(noisy[1], np.zeros(1600))


def test_every_call_draws_anew_in_one_traced_function(waveforms):
    layer = WhiteNoise(seed=1)

    @tf.function
    def twice(x):
        return layer(x, training=True), layer(x, training=True)

    outputs = np.stack([*twice(waveforms), *twice(waveforms)])

    assert len(np.unique(outputs, axis=0)) == 4


def test_the_same_seed_gives_the_same_noise_in_every_mode(waveforms):
    eager, graph, dataset = (WhiteNoise(seed=3) for _ in range(3))
    traced = tf.function(lambda x: graph(x, training=True))
    clips = tf.data.Dataset.from_tensors(waveforms).repeat(2)

    in_eager = [np.asarray(eager(waveforms, training=True)) for _ in range(2)]
    in_graph = [np.asarray(traced(waveforms)) for _ in range(2)]
    in_dataset = list(clips.map(lambda x: dataset(x, training=True)))

    np.testing.assert_allclose(in_graph, in_eager, atol=1e-6)
    np.testing.assert_allclose(in_dataset, in_eager, atol=1e-6)


def test_inference_changes_nothing(waveforms):
    np.testing.assert_array_equal(WhiteNoise((0, 0))(waveforms), waveforms)


@pytest.mark.parametrize(
    "value", [(30, 10), (10,), 10, (0, float("inf")), (float("nan"), 0), ("1", "2")]
)
def test_rejects_what_is_no_range(value):
    message = r"`snr_db` must be two finite numbers \(low, high\) .* Received: snr_db="

    with pytest.raises(ValueError, match=message):
        WhiteNoise(value)
