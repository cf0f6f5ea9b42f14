"""Tests of compiled activations against those of SciPy and NumPy in float64."""

import numba
import numpy as np
import pytest
import scipy.special

from speechkit.ops.recurrence.compiled import activations_numba


def of_all(function):
    """Returns a compiled function that calls another for each number."""

    @numba.njit
    def call(values):
        results = np.empty_like(values)
        for place in range(values.size):
            results[place] = function(values[place])
        return results

    return call


sigmoid = of_all(activations_numba.sigmoid)
tanh = of_all(activations_numba.tanh)


@pytest.mark.parametrize(
    ("function", "judge"), [(sigmoid, scipy.special.expit), (tanh, np.tanh)]
)
@pytest.mark.parametrize(
    ("dtype", "least", "error"), [("float32", -80, 4e-7), ("float64", -700, 1e-15)]
)
def test_all_digits_equal_those_of_the_judge(
    random, function, judge, dtype, least, error
):
    values = [
        random.uniform(least, -least, size=10_000),
        random.normal(size=10_000),
        10.0 ** random.uniform(-30, 0, size=1000),
        -(10.0 ** random.uniform(-30, 0, size=1000)),
    ]
    values = np.concatenate(values).astype(dtype)

    results = function(values)

    assert results.dtype == dtype
    np.testing.assert_allclose(results, judge(values.astype("float64")), rtol=error)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_what_is_infinite_zero_or_no_number(dtype):
    values = np.array([-np.inf, -1e30, -0.0, 0, 1e30, np.inf, np.nan], dtype)

    np.testing.assert_array_equal(sigmoid(values), [0, 0, 0.5, 0.5, 1, 1, np.nan])
    np.testing.assert_array_equal(tanh(values), [-1, -1, 0, 0, 1, 1, np.nan])
    assert np.signbit(tanh(values)[2])
