"""Tests of `resample` against closed forms and `scipy.signal`."""

import math
from fractions import Fraction

import hypothesis
import numpy as np
import pytest
import scipy.signal
from hypothesis import strategies

from speechkit.audio import resample

RATES = [
    pytest.param(8000, 16000, id="up"),
    pytest.param(16000, 8000, id="down"),
    pytest.param(44100, 16000, id="odd-down"),
    pytest.param(11025, 16000, id="odd-up"),
    pytest.param(48000, 44100, id="near"),
]


@hypothesis.given(
    length=strategies.integers(0, 2000),
    from_rate=strategies.sampled_from([7, 999, 8000, 11025, 44100, 48000, 192000]),
    to_rate=strategies.sampled_from([8, 1000, 8000, 16000, 22050, 44100]),
)
@hypothesis.settings(max_examples=100, deadline=None, derandomize=True)
def test_length_covers_the_same_time(length, from_rate, to_rate):
    hypothesis.assume(length * to_rate / from_rate < 100_000)

    resampled = resample(
        np.ones(length, np.float32), from_rate=from_rate, to_rate=to_rate
    )

    assert len(resampled) == math.ceil(Fraction(length * to_rate, from_rate))


@pytest.mark.parametrize(("from_rate", "to_rate"), RATES)
def test_sine_stays_the_same_sine(from_rate, to_rate):
    def sine(rate):
        return np.sin(2 * np.pi * 1000 / rate * np.arange(rate // 2) + 0.3)

    resampled = resample(sine(from_rate), from_rate=from_rate, to_rate=to_rate)

    # 20 ms at each end, where the sine begins and stops, are left out.
    inner = slice(to_rate // 50, -to_rate // 50)
    np.testing.assert_allclose(resampled[inner], sine(to_rate)[inner], atol=1e-5)


@pytest.mark.parametrize(("from_rate", "to_rate"), RATES)
def test_noise_equals_scipy_where_both_filters_pass(random, from_rate, to_rate):
    passed = scipy.signal.butter(
        16, 0.2 * min(from_rate, to_rate), fs=from_rate, output="sos"
    )
    noise = scipy.signal.sosfilt(passed, random.normal(size=from_rate // 2))

    resampled = resample(noise, from_rate=from_rate, to_rate=to_rate)

    factor = math.gcd(from_rate, to_rate)
    window = ("kaiser", 12.0)
    expected = scipy.signal.resample_poly(
        noise, to_rate // factor, from_rate // factor, window=window
    )
    inner = slice(to_rate // 50, -to_rate // 50)
    np.testing.assert_allclose(resampled[inner], expected[inner], atol=1e-5)


def test_what_the_new_rate_cannot_hold_is_removed():
    high = np.sin(2 * np.pi * 6000 / 16000 * np.arange(8000))

    resampled = resample(high, from_rate=16000, to_rate=8000)

    assert np.abs(resampled[200:-200]).max() < 1e-4


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_type_stays(tone, dtype):
    assert resample(tone.astype(dtype), from_rate=16000, to_rate=8000).dtype == dtype


def test_equal_rates_change_nothing(tone):
    assert resample(tone, from_rate=16000, to_rate=16000) is tone


@pytest.mark.parametrize("name", ["from_rate", "to_rate"])
@pytest.mark.parametrize("value", [0, -8000, 8000.0, None])
def test_rejects_rates_that_are_not_positive_integers(tone, name, value):
    rates = {"from_rate": 16000, "to_rate": 8000, name: value}

    with pytest.raises(ValueError, match=f"`{name}` .* Received: {name}={value}"):
        resample(tone, **rates)


def test_rejects_several_channels():
    with pytest.raises(ValueError, match=r"shape \(samples,\). Received: shape=\(2, 9"):
        resample(np.zeros((2, 9)), from_rate=16000, to_rate=8000)


@pytest.mark.parametrize(("from_rate", "to_rate"), [(1, 2**31 - 1), (2**31 - 1, 1)])
def test_rates_that_would_take_gigabytes_are_refused(from_rate, to_rate):
    with pytest.raises(ValueError, match=r"within a factor of 65536. Received"):
        resample(np.zeros(100), from_rate=from_rate, to_rate=to_rate)
