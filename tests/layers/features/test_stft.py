"""Tests of the numbers of `STFT` against librosa and finite differences."""

import librosa
import numpy as np
import pytest
import tensorflow as tf

from speechkit.layers import MFCC, STFT, LogMelSpectrogram, Spectrogram


@pytest.mark.parametrize("transform", ["fft", "matrix"])
@pytest.mark.parametrize(
    ("padding", "padding_mode", "options"),
    [
        pytest.param("valid", "zeros", {"center": False}, id="valid"),
        pytest.param("center", "zeros", {"pad_mode": "constant"}, id="center"),
        pytest.param("center", "reflect", {"pad_mode": "reflect"}, id="reflect"),
    ],
)
def test_transform_equals_librosa(waveforms, padding, padding_mode, options, transform):
    layer = STFT(
        256, 100, padding=padding, padding_mode=padding_mode, transform=transform
    )

    spectra = np.asarray(layer(waveforms))

    expected = librosa.stft(
        waveforms.astype("float64"), n_fft=256, hop_length=100, **options
    )
    expected = np.swapaxes(expected, 1, 2)
    np.testing.assert_allclose(spectra[..., 0], expected.real, atol=1e-5)
    np.testing.assert_allclose(spectra[..., 1], expected.imag, atol=1e-5)


def test_sample_scale_multiplies_the_samples(waveforms):
    scaled = STFT(256, 100, sample_scale=32768.0)(waveforms)

    expected = STFT(256, 100)(32768 * waveforms)
    np.testing.assert_allclose(scaled, expected, rtol=1e-5, atol=1e-2)


@pytest.mark.parametrize(
    "layer",
    [
        pytest.param(STFT(16, 6, dtype="float64"), id="stft"),
        pytest.param(Spectrogram(16, 6, power=1.0, dtype="float64"), id="magnitude"),
        pytest.param(
            LogMelSpectrogram.from_preset(
                "kaldi",
                16000,
                frame_length=64,
                frame_step=20,
                num_mel_bins=6,
                padding="middle",
                padding_mode="symmetric",
                dtype="float64",
            ),
            id="kaldi",
        ),
        pytest.param(
            LogMelSpectrogram(
                16000,
                frame_length=64,
                frame_step=20,
                num_mel_bins=6,
                transform="matrix",
                padding="center",
                padding_mode="reflect",
                dtype="float64",
            ),
            id="matrix",
        ),
        pytest.param(
            MFCC.from_preset(
                "kaldi",
                16000,
                frame_length=64,
                frame_step=20,
                num_mel_bins=6,
                num_coefficients=4,
                dtype="float64",
            ),
            id="mfcc",
        ),
    ],
)
def test_gradient_equals_finite_differences(layer, random):
    waveform = tf.constant(random.normal(size=(1, 90)))

    with tf.GradientTape() as tape:
        tape.watch(waveform)
        value = tf.reduce_sum(tf.sin(layer(waveform)))
    gradient = tape.gradient(value, waveform)[0]

    moved = waveform + 1e-6 * np.concatenate([np.eye(90), -np.eye(90)])
    values = tf.reduce_sum(tf.reshape(tf.sin(layer(moved)), (180, -1)), axis=1)
    differences = (values[:90] - values[90:]) / 2e-6
    np.testing.assert_allclose(gradient, differences, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize(
    ("name", "value", "accepted"),
    [
        ("pre_emphasis", 1.0, "a number of 0 or more and below 1"),
        ("sample_scale", 0, "a finite number above 0"),
        ("transform", "dct", "one of 'fft', 'matrix'"),
        ("padding", "same", "one of 'valid', 'center', 'middle' or two integers"),
    ],
)
def test_rejects_arguments_out_of_range(name, value, accepted):
    with pytest.raises(ValueError, match=f"`{name}` must be {accepted}"):
        STFT(400, 160, **{name: value})
