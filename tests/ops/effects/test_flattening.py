"""Tests of batches as one long row."""

import numpy as np
import pytest
from keras import ops

from speechkit.ops.effects import flattening


@pytest.mark.parametrize("shape", [(3, 5), (3, 5, 2), (0, 5), (3, 0)])
def test_every_clip_is_found_where_it_begins(random, shape):
    values = random.normal(size=shape).astype("float32")

    row, starts = flattening.flattened(values)

    assert starts.shape == (shape[0], 1)
    for start, clip in zip(ops.convert_to_numpy(starts)[:, 0], values, strict=True):
        np.testing.assert_array_equal(row[start : start + shape[1]], clip)


def test_every_place_of_the_row_is_read(random):
    row = random.normal(size=20).astype("float32")
    places = random.integers(20, size=(3, 7))

    np.testing.assert_array_equal(flattening.read(row, places), row[places])


def test_every_frame_of_the_row_is_read(random):
    row = random.normal(size=(20, 4)).astype("float32")
    places = random.integers(20, size=(3, 7))

    np.testing.assert_array_equal(flattening.read(row, places), row[places])
