"""Tests of the windows that a stream holds, against slices of the whole clip."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from speechkit.ops.time.held_windows import HeldWindows

WINDOWS = st.builds(
    HeldWindows,
    size=st.integers(1, 6),
    stride=st.integers(1, 7),
    left=st.integers(0, 5),
    kept=st.integers(0, 4),
)


@given(windows=WINDOWS, pieces=st.lists(st.integers(0, 9), min_size=1, max_size=6))
@settings(max_examples=60, deadline=None, derandomize=True)
def test_windows_of_pieces_are_slices_of_the_clip(windows, pieces):
    clip = np.arange(1, 1 + sum(pieces), dtype="float32")
    state, found = windows.start(), []

    for piece in np.split(clip[None], np.cumsum(pieces)[:-1], axis=1):
        steps, state = windows.advance(piece, state)
        starts = range(0, steps.shape[1], windows.stride)
        found += [np.asarray(steps)[0, s : s + windows.size] for s in starts]
        found = [window for window in found if len(window) == windows.size]

    padded = np.pad(clip, (windows.left, 0))
    starts = range(0, len(padded) - windows.size + 1, windows.stride)
    np.testing.assert_array_equal(found, [padded[s : s + windows.size] for s in starts])


@given(windows=WINDOWS, pieces=st.lists(st.integers(1, 9), min_size=1, max_size=6))
@settings(max_examples=30, deadline=None, derandomize=True)
def test_the_last_steps_are_kept(windows, pieces):
    clip = np.arange(1, 1 + sum(pieces), dtype="float32")
    state = windows.start()

    for piece in np.split(clip[None], np.cumsum(pieces)[:-1], axis=1):
        _, state = windows.advance(piece, state)

    ((held,), _) = state
    kept = min(windows.kept, len(clip))
    np.testing.assert_array_equal(held[0, len(held[0]) - kept :], clip[-kept or 99 :])


def test_steps_may_have_any_other_axes():
    steps, state = HeldWindows(3, 2, left=1).advance(np.ones((2, 4, 5, 1)), ((), 0))

    assert tuple(steps.shape) == (2, 5, 5, 1)
    assert tuple(state[0][0].shape) == (2, 1, 5, 1)
