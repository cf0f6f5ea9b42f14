"""Tests of the slope of features over time."""

import numpy as np
import pytest
import scipy.signal

from speechkit.ops.signal.regression import regression_weights, weigh_neighbours


@pytest.mark.parametrize("window", [1, 2, 5])
def test_weights_are_those_of_a_fitted_line(window):
    weights = regression_weights(window, 1)

    expected = scipy.signal.savgol_coeffs(2 * window + 1, 1, deriv=1, use="dot")
    np.testing.assert_allclose(weights, expected, atol=1e-12)


def test_weighted_neighbours_equal_a_convolution(random):
    frames, weights = random.normal(size=(2, 9, 3)), random.normal(size=4)

    sums = weigh_neighbours(frames, weights)

    expected = scipy.signal.convolve(frames, weights[None, ::-1, None], mode="valid")
    np.testing.assert_allclose(sums, expected, atol=1e-12)
