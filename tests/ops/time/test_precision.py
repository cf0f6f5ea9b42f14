"""Tests of `working_dtype`."""

import pytest

from speechkit.ops.time import precision


@pytest.mark.parametrize(
    ("compute_dtype", "expected"),
    [
        ("float16", "float32"),
        ("bfloat16", "float32"),
        ("float32", "float32"),
        ("float64", "float64"),
    ],
)
def test_working_dtype_is_at_least_single_precision(compute_dtype, expected):
    assert precision.working_dtype(compute_dtype) == expected
