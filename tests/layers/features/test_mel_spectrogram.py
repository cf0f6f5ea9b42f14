"""Tests of the numbers and the errors of `MelSpectrogram` against librosa."""

import librosa
import numpy as np
import pytest

from speechkit.layers import MFCC, LogMelSpectrogram, MelSpectrogram


@pytest.mark.parametrize("power", [1.0, 2.0])
@pytest.mark.parametrize(
    "options",
    [
        pytest.param({}, id="defaults"),
        pytest.param({"mel_scale": "htk", "normalization": None}, id="htk"),
        pytest.param({"min_freq": 64.0, "max_freq": 7000.0}, id="part-of-the-axis"),
        pytest.param({"window": "hamming"}, id="hamming"),
    ],
)
def test_energies_equal_librosa(waveforms, options, power):
    layer = MelSpectrogram(
        16000, frame_length=512, num_mel_bins=40, power=power, **options
    )

    energies = layer(waveforms)

    expected = librosa.feature.melspectrogram(
        y=waveforms.astype("float64"),
        sr=16000,
        n_fft=512,
        hop_length=160,
        center=False,
        power=power,
        n_mels=40,
        window=options.get("window", "hann"),
        fmin=options.get("min_freq", 0.0),
        fmax=options.get("max_freq", 8000.0),
        htk=options.get("mel_scale") == "htk",
        norm=options.get("normalization", "slaney"),
    )
    np.testing.assert_allclose(energies, np.swapaxes(expected, 1, 2), rtol=1e-4)


def test_frames_shorter_than_the_fft_equal_librosa(waveforms):
    energies = MelSpectrogram(16000)(waveforms)

    # librosa puts the window into the middle of the FFT.
    expected = librosa.feature.melspectrogram(
        y=np.pad(waveforms.astype("float64"), [[0, 0], [56, 56]]),
        sr=16000,
        n_fft=512,
        win_length=400,
        hop_length=160,
        center=False,
        n_mels=80,
    )
    np.testing.assert_allclose(energies, np.swapaxes(expected, 1, 2), rtol=1e-4)


def test_waveform_shorter_than_a_frame_has_no_frames(waveforms):
    layer = MelSpectrogram(16000, num_mel_bins=40)

    assert layer(waveforms[:, :399]).shape == (2, 0, 40)
    assert layer.compute_output_shape((2, 399)) == (2, 0, 40)


@pytest.mark.parametrize(
    ("name", "value", "accepted"),
    [
        ("sampling_rate", 16000.0, "an integer of 1 or more"),
        ("num_mel_bins", 0, "an integer of 1 or more"),
        ("min_freq", -20, "a finite number of 0 or more"),
        ("max_freq", 0, "a finite number above 0"),
        ("max_freq", "8000", "a finite number above 0"),
        ("mel_scale", "bark", "one of 'slaney', 'htk'"),
        ("triangles", "bark", "one of 'hertz', 'mel'"),
        ("normalization", "area", "one of 'slaney', None"),
        ("frame_length", 0, "an integer of 1 or more"),
    ],
)
def test_rejects_arguments_out_of_range(name, value, accepted):
    message = f"`{name}` must be {accepted}. Received: {name}={value!r}"

    with pytest.raises(ValueError, match=message):
        MelSpectrogram(**{"sampling_rate": 16000, name: value})


@pytest.mark.parametrize(
    ("min_freq", "max_freq"),
    [
        pytest.param(100.0, 8001.0, id="above-half-the-sampling-rate"),
        pytest.param(4000.0, 4000.0, id="nothing-between"),
        pytest.param(4000.0, 300.0, id="crossed"),
        pytest.param(8000.0, None, id="nothing-above"),
    ],
)
def test_rejects_frequencies_that_do_not_fit(min_freq, max_freq):
    message = (
        "`max_freq` must be above `min_freq` and at most half the sampling rate, "
        f"8000 Hz. Received: min_freq={min_freq}, max_freq={max_freq}"
    )

    with pytest.raises(ValueError, match=message):
        MelSpectrogram(16000, min_freq=min_freq, max_freq=max_freq)


def test_rejects_filters_without_a_bin():
    with pytest.raises(ValueError, match="`num_mel_bins` must be small enough"):
        MelSpectrogram(16000, frame_length=256, num_mel_bins=128)


@pytest.mark.parametrize(
    ("sampling_rate", "samples"),
    [(8000, (200, 80)), (16000, (400, 160)), (11025, (276, 110)), (48000, (1200, 480))],
)
@pytest.mark.parametrize("layer_class", [MelSpectrogram, LogMelSpectrogram, MFCC])
def test_frames_last_25_ms_every_10_ms_unless_given(
    layer_class, sampling_rate, samples
):
    layer = layer_class(sampling_rate, num_mel_bins=20)
    given = layer_class(sampling_rate, frame_length=500, frame_step=99, num_mel_bins=20)

    assert (layer.frame_length, layer.frame_step) == samples
    assert (given.frame_length, given.frame_step) == (500, 99)


@pytest.mark.parametrize("layer_class", [MelSpectrogram, LogMelSpectrogram, MFCC])
def test_a_sampling_rate_is_never_assumed(layer_class):
    with pytest.raises(TypeError, match="sampling_rate"):
        layer_class()
