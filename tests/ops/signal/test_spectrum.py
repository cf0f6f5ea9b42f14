"""Tests of the spectrum of frames against NumPy in float64."""

import keras
import numpy as np
import pytest

from speechkit.ops.signal import spectrum


@pytest.fixture
def frames(random):
    """Frames with an offset, `(batch, frames, frame_length)`."""
    return (0.3 + random.normal(size=(2, 3, 25))).astype("float32")


@pytest.mark.parametrize("fft_length", [25, 32, 33])
def test_transform_equals_numpy(frames, random, fft_length):
    window = random.uniform(size=25).astype("float32")

    real, imaginary = spectrum.fourier_transform(
        keras.ops.array(frames), keras.ops.array(window), fft_length
    )

    expected = np.fft.rfft(frames * window.astype("float64"), fft_length)
    np.testing.assert_allclose(real, expected.real, atol=1e-5)
    np.testing.assert_allclose(imaginary, expected.imag, atol=1e-5)


def test_no_frame_has_no_transform():
    real, _ = spectrum.fourier_transform(keras.ops.zeros((2, 0, 25)), np.ones(25), 32)

    assert real.shape == (2, 0, 17)


def test_frames_without_an_offset_have_the_mean_zero(frames):
    values = np.asarray(spectrum.remove_dc_offset(keras.ops.array(frames)))

    expected = frames - frames.astype("float64").mean(axis=2, keepdims=True)
    np.testing.assert_allclose(values, expected, atol=1e-6)


def test_pre_emphasis_stays_within_the_frame(frames):
    values = spectrum.pre_emphasize(keras.ops.array(frames), 0.97)

    # The loop of the HTK Book, from the last sample of a frame to its first.
    expected = frames.astype("float64")
    for sample in range(24, 0, -1):
        expected[:, :, sample] -= 0.97 * expected[:, :, sample - 1]
    expected[:, :, 0] *= 1 - 0.97
    np.testing.assert_allclose(values, expected, atol=1e-6)


@pytest.mark.parametrize("pre_emphasis", [0.0, 0.97])
@pytest.mark.parametrize("remove_offset", [False, True])
@pytest.mark.parametrize("fft_length", [25, 32, 33])
def test_matrix_equals_the_steps_one_by_one(
    frames, random, fft_length, remove_offset, pre_emphasis
):
    window = random.uniform(size=25)

    matrix = spectrum.transform_matrix(window, fft_length, remove_offset, pre_emphasis)

    steps = frames.astype("float64")
    if remove_offset:
        steps = steps - steps.mean(axis=2, keepdims=True)
    previous = np.concatenate([steps[:, :, :1], steps[:, :, :-1]], axis=2)
    steps = (steps - pre_emphasis * previous) * window
    expected = np.fft.rfft(steps, fft_length)
    real, imaginary = np.split(frames @ matrix, 2, axis=2)
    np.testing.assert_allclose(real, expected.real, atol=1e-12)
    np.testing.assert_allclose(imaginary, expected.imag, atol=1e-12)


@pytest.mark.parametrize("power", [1.0, 2.0, 0.6])
def test_magnitude_equals_numpy(random, power):
    real, imaginary = random.normal(size=(2, 100)).astype("float32")

    values = spectrum.magnitude(
        keras.ops.array(real), keras.ops.array(imaginary), power
    )

    expected = np.hypot(real.astype("float64"), imaginary) ** power
    np.testing.assert_allclose(values, expected, rtol=1e-5)
