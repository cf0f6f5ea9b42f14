"""Tests of the filters: equal to their recursion, sample by sample."""

import numpy as np
import pytest
import scipy.signal
import scipy.stats

from contract.masks import masked
from speechkit import layers

RATE = 16000


def cookbook(kind, frequency, q, gain_db=0.0):
    """Returns the coefficients of the Audio EQ Cookbook, as it prints them."""
    angle = 2 * np.pi * frequency / RATE
    cosine, alpha, a = np.cos(angle), np.sin(angle) / (2 * q), 10 ** (gain_db / 40)
    rows = {
        "low_pass": [(1 - cosine) / 2, 1 - cosine, (1 - cosine) / 2],
        "high_pass": [(1 + cosine) / 2, -(1 + cosine), (1 + cosine) / 2],
        "band_pass": [alpha, 0, -alpha],
        "equalizer": [1 + alpha * a, -2 * cosine, 1 - alpha * a],
    }
    return rows[kind], [1 + alpha / a, -2 * cosine, 1 - alpha / a]


def both(value):
    return (value, value)


@pytest.mark.parametrize("frequency", [20.0, 300.0, 1000.0, 5000.0, 7900.0])
@pytest.mark.parametrize("q", [0.3, 0.7071, 5.0])
@pytest.mark.parametrize("kind", ["low_pass", "high_pass", "band_pass", "equalizer"])
def test_filters_equal_lfilter_sample_by_sample(waveforms, kind, frequency, q):
    layer = {
        "low_pass": lambda: layers.LowPass(
            both(frequency), both(q), sampling_rate=RATE
        ),
        "high_pass": lambda: layers.HighPass(
            both(frequency), both(q), sampling_rate=RATE
        ),
        "band_pass": lambda: layers.BandPass(
            both(frequency), both(frequency / q), sampling_rate=RATE
        ),
        "equalizer": lambda: layers.Equalizer(
            both(frequency), both(q), gain_db=both(-9.0), sampling_rate=RATE
        ),
    }[kind]()

    outputs = layer(waveforms, training=True)

    coefficients = cookbook(kind, frequency, q, -9.0 * (kind == "equalizer"))
    # Beside float64, lfilter in float32 would be the judge that is wrong.
    expected = scipy.signal.lfilter(*coefficients, waveforms.astype("float64"))
    np.testing.assert_allclose(outputs, expected, atol=5e-6)


def test_frequencies_are_uniform_in_octaves(waveforms):
    layer = layers.LowPass((500, 4000), seed=1, sampling_rate=RATE)

    drawn = np.asarray(layer.draw(np.repeat(waveforms, 500, axis=0))["frequency"])

    octaves = scipy.stats.uniform(np.log(500), np.log(8))
    assert scipy.stats.kstest(np.log(drawn), octaves.cdf).pvalue > 0.001


def test_each_clip_has_a_filter_of_its_own(waveforms):
    layer = layers.HighPass((50, 4000), seed=1, sampling_rate=RATE)

    outputs, draws = layer.augment(np.repeat(waveforms[:1], 8, axis=0))

    for output, frequency in zip(outputs, np.asarray(draws["frequency"]), strict=True):
        coefficients = cookbook("high_pass", frequency, 0.7071)
        expected = scipy.signal.lfilter(*coefficients, waveforms[0].astype("float64"))
        np.testing.assert_allclose(output, expected, atol=1e-6)


def test_what_follows_a_clip_stays_silent(waveforms):
    outputs = layers.LowPass((20, 20), sampling_rate=RATE)(
        masked(waveforms, [1600, 800]), training=True
    )

    np.testing.assert_array_equal(np.asarray(outputs)[1, 800:], 0)


@pytest.mark.parametrize("frequency", [(0, 100), (100, 8000), (200, 100), 100])
def test_rejects_frequencies_that_there_are_not(frequency):
    with pytest.raises(
        ValueError, match=r"`frequency` must be .* Received: frequency="
    ):
        layers.LowPass(frequency, sampling_rate=RATE)


@pytest.mark.parametrize("layer", [layers.LowPass, layers.HighPass, layers.Equalizer])
def test_rejects_a_quality_of_zero(layer):
    with pytest.raises(ValueError, match=r"`q` must be two .*, both above 0"):
        layer(q=(0, 1), sampling_rate=RATE)


def test_rejects_a_band_without_width():
    with pytest.raises(ValueError, match=r"`width` must be two .*, both above 0"):
        layers.BandPass(width=(0, 100), sampling_rate=RATE)
