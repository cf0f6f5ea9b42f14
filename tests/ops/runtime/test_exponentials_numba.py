"""Tests of compiled exponentials against those of NumPy in float64."""

import numba
import numpy as np
import pytest

from speechkit.ops.runtime.exponentials_numba import exponential_minus_one, exponentiate


@numba.njit
def minus_one(values):
    results = np.empty_like(values)
    for place in range(values.size):
        results[place] = exponential_minus_one(values[place])
    return results


# In float64, NumPy's own may be off by one in the last digit, as may these.
@pytest.mark.parametrize(
    ("dtype", "least", "error"), [("float32", -87, 1.2e-7), ("float64", -708, 4.5e-16)]
)
def test_equals_numpy_to_the_last_digit(random, dtype, least, error):
    values = np.append(random.uniform(least, 0, size=100_000), [0.0, least])
    values = values.astype(dtype)
    expected = np.exp(values.astype("float64"))

    exponentiate(values)

    np.testing.assert_allclose(values, expected, rtol=error)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_nothing_is_left_far_below_zero_and_nan_stays(dtype):
    values = np.array([-709, -1e30, -np.inf, np.nan, 0], dtype)

    exponentiate(values)

    np.testing.assert_array_equal(values, [0, 0, 0, np.nan, 1])


@pytest.mark.parametrize(
    ("dtype", "least", "error"), [("float32", -87, 2.4e-7), ("float64", -708, 4.5e-16)]
)
def test_less_one_equals_numpy_near_zero_too(random, dtype, least, error):
    values = [
        random.uniform(least, 0, size=100_000),
        -(10.0 ** random.uniform(-30, 0, size=1000)),
        [0.0, least, -1e30, -np.inf, np.nan],
    ]
    values = np.concatenate(values).astype(dtype)

    results = minus_one(values)

    assert results.dtype == dtype
    np.testing.assert_allclose(results, np.expm1(values.astype("float64")), rtol=error)
