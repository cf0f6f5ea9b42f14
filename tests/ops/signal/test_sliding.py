"""Tests of sliding windows against NumPy."""

import numpy as np
import pytest

from speechkit.ops.signal.sliding import sliding_window, window_moments


@pytest.mark.parametrize("num_frames", [1, 3, 4, 9])
def test_centred_windows_move_at_the_ends(num_frames):
    starts, ends = sliding_window(np.arange(num_frames), num_frames, 4, 1, True)

    expected = [
        (min(max(time - 2, 0), max(num_frames - 4, 0)), 4) for time in range(num_frames)
    ]
    assert list(zip(np.asarray(starts), np.asarray(ends - starts), strict=True)) == [
        (start, min(length, num_frames)) for start, length in expected
    ]


def test_moments_equal_numpy(random):
    values = random.normal(size=(2, 9, 3))
    starts, ends = np.array([0, 2, 8]), np.array([9, 5, 9])

    mean, variance = window_moments(values, starts, ends)

    parts = [values[:, start:end] for start, end in zip(starts, ends, strict=True)]
    expected = np.stack([part.mean(axis=1) for part in parts], axis=1)
    np.testing.assert_allclose(mean, expected, atol=1e-12)
    expected = np.stack([part.var(axis=1) for part in parts], axis=1)
    np.testing.assert_allclose(variance, expected, atol=1e-12)
