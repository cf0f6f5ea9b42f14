"""Tests of the numbers and the errors of `Spectrogram` against SciPy and librosa."""

import librosa
import numpy as np
import pytest
import scipy.signal
import tensorflow as tf

from contract.masks import masked
from speechkit.layers import Spectrogram
from speechkit.ops.time.masks import get_mask


@pytest.mark.parametrize("power", [1.0, 2.0])
@pytest.mark.parametrize(
    ("window", "scipy_name"),
    [("hann", "hann"), ("hamming", "hamming"), ("rectangular", "boxcar")],
)
def test_spectrum_equals_scipy(waveforms, window, scipy_name, power):
    spectra = Spectrogram(400, 160, fft_length=400, window=window, power=power)(
        waveforms
    )

    _, _, transform = scipy.signal.stft(
        waveforms.astype("float64"),
        window=scipy_name,
        nperseg=400,
        noverlap=400 - 160,
        boundary=None,
        padded=False,
    )
    # SciPy divides by the sum of the window.
    magnitude = np.abs(transform) * scipy.signal.get_window(scipy_name, 400).sum()
    expected = np.swapaxes(magnitude, 1, 2) ** power
    assert spectra.shape == (2, 8, 201)
    np.testing.assert_allclose(spectra, expected, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("power", [1.0, 2.0, 0.5])
@pytest.mark.parametrize(
    ("frame_length", "fft_length"),
    [
        pytest.param(512, 512, id="whole-fft"),
        pytest.param(400, 512, id="shorter-frames"),
        pytest.param(25, 64, id="short-frames"),
    ],
)
def test_spectrum_equals_librosa(waveforms, frame_length, fft_length, power):
    spectra = Spectrogram(frame_length, 160, fft_length=fft_length, power=power)(
        waveforms
    )

    # librosa puts a short window into the middle of the FFT, which turns phases only.
    front = (fft_length - frame_length) // 2
    transform = librosa.stft(
        np.pad(waveforms, [[0, 0], [front, fft_length - frame_length - front]]),
        n_fft=fft_length,
        hop_length=160,
        win_length=frame_length,
        center=False,
    )
    expected = np.swapaxes(np.abs(transform), 1, 2) ** power
    np.testing.assert_allclose(spectra, expected, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize(
    ("frame_length", "fft_length"), [(1, 1), (2, 2), (257, 512), (400, 512), (512, 512)]
)
def test_fft_length_is_the_next_power_of_two(frame_length, fft_length):
    shape = Spectrogram(frame_length, 160).compute_output_shape((2, 1600))

    assert shape[-1] == 1 + fft_length // 2


def test_sine_stands_in_its_bin():
    sine = np.sin(2 * np.pi * 1000 / 16000 * np.arange(1600, dtype="float32"))[None]

    spectra = np.asarray(Spectrogram(512, 160, power=1.0)(sine))[0]

    # Amplitude 1 times half the sum of the window, and half of that beside it.
    np.testing.assert_array_equal(spectra.argmax(axis=1), 1000 * 512 // 16000)
    np.testing.assert_allclose(spectra[:, 31:34], [[64, 128, 64]] * 7, rtol=1e-4)


@pytest.mark.parametrize("power", [1.0, 2.0, 0.5])
def test_digital_silence_has_a_finite_gradient(power):
    silence = tf.zeros((1, 1600))

    with tf.GradientTape() as tape:
        tape.watch(silence)
        spectra = Spectrogram(400, 160, power=power)(silence)
    gradient = tape.gradient(spectra, silence)

    np.testing.assert_array_equal(spectra, np.zeros((1, 8, 257)))
    np.testing.assert_array_equal(gradient, np.zeros((1, 1600)))


@pytest.mark.parametrize("fft_length", [400, 512])
@pytest.mark.parametrize("samples", [0, 1, 399])
def test_waveform_shorter_than_a_frame_has_no_frames(waveforms, samples, fft_length):
    layer = Spectrogram(400, 160, fft_length=fft_length)

    spectra = layer(waveforms[:, :samples])

    assert spectra.shape == (2, 0, 1 + fft_length // 2)
    assert layer.compute_output_shape((2, samples)) == spectra.shape


def test_frame_is_valid_if_all_of_its_samples_are(waveforms):
    padded = masked(waveforms, [720, 719])

    mask = np.asarray(get_mask(Spectrogram(400, 160)(padded)))

    np.testing.assert_array_equal(mask.sum(axis=1), [3, 2])


@pytest.mark.parametrize(
    ("name", "value", "accepted"),
    [
        ("frame_length", 0, "an integer of 1 or more"),
        ("frame_step", 2.5, "an integer of 1 or more"),
        ("fft_length", 512.0, "an integer of 1 or more"),
        ("fft_length", 399, "at least `frame_length`"),
        ("window", "kaiser", "one of 'hann', 'hamming', .* 'hann_half'"),
        ("power", 0, "a finite number above 0"),
    ],
)
def test_rejects_arguments_out_of_range(name, value, accepted):
    message = f"`{name}` must be {accepted}. Received: {name}={value!r}"

    with pytest.raises(ValueError, match=message):
        Spectrogram(**{"frame_length": 400, "frame_step": 160, name: value})
