"""Tests of `LengthMasking`: what becomes of samples beyond a length."""

import numpy as np
import pytest

from speechkit.layers import LengthMasking
from speechkit.ops.time.masks import get_mask


@pytest.mark.parametrize("shape", [(4, 6), (4, 6, 3)], ids=["waveforms", "features"])
def test_values_behind_the_length_become_zero(random, shape):
    values = random.normal(size=shape).astype("float32")
    lengths = np.array([6, 3, 0, 9], dtype="int32")
    dirty = values.copy()
    dirty[1, 3:] = np.nan

    outputs = LengthMasking()([dirty, lengths])

    expected = values.copy()
    expected[1, 3:], expected[2] = 0, 0
    np.testing.assert_array_equal(outputs, expected)


@pytest.mark.parametrize("dtype", ["int32", "int64"])
def test_mask_says_where_a_clip_ends(dtype):
    values, lengths = np.ones((4, 6), "float32"), np.array([6, 3, 0, 9], dtype=dtype)

    mask = get_mask(LengthMasking()([values, lengths]))

    expected = [[place < length for place in range(6)] for length in lengths]
    np.testing.assert_array_equal(mask, expected)
