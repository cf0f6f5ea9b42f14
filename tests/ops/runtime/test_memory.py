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
