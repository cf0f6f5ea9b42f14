"""Tests of memory that is used again."""

import gc

import numpy as np
import pytest
import tensorflow as tf

from speechkit.ops.runtime import memory


@pytest.fixture(autouse=True)
def unused(monkeypatch):
    """Returns the memory that no array uses: none in the beginning."""
    store = memory._Store()
    monkeypatch.setattr(memory, "_store", store)
    return store.unused


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


def test_memory_is_used_again_when_the_last_view_is_gone(unused):
    array = memory.empty((1000, 100), np.dtype("float32"))
    place, view = place_of(array), array[5:].T
    del array
    gc.collect()
    assert unused == []

    del view
    gc.collect()
    assert len(unused) == 1
    again = memory.empty((900, 50, 2), np.dtype("float32"))
    assert place_of(again) == place
    assert unused == []


def test_arrays_in_use_do_not_share_memory():
    arrays = [memory.empty((300, 300), np.dtype("float64")) for _ in range(5)]
    for number, array in enumerate(arrays):
        array[...] = number

    assert [array.mean() for array in arrays] == [0, 1, 2, 3, 4]


def test_a_tensor_keeps_its_memory(unused):
    def ones():
        array = memory.empty((300, 300), np.dtype("float32"))
        array[...] = 1
        return array

    tensor = tf.numpy_function(ones, (), tf.float32)
    other = memory.empty((300, 300), np.dtype("float32"))
    other[...] = 2

    np.testing.assert_array_equal(tensor, np.ones((300, 300)))


def step_of_sizes(sizes):
    """Takes arrays of so many numbers, all at once, and gives them back."""
    arrays = [memory.empty((size,), np.dtype("float32")) for size in sizes]
    del arrays
    gc.collect()


def test_what_is_taken_in_each_step_is_new_in_the_first_alone(unused, monkeypatch):
    sizes = [4_915_200, 1_228_800, 1_232_896, 1_228_800, 66_560, 262_144]
    step_of_sizes(sizes)
    monkeypatch.setattr(memory.mmap, "mmap", None)

    for _ in range(3):
        step_of_sizes(sizes)
        step_of_sizes(sizes[::-1])
        for size in sizes:  # one after the other
            step_of_sizes([size])

    assert len(unused) == len(sizes)


def test_little_arrays_do_not_take_much_memory(unused):
    step_of_sizes([1_000_000])

    little = memory.empty((300, 300), np.dtype("float32"))

    assert [row.size >= 4_000_000 for row in unused] == [True]
    del little
    gc.collect()
    assert [row.size < 400_000 for row in unused] == [False, True]


@pytest.mark.parametrize("sizes", [[3e5, 4e5, 5e5, 6e5], [6e5, 5e5, 4e5, 3e5]])
def test_not_much_more_is_kept_than_was_in_use_at_once(unused, sizes):
    for size in sizes:
        step_of_sizes([int(size)])
        assert sum(row.size for row in unused) <= 1.25 * 1.125 * 4 * max(sizes)


def test_no_more_is_kept_than_a_limit(unused, monkeypatch):
    monkeypatch.setattr(memory, "_MOST_KEPT", 2**20)
    arrays = [memory.empty((1000, 100), np.dtype("float32")) for _ in range(9)]
    del arrays
    gc.collect()

    memory.empty((1000, 1000), np.dtype("float32"))

    assert sum(row.size for row in unused[:-1]) <= 2**20
    assert len(unused) > 1
