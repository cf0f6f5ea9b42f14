"""Tests of compiled sums of logarithms against those of NumPy."""

import numpy as np
import pytest

from speechkit.ops.runtime.logarithms_numba import log_add


@pytest.mark.parametrize("first", [-np.inf, -800.0, -37.0, -1.0, 0.0, 5.0])
@pytest.mark.parametrize("second", [-np.inf, -800.0, -0.5, 0.0, 700.0])
def test_equals_numpy_and_nothing_with_nothing_is_nothing(first, second):
    expected = np.logaddexp(first, second)

    np.testing.assert_allclose(log_add(first, second), expected, rtol=1e-15, atol=1e-16)
