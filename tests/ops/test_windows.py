"""Tests of `window` against `scipy.signal.get_window`."""

import numpy as np
import pytest
import scipy.signal

from speechkit.ops import windows


@pytest.mark.parametrize("length", [2, 25, 400])
@pytest.mark.parametrize(
    ("name", "scipy_name"),
    [("hann", "hann"), ("hamming", "hamming"), ("rectangular", "boxcar")],
)
def test_window_equals_the_periodic_one_of_scipy(name, scipy_name, length):
    window = windows.window(name, length)

    expected = scipy.signal.get_window(scipy_name, length, fftbins=True)
    np.testing.assert_allclose(window, expected, rtol=0, atol=1e-14)


def test_rejects_other_windows():
    with pytest.raises(ValueError, match="`window` must be one of 'hann', 'hamming',"):
        windows.window("kaiser", 400)
