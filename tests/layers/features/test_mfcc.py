"""Tests of the errors and edges of `MFCC`; `test__presets` has its numbers."""

import numpy as np
import pytest

from speechkit.layers import MFCC, LogMelSpectrogram


def test_without_transform_coefficient_0_is_the_sum_of_the_logarithms(waveforms):
    cepstra = MFCC(16000, num_mel_bins=16, num_coefficients=1)(waveforms)

    logs = np.asarray(LogMelSpectrogram(16000, num_mel_bins=16)(waveforms))
    expected = logs.sum(axis=2, keepdims=True) / np.sqrt(16)
    np.testing.assert_allclose(cepstra, expected, rtol=1e-5)


def test_digital_silence_has_finite_cepstra():
    cepstra = MFCC.from_preset("kaldi", 16000)(np.zeros((1, 1600), "float32"))

    np.testing.assert_allclose(cepstra[0, :, 0], np.full(8, np.log(2.0**-23)), 1e-6)
    assert np.isfinite(cepstra).all()


@pytest.mark.parametrize(
    ("name", "value", "accepted"),
    [
        ("num_coefficients", 0, "an integer of 1 or more"),
        ("num_coefficients", 81, "at most `num_mel_bins`"),
        ("lifter", -1, "a finite number of 0 or more"),
    ],
)
def test_rejects_arguments_out_of_range(name, value, accepted):
    message = f"`{name}` must be {accepted}. Received: {name}={value!r}"

    with pytest.raises(ValueError, match=message):
        MFCC(16000, **{name: value})
