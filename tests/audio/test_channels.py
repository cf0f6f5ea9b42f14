"""Tests of `mono`."""

import numpy as np
import pytest

from speechkit.audio import mono


@pytest.mark.parametrize("num_channels", [1, 2, 3])
def test_mono_is_the_mean_of_the_channels(random, num_channels):
    waveform = random.normal(size=(50, num_channels)).astype("float32")

    mixed = mono(waveform)

    expected = [sum(map(float, sample)) / num_channels for sample in waveform]
    np.testing.assert_allclose(mixed, expected, rtol=1e-6, atol=1e-7)
    assert (mixed.shape, mixed.dtype) == ((50,), np.float32)


def test_one_channel_without_an_axis_stays(tone):
    assert mono(tone) is tone


@pytest.mark.parametrize("shape", [(), (2, 3, 4), (3, 0)])
def test_rejects_other_shapes(shape):
    with pytest.raises(ValueError, match=r"`waveform` must have shape .* Received: "):
        mono(np.zeros(shape))


def test_rejects_integers():
    with pytest.raises(TypeError, match=r"floating point.* Received: dtype=int16"):
        mono(np.zeros(5, np.int16))
