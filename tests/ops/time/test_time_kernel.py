"""Tests of where kernels over time look, against loops over the frames of a clip."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from speechkit.ops.time.time_kernel import TimeKernel, time_kernel

KERNELS = [
    pytest.param(TimeKernel(1), id="one-frame"),
    pytest.param(TimeKernel(5, 1, 2), id="centred"),
    pytest.param(TimeKernel(4, 3, 3), id="causal-strided"),
    pytest.param(TimeKernel(2, 5, 1), id="gaps"),
    pytest.param(TimeKernel(6, 2, 0), id="lookahead"),
]


def windows_of(kernel, clip):
    """Returns what each output frame sees, frame by frame."""

    def frame(place):
        return clip[place] if 0 <= place < len(clip) else np.zeros_like(clip[0])

    starts = range(-kernel.left, len(clip) - kernel.left, kernel.stride)
    return [[frame(start + tap) for tap in range(kernel.length)] for start in starts]


def divide(kernel, windows):
    """Returns the frames that were put together for each output frame."""
    starts = range(0, windows.shape[1] - kernel.length + 1, kernel.stride)
    return [np.asarray(windows)[0, s : s + kernel.length] for s in starts]


@pytest.mark.parametrize("kernel", KERNELS)
@pytest.mark.parametrize("num_frames", [1, 2, 7, 12])
def test_padded_clip_holds_what_each_frame_sees(kernel, random, num_frames):
    clip = random.normal(size=(num_frames, 3)).astype("float32")

    padded = kernel.pad(clip[None])

    expected = windows_of(kernel, clip)
    assert kernel.count(num_frames) == len(expected)
    np.testing.assert_array_equal(divide(kernel, padded), expected)


@pytest.mark.parametrize("kernel", KERNELS)
@given(data=st.data())
@settings(max_examples=25, deadline=None, derandomize=True)
def test_pieces_hold_what_each_frame_sees(kernel, data):
    num_frames = data.draw(st.integers(1, 15))
    cuts = sorted(data.draw(st.lists(st.integers(0, num_frames), max_size=5)))
    clip = np.random.default_rng(num_frames).normal(size=(num_frames, 2))
    pieces = np.split(clip.astype("float32")[None], cuts, axis=1)
    state, windows, centres = kernel.start(), [], []

    for index, piece in enumerate(pieces):
        last = index == len(pieces) - 1
        new, state = kernel.next_windows(piece, state, last)
        windows += divide(kernel, new)
        centres += list(np.asarray(kernel.centres(new))[0])

    expected = windows_of(kernel, clip.astype("float32"))
    np.testing.assert_array_equal(windows, expected)
    np.testing.assert_array_equal(centres, clip.astype("float32")[:: kernel.stride])


def test_nothing_to_see_gives_no_frame():
    kernel = TimeKernel(3, 1, 1)

    outputs = kernel.apply(lambda x: 2 * x[:, 2:], np.ones((4, 2, 5), "float32"))

    assert tuple(outputs.shape) == (4, 0, 5)


@pytest.mark.parametrize(
    ("arguments", "left", "right"),
    [
        ((5, 1, "same"), 2, 2),
        ((4, 2, "same"), 1, 2),
        ((4, 1, "causal"), 3, 0),
        ((3, 1, "causal", 4), 8, 0),
        ((3, 1, "same", 3), 3, 3),
    ],
)
def test_padding_and_dilation_say_where_a_kernel_looks(arguments, left, right):
    kernel = time_kernel(*arguments)

    assert (kernel.left, kernel.right, kernel.stride) == (left, right, arguments[1])


def test_mask_of_no_mask_is_no_mask():
    assert TimeKernel(3, 2, 1).mask(None) is None
    assert TimeKernel(3, 2, 1).count(None) is None
