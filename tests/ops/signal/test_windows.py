"""Tests of `window` against `scipy.signal.get_window`."""

import numpy as np
import pytest
import scipy.signal

from speechkit.ops.signal import windows


@pytest.mark.parametrize("length", [2, 25, 400])
@pytest.mark.parametrize(
    ("name", "scipy_name"),
    [
        ("hann", "hann"),
        ("hamming", "hamming"),
        ("blackman", "blackman"),
        ("rectangular", "boxcar"),
    ],
)
def test_window_equals_the_periodic_one_of_scipy(name, scipy_name, length):
    window = windows.window(name, length)

    expected = scipy.signal.get_window(scipy_name, length, fftbins=True)
    np.testing.assert_allclose(window, expected, rtol=0, atol=1e-14)


@pytest.mark.parametrize("length", [2, 25, 400])
@pytest.mark.parametrize(
    ("name", "scipy_name", "exponent"),
    [
        ("hann_symmetric", "hann", 1),
        ("hamming_symmetric", "hamming", 1),
        ("povey", "hann", 0.85),
    ],
)
def test_symmetric_window_equals_that_of_scipy(name, scipy_name, exponent, length):
    window = windows.window(name, length)

    expected = scipy.signal.get_window(scipy_name, length, fftbins=False) ** exponent
    np.testing.assert_allclose(window, expected, rtol=0, atol=1e-13)


def test_half_window_lies_between_the_samples_of_a_periodic_one():
    window = windows.window("hann_half", 400)

    expected = scipy.signal.get_window("hann", 800)[1::2]
    np.testing.assert_allclose(window, expected, rtol=0, atol=1e-14)


def test_window_of_one_sample_is_finite():
    assert all(np.isfinite(windows.window(name, 1)).all() for name in windows.NAMES)


def test_rejects_other_windows():
    with pytest.raises(ValueError, match="`window` must be one of 'hann', 'hamming',"):
        windows.window("kaiser", 400)
