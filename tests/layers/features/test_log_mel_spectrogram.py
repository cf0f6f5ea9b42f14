"""Tests of the numbers and the errors of `LogMelSpectrogram` against librosa."""

import librosa
import numpy as np
import pytest
import tensorflow as tf

from speechkit.layers import LogMelSpectrogram


def test_logarithms_equal_librosa_within_a_hundredth_of_a_decibel(waveforms):
    # From loud to far below the floor, 12 dB a step.
    waveforms = waveforms[:1] * 10 ** (-0.6 * np.arange(12, dtype="float32")[:, None])

    logs = LogMelSpectrogram(16000, 512, 160, num_mel_bins=40, floor=1e-8)(waveforms)

    expected = librosa.feature.melspectrogram(
        y=waveforms.astype("float64"),
        sr=16000,
        n_fft=512,
        hop_length=160,
        center=False,
        n_mels=40,
    )
    expected = 10 * np.log10(np.maximum(np.swapaxes(expected, 1, 2), 1e-8))
    assert (expected == -80).any()
    np.testing.assert_allclose(np.asarray(logs) * 10 / np.log(10), expected, atol=0.01)


@pytest.mark.parametrize("power", [1.0, 2.0])
def test_digital_silence_is_the_floor_with_a_finite_gradient(power):
    silence = tf.zeros((1, 1600))

    with tf.GradientTape() as tape:
        tape.watch(silence)
        logs = LogMelSpectrogram(num_mel_bins=20, floor=1e-6, power=power)(silence)
    gradient = tape.gradient(logs, silence)

    np.testing.assert_allclose(logs, np.full((1, 8, 20), np.log(1e-6)), rtol=1e-6)
    np.testing.assert_array_equal(gradient, np.zeros((1, 1600)))


def test_waveform_shorter_than_a_frame_has_no_frames(waveforms):
    layer = LogMelSpectrogram(num_mel_bins=40)

    assert layer(waveforms[:, :399]).shape == (2, 0, 40)
    assert layer.compute_output_shape((2, 399)) == (2, 0, 40)


@pytest.mark.parametrize("value", [0, -1.0, float("inf"), "1e-10", None])
def test_rejects_floors_without_a_logarithm(value):
    message = f"`floor` must be a finite number above 0. Received: floor={value!r}"

    with pytest.raises(ValueError, match=message):
        LogMelSpectrogram(floor=value)
