"""Tests of the way back from spectra to a waveform."""

import numpy as np
import pytest

from speechkit.ops.signal.overlap_add import inverse_fourier_transform, overlap_add


@pytest.mark.parametrize("length", [1, 2, 3, 8, 9, 30])
def test_inverse_transform_equals_numpy(random, length):
    real, imaginary = random.normal(size=(2, 2, 3, 1 + length // 2))

    signals = inverse_fourier_transform(real, imaginary, length)

    expected = np.fft.irfft(real + 1j * imaginary, length)
    np.testing.assert_allclose(signals, expected, atol=1e-12)


@pytest.mark.parametrize("num_frames", [0, 1, 2, 7])
@pytest.mark.parametrize("step", [1, 3, 4, 5, 9])
def test_sum_of_frames_equals_numpy(random, num_frames, step):
    frames = random.normal(size=(2, num_frames, 5))

    samples = overlap_add(frames, step)

    expected = np.zeros((2, (num_frames - 1) * step + 5 if num_frames else 0))
    for index in range(num_frames):
        expected[:, index * step : index * step + 5] += frames[:, index]
    np.testing.assert_allclose(samples, expected, atol=1e-12)
