"""Tests of the compiled softmax against that of SciPy."""

import numpy as np
import pytest
import scipy.special

from speechkit.ops.ctc.compiled import softmax_numba


def softmax(logits, weight):
    best, inverse_sums = np.empty((2, len(logits)), logits.dtype)
    result = np.empty_like(logits)
    softmax_numba.normalizers(logits, best, inverse_sums)
    softmax_numba.softmax(logits, best, inverse_sums, weight, result)
    return result


@pytest.mark.parametrize("classes", [1, 2, 3, 30, 5000])
# A difference of up to 87 is rounded to 4e-6 in float32, as is its exponential.
@pytest.mark.parametrize(("dtype", "error"), [("float32", 5e-6), ("float64", 1e-14)])
def test_equals_scipy_for_any_number_of_classes(random, classes, dtype, error):
    logits = random.normal(scale=20, size=(300, classes)).astype(dtype)

    weighted = softmax(logits, logits.dtype.type(-3))

    expected = -3 * scipy.special.softmax(logits.astype("float64"), axis=1)
    np.testing.assert_allclose(weighted, expected, rtol=error, atol=1e-36)


def test_excluded_classes_have_no_share_and_nan_is_for_its_frame(random):
    logits = random.normal(size=(3, 6)).astype("float32")
    logits[0, 4], logits[1, 5] = -np.inf, np.nan

    shares = softmax(logits, np.float32(1))

    np.testing.assert_allclose(shares[0], scipy.special.softmax(logits[0]), rtol=1e-6)
    assert np.isnan(shares[1]).all()
    np.testing.assert_allclose(shares[2], scipy.special.softmax(logits[2]), rtol=1e-6)
