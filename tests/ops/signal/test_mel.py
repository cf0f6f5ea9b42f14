"""Tests of the mel scale and its filters against librosa."""

import keras
import librosa
import numpy as np
import pytest

from speechkit.ops.signal import mel

SCALES = [
    pytest.param("slaney", False, id="slaney"),
    pytest.param("htk", True, id="htk"),
]


@pytest.mark.parametrize(("scale", "htk"), SCALES)
def test_hertz_to_mel_equals_librosa(scale, htk):
    frequencies = np.array([0.0, 20.0, 999.9, 1000.0, 1000.1, 4000.0, 24000.0])

    mels = mel.hertz_to_mel(frequencies, scale)

    expected = librosa.hz_to_mel(frequencies, htk=htk)
    np.testing.assert_allclose(mels, expected, rtol=1e-12)


@pytest.mark.parametrize(("scale", "htk"), SCALES)
def test_mel_to_hertz_equals_librosa(scale, htk):
    mels = np.array([0.0, 0.3, 14.99, 15.0, 15.01, 40.0, 60.0])

    frequencies = mel.mel_to_hertz(mels, scale)

    expected = librosa.mel_to_hz(mels, htk=htk)
    np.testing.assert_allclose(frequencies, expected, rtol=1e-12)


@pytest.mark.parametrize("scale", mel.SCALES)
def test_there_and_back_is_the_same_frequency(scale, random):
    frequencies = random.uniform(0, 24000, size=1000)

    back = mel.mel_to_hertz(mel.hertz_to_mel(frequencies, scale), scale)

    np.testing.assert_allclose(back, frequencies, rtol=1e-12, atol=1e-9)


@pytest.mark.parametrize("normalization", ["slaney", None])
@pytest.mark.parametrize(("scale", "htk"), SCALES)
@pytest.mark.parametrize(
    ("num_mel_bins", "fft_length", "sampling_rate", "min_freq", "max_freq"),
    [
        pytest.param(80, 1024, 16000, 0.0, 8000.0, id="whole-axis"),
        pytest.param(40, 512, 16000, 20.0, 7600.0, id="cut-at-both-ends"),
        pytest.param(23, 400, 8000, 64.0, 4000.0, id="not-a-power-of-two"),
        pytest.param(13, 255, 8000, 0.0, 4000.0, id="odd"),
        pytest.param(1, 512, 16000, 300.0, 3400.0, id="one-filter"),
    ],
)
def test_filters_equal_librosa(
    num_mel_bins,
    fft_length,
    sampling_rate,
    min_freq,
    max_freq,
    scale,
    htk,
    normalization,
):
    filters = mel.mel_filter_bank(
        num_mel_bins,
        fft_length,
        sampling_rate,
        min_freq,
        max_freq,
        scale,
        normalization,
    )

    expected = librosa.filters.mel(
        sr=sampling_rate,
        n_fft=fft_length,
        n_mels=num_mel_bins,
        fmin=min_freq,
        fmax=max_freq,
        htk=htk,
        norm=normalization,
        dtype=np.float64,
    )
    np.testing.assert_allclose(filters, expected.T, rtol=1e-9, atol=1e-12)


def test_triangles_in_mel_equal_those_of_keras():
    filters = mel.mel_filter_bank(
        80, 1024, 16000, 20.0, 8000.0, "htk", normalization=None, triangles="mel"
    )

    expected = keras.layers.MelSpectrogram().linear_to_mel_weight_matrix(
        80, 513, 16000, 20.0, 8000.0
    )
    # Keras computes the weights in float32.
    np.testing.assert_allclose(filters, expected, atol=1e-4)


def test_rejects_filters_without_a_bin():
    # Of 128 filters on 129 bins, the low ones are narrower than a bin.
    message = "`num_mel_bins` must be .* num_mel_bins=128, 129 bins; .* first is filter"

    with pytest.raises(ValueError, match=message):
        mel.mel_filter_bank(128, 256, 16000, 0.0, 8000.0)
