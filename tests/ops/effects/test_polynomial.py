"""Tests of polynomials against numpy's."""

import numpy as np
import pytest

from speechkit.ops.effects.polynomial import polynomial


@pytest.mark.parametrize("degree", [1, 2, 5])
def test_polynomial_is_that_of_numpy(random, degree):
    coefficients = random.normal(size=degree + 1)
    values = random.normal(size=(3, 4))

    expected = np.polynomial.Polynomial(coefficients)(values)

    np.testing.assert_allclose(polynomial(coefficients, values), expected, rtol=1e-12)
