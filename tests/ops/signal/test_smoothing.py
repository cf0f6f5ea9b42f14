"""Tests of exponential smoothing against `scipy.signal`."""

import numpy as np
import pytest
import scipy.signal

from speechkit.ops.signal.smoothing import exponential_smoothing


@pytest.mark.parametrize("smoothing", [1e-4, 0.025, 0.5, 1.0])
@pytest.mark.parametrize("num_frames", [0, 1, 31, 32, 33, 3000])
def test_levels_equal_scipy(random, num_frames, smoothing):
    values, previous = random.random((2, num_frames, 3)), random.random((2, 1, 3))

    levels = exponential_smoothing(values, previous, smoothing)

    expected, _ = scipy.signal.lfilter(
        [smoothing],
        [1, smoothing - 1],
        values,
        axis=1,
        zi=(1 - smoothing) * previous,
    )
    np.testing.assert_allclose(levels, expected, rtol=1e-12)
