"""Tests of `spectrogram` against NumPy's FFT of each frame."""

import keras
import numpy as np
import pytest

from speechkit.ops import spectrum


@pytest.mark.parametrize("power", [1.0, 2.0, 0.6])
@pytest.mark.parametrize("fft_length", [400, 512, 513])
def test_spectrum_equals_numpy_frame_by_frame(waveforms, random, fft_length, power):
    window = random.uniform(size=400).astype("float32")

    spectra = spectrum.spectrogram(
        keras.ops.array(waveforms), keras.ops.array(window), 160, fft_length, power
    )

    starts = range(0, 1600 - 400 + 1, 160)
    frames = np.stack([waveforms[:, s : s + 400] * window for s in starts], axis=1)
    expected = np.abs(np.fft.rfft(frames, fft_length)) ** power
    np.testing.assert_allclose(spectra, expected, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("fft_length", [400, 512])
def test_waveform_shorter_than_a_frame_has_no_spectrum(waveforms, fft_length):
    spectra = spectrum.spectrogram(
        keras.ops.array(waveforms[:, :399]), np.ones(400, "f"), 160, fft_length, 2.0
    )

    assert spectra.shape == (2, 0, 1 + fft_length // 2)
