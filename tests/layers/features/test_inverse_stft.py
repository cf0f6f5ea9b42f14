"""Tests of the numbers and the errors of `InverseSTFT`."""

import librosa
import numpy as np
import pytest
import scipy.signal

from contract.masks import masked
from speechkit.layers import STFT, InverseSTFT
from speechkit.ops.time.masks import get_mask


@pytest.fixture
def spectra(random):
    """Spectra of 9 frames, 64 samples long, that belong to no waveform."""
    return random.normal(size=(2, 9, 33, 2)).astype("float32")


def complex_of(spectra):
    """Returns `(batch, bins, frames)`, as SciPy and librosa have it."""
    return np.swapaxes(spectra[..., 0] + 1j * spectra[..., 1], 1, 2)


@pytest.mark.parametrize("step", [16, 27, 64])
def test_waveforms_equal_scipy(spectra, step):
    waveforms = InverseSTFT(64, step, window="hamming")(spectra)

    window = scipy.signal.get_window("hamming", 64)
    _, expected = scipy.signal.istft(
        complex_of(spectra) / window.sum(),
        window=window,
        nperseg=64,
        noverlap=64 - step,
        boundary=False,
    )
    np.testing.assert_allclose(waveforms, expected, atol=1e-5)


@pytest.mark.parametrize("step", [16, 24])
def test_centred_waveforms_equal_librosa(spectra, step):
    waveforms = InverseSTFT(64, step, padding="center")(spectra)

    expected = librosa.istft(complex_of(spectra), hop_length=step)
    np.testing.assert_allclose(waveforms, expected, atol=1e-5)


@pytest.mark.parametrize(
    ("options", "first"),
    [
        pytest.param({}, 1, id="valid"),
        pytest.param({"padding": "center"}, 0, id="center"),
        pytest.param({"padding": "middle"}, 0, id="middle"),
        pytest.param({"padding": (30, 7)}, 0, id="tuple"),
        pytest.param({"fft_length": 64}, 1, id="longer-fft"),
        pytest.param({"fft_length": 61}, 1, id="odd-fft"),
        pytest.param({"window": "rectangular"}, 0, id="rectangular"),
        pytest.param({"window": "povey"}, 1, id="povey"),
    ],
)
def test_it_undoes_the_transform(waveforms, options, first):
    arguments = {"frame_length": 60, "frame_step": 25, "dtype": "float64", **options}

    outputs = InverseSTFT(**arguments)(STFT(**arguments)(waveforms))

    end = outputs.shape[1]
    assert end > 1600 - 25
    # No window of two reaches the first and the last sample: the ends are zero there.
    kept = slice(first, end - first)
    np.testing.assert_allclose(outputs[:, kept], waveforms[:, kept], atol=1e-9)
    np.testing.assert_array_equal(outputs[:, :first], 0)


@pytest.mark.parametrize("padding", ["valid", "center", (0, 40), (20, 40)])
@pytest.mark.parametrize("step", [25, 60, 70])
def test_a_padded_clip_ends_where_the_clip_alone_does(waveforms, padding, step):
    forward = STFT(60, step, padding=padding)
    inverse = InverseSTFT(60, step, padding=padding)
    lengths = [1600, 777]

    outputs = inverse(forward(masked(waveforms, lengths)))

    counts = np.asarray(get_mask(outputs)).sum(axis=1)
    alone = [inverse(forward(waveforms[:1, :length])).shape[1] for length in lengths]
    np.testing.assert_array_equal(counts, alone)
    assert outputs.shape[1] == counts[0]


def test_each_clip_is_divided_by_the_windows_of_its_own_frames(waveforms):
    forward, inverse = STFT(60, 25), InverseSTFT(60, 25)

    outputs = inverse(forward(masked(waveforms, [1600, 700])))

    end = 25 * 25 + 60 - 1
    np.testing.assert_allclose(outputs[1, 1:end], waveforms[1, 1:end], atol=1e-4)
    np.testing.assert_array_equal(outputs[1, end + 1 :], 0)


@pytest.mark.parametrize("padding", ["valid", "center"])
def test_no_frame_gives_no_sample(padding):
    layer = InverseSTFT(64, 16, padding=padding)

    assert layer(np.zeros((2, 0, 33, 2))).shape == (2, 0)
    assert layer.compute_output_shape((2, 0, 33, 2)) == (2, 0)


def test_rejects_frames_longer_than_the_fft():
    with pytest.raises(ValueError, match=r"`fft_length` must be .*fft_length=32"):
        InverseSTFT(64, 16, fft_length=32)


def test_rejects_unknown_windows():
    with pytest.raises(ValueError, match="`window` must be one of"):
        InverseSTFT(400, 160, window="kaiser")


def test_rejects_steps_that_are_no_positive_integer():
    with pytest.raises(ValueError, match=r"`frame_step` .* Received: frame_step=0"):
        InverseSTFT(400, frame_step=0)
