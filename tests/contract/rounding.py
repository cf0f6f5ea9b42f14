"""When two computations of the same numbers count as equal."""

import numpy as np


def assert_equal_but_for_rounding(values, expected):
    """Checks that values differ by the rounding of the largest of them at most."""
    expected = np.asarray(expected)
    largest = np.abs(expected).max(initial=1.0)
    np.testing.assert_allclose(values, expected, rtol=1e-5, atol=1e-6 * largest)
