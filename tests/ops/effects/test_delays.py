"""Tests of clips moved along time against NumPy's rolls and interpolation."""

import numpy as np
import pytest

from speechkit.ops.effects import delays


@pytest.mark.parametrize("delay", [0, 1, 4, 9, 30, -1, -9, -30])
def test_a_delayed_clip_is_shifted_and_padded_with_zeros(random, delay):
    waveforms = random.normal(size=(3, 9)).astype("float32")

    shifted = delays.delayed(waveforms, np.array([0, delay, 2]))

    padded = np.pad(waveforms, [[0, 0], [30, 30]])
    expected = [
        np.roll(row, by)[30:39] for row, by in zip(padded, [0, delay, 2], strict=True)
    ]
    np.testing.assert_array_equal(shifted, expected)


def test_between_samples_a_clip_is_read_linearly(random):
    waveforms = random.normal(size=(2, 50)).astype("float32")
    late = random.uniform(0, 60, size=(2, 50)).astype("float32")

    read = delays.delayed_between(waveforms, late)

    times, places = np.arange(-1, 50), np.arange(50) - late
    expected = [
        np.interp(place, times, [0, *row], left=0)
        for place, row in zip(places, waveforms, strict=True)
    ]
    np.testing.assert_allclose(read, expected, atol=1e-5)


def test_a_clip_without_samples_stays_one():
    empty = np.zeros((2, 0), "float32")

    assert tuple(delays.delayed(empty, np.array([1, -1])).shape) == (2, 0)
    assert tuple(delays.delayed_between(empty, empty).shape) == (2, 0)
