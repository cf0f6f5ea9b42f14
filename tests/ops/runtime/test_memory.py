"""Tests of arrays that TensorFlow takes as they are."""

import numpy as np
import pytest
import tensorflow as tf

from speechkit.ops.runtime import memory


def place_of(array):
    return array.__array_interface__["data"][0]


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("shape", [(3, 5, 7), (0, 2), (), (100, 3, 500)])
def test_arrays_have_their_shape_and_begin_where_tensorflow_need_not_copy(shape, dtype):
    array = memory.empty(shape, np.dtype(dtype))

    assert array.shape == shape
    assert array.dtype == dtype
    assert array.flags.c_contiguous
    assert array.flags.writeable
    assert array.size == 0 or place_of(array) % 64 == 0
    array[...] = 1
    np.testing.assert_array_equal(array, np.ones(shape))


def test_a_tensor_keeps_its_memory():
    def ones():
        array = memory.empty((300, 300), np.dtype("float32"))
        array[...] = 1
        return array

    tensor = tf.numpy_function(ones, (), tf.float32)
    other = memory.empty((300, 300), np.dtype("float32"))
    other[...] = 2

    np.testing.assert_array_equal(tensor, np.ones((300, 300)))


@pytest.fixture
def unused(monkeypatch):
    """Returns the memory that no array uses: none in the beginning."""
    monkeypatch.setattr(memory, "_unused", [])
    return memory._unused


def test_memory_is_used_again_when_the_last_view_is_gone(unused):
    array = memory.empty((1000, 100), np.dtype("float32"))
    place, view = place_of(array), array[5:].T
    del array
    assert unused == []

    del view
    again = memory.empty((990, 50, 2), np.dtype("float32"))
    assert place_of(again) == place
    assert unused == []


def test_arrays_in_use_share_no_memory(unused):
    arrays = [memory.empty((300, 300), np.dtype("float64")) for _ in range(5)]
    for number, array in enumerate(arrays):
        array[...] = number

    assert [array.mean() for array in arrays] == [0, 1, 2, 3, 4]


def test_no_more_is_kept_than_a_limit(unused, monkeypatch):
    monkeypatch.setattr(memory, "_MOST_KEPT", 2**20)
    arrays = [memory.empty((1000, 100), np.dtype("float32")) for _ in range(9)]
    del arrays
    memory.empty((1000, 1000), np.dtype("float32"))

    assert sum(row.size for row in unused[:-1]) <= 2**20
