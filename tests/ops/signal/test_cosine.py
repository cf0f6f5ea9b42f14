"""Tests of the cosine transform against SciPy and the formula of the HTK Book."""

import numpy as np
import pytest
import scipy.fft

from speechkit.ops.signal import cosine


@pytest.mark.parametrize(("bins", "coefficients"), [(23, 13), (128, 20), (1, 1)])
def test_transform_equals_scipy(random, bins, coefficients):
    values = random.normal(size=(4, bins))

    transformed = values @ cosine.cosine_matrix(bins, coefficients)

    expected = scipy.fft.dct(values, type=2, norm="ortho")[:, :coefficients]
    np.testing.assert_allclose(transformed, expected, atol=1e-12)


def test_lifter_equals_the_formula():
    weights = cosine.lifter_weights(22, 13)

    expected = [1 + 11 * np.sin(np.pi * k / 22) for k in range(13)]
    np.testing.assert_allclose(weights, expected, rtol=1e-12)


def test_lifter_of_zero_changes_nothing():
    np.testing.assert_array_equal(cosine.lifter_weights(0.0, 3), [1, 1, 1])
