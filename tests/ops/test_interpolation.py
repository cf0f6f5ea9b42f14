"""Tests of `cubic` against SciPy's Hermite splines and closed forms."""

import numpy as np
import pytest
import scipy.interpolate

from speechkit.ops import interpolation


def test_curve_equals_the_hermite_spline_of_central_differences(random):
    waveform = random.normal(size=30)
    # Up to two samples behind the end, where the curve falls to zero.
    times = np.sort(random.uniform(0, 32, size=500))

    values = interpolation.cubic(waveform[None], times[None])

    padded = np.pad(waveform, [4, 4])
    spline = scipy.interpolate.CubicHermiteSpline(
        np.arange(-3, 33), padded[1:-1], (padded[2:] - padded[:-2]) / 2
    )
    np.testing.assert_allclose(values[0], spline(times), atol=1e-12)


def test_straight_line_stays_straight(random):
    times = random.uniform(1, 97, size=(1, 200))

    values = interpolation.cubic(3.0 * np.arange(100.0)[None] - 7.0, times)

    np.testing.assert_allclose(values, 3.0 * times - 7.0, atol=1e-10)


@pytest.mark.parametrize(
    ("frequency", "error"),
    # The error of Catmull-Rom falls with the third power of the frequency.
    [pytest.param(100, 1e-5, id="100-hz"), pytest.param(1000, 1e-2, id="1-khz")],
)
def test_sine_is_read_between_its_samples(random, frequency, error):
    sine = np.sin(2 * np.pi * frequency / 16000 * np.arange(1600))
    times = random.uniform(2, 1597, size=(1, 500))

    values = interpolation.cubic(sine[None], times)

    expected = np.sin(2 * np.pi * frequency / 16000 * times)
    np.testing.assert_allclose(values, expected, atol=error)


def test_whole_times_give_the_samples_and_zero_behind(random):
    waveforms = random.normal(size=(2, 8))
    times = np.tile(np.arange(20.0), (2, 1))

    values = interpolation.cubic(waveforms, times)

    np.testing.assert_array_equal(values, np.pad(waveforms, [[0, 0], [0, 12]]))


def test_each_clip_is_read_at_its_own_times():
    lines = np.array([[0.0, 1.0, 2.0, 3.0, 4.0], [0.0, 2.0, 4.0, 6.0, 8.0]])

    values = interpolation.cubic(lines, np.array([[1.5, 2.0], [2.25, 1.0]]))

    np.testing.assert_array_equal(values, [[1.5, 2.0], [4.5, 2.0]])
