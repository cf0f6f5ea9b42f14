"""Tests of products of a few rows against those of NumPy in float64."""

import numba
import numpy as np
import pytest

from speechkit.ops.runtime import matmul_numba


@numba.njit
def multiply(rows, tiles, products):
    matmul_numba.multiply(rows, tiles, products)


@pytest.mark.parametrize("num_blocks", [1, 3])
@pytest.mark.parametrize(
    ("num_features", "num_columns"),
    [(1, 1), (3, 31), (7, 32), (16, 33), (256, 1024), (5, 100), (0, 7)],
)
@pytest.mark.parametrize(
    ("dtype", "tolerance"), [("float32", 3e-7), ("float64", 5e-16)]
)
def test_products_equal_those_of_numpy(
    random, num_blocks, num_features, num_columns, dtype, tolerance
):
    rows = random.normal(size=(num_blocks, matmul_numba.ROWS, num_features)).astype(
        dtype
    )
    matrix = random.normal(size=(num_features, num_columns)).astype(dtype)
    wide = np.full((num_blocks, matmul_numba.ROWS, num_columns + 31), np.nan, dtype)

    multiply(rows, matmul_numba.pack(matrix), wide)

    expected = rows.astype("float64") @ matrix.astype("float64")
    # Of a sum of so many terms the last digits of all are lost.
    largest = np.abs(rows).astype("float64") @ np.abs(matrix).astype("float64")
    error = np.abs(wide[:, :, :num_columns] - expected)
    assert np.all(error <= tolerance * max(1, num_features) ** 0.5 * largest + 1e-300)


def test_what_a_row_holds_beyond_the_features_is_not_used(random):
    rows = random.normal(size=(1, matmul_numba.ROWS, 9))
    matrix = random.normal(size=(5, 6))
    expected = rows[:, :, :5] @ matrix
    rows[:, :, 5:] = np.nan
    products = np.zeros((1, matmul_numba.ROWS, 40))

    multiply(rows, matmul_numba.pack(matrix), products)

    np.testing.assert_allclose(products[:, :, :6], expected, rtol=1e-13)


def test_a_transposed_matrix_is_packed_alike(random):
    matrix = random.normal(size=(6, 50)).astype("float32")

    np.testing.assert_array_equal(
        matmul_numba.pack(np.asfortranarray(matrix)), matmul_numba.pack(matrix)
    )
