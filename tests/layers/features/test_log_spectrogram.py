"""Tests of the numbers and the errors of `LogSpectrogram` against SciPy."""

import numpy as np
import pytest
import scipy.signal

from speechkit.layers import LogSpectrogram


def test_values_equal_the_logarithm_of_scipys_power(waveforms):
    spectra = LogSpectrogram(320, 160, fft_length=320, window="hamming")(waveforms)

    _, _, transform = scipy.signal.stft(
        waveforms.astype("float64"),
        window="hamming",
        nperseg=320,
        noverlap=160,
        boundary=None,
        padded=False,
    )
    # SciPy divides by the sum of the window.
    total = scipy.signal.get_window("hamming", 320).sum()
    expected = 2 * np.log(np.abs(np.swapaxes(transform, 1, 2)) * total)
    assert spectra.shape == (2, 9, 161)
    np.testing.assert_allclose(spectra, expected, atol=1e-3)


def test_silence_is_at_the_floor():
    spectra = LogSpectrogram(320, 160, floor=1e-6)(np.zeros((1, 1600), "float32"))

    np.testing.assert_allclose(spectra, np.log(1e-6), rtol=1e-6)


def test_rejects_a_floor_of_zero():
    with pytest.raises(ValueError, match="`floor` must be a finite number above 0"):
        LogSpectrogram(400, 160, floor=0.0)
