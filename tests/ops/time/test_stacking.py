"""Tests of the frames that stand in a stack, whole and in pieces."""

import keras
import numpy as np
import pytest

from speechkit.ops.time.stacking import Stacking


@pytest.mark.parametrize(("size", "stride"), [(1, 1), (2, 2), (3, 2), (2, 5), (1, 3)])
@pytest.mark.parametrize("cuts", [(), (1, 2), (4, 4, 6)])
def test_stacks_are_the_frames_that_numpy_slices(size, stride, cuts):
    frames = np.arange(22.0).reshape(1, 11, 2)
    stacking = Stacking(size, stride)
    starts = range(0, 11 - size + 1, stride)
    expected = [frames[0, start : start + size].ravel() for start in starts]

    state, pieces = stacking.start(), []
    for piece in np.split(frames, cuts, axis=1):
        stacks, state = stacking.next_stacks(keras.ops.array(piece), state)
        pieces.append(np.asarray(stacks))

    np.testing.assert_array_equal(np.concatenate(pieces, axis=1), [expected])
    np.testing.assert_array_equal(stacking.stacks(keras.ops.array(frames)), [expected])
    assert stacking.output_shape((1, 11, 2)) == (1, len(expected), 2 * size)


def test_a_stack_is_valid_if_its_last_frame_is():
    mask = keras.ops.array([[True] * 5 + [False] * 2, [True] * 6 + [False]])

    stacked = Stacking(3, 2).mask(mask)

    np.testing.assert_array_equal(stacked, [[1, 1, 0], [1, 1, 0]])
    assert Stacking(3, 2).mask(None) is None
