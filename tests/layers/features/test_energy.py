"""Tests of the numbers and the errors of `Energy`."""

import librosa
import numpy as np
import pytest

from contract.masks import masked
from speechkit.layers import Energy
from speechkit.ops.time.masks import get_mask


def test_energies_equal_librosa(waveforms):
    energies = Energy(400, 160, padding="center")(waveforms)

    rms = librosa.feature.rms(y=waveforms, frame_length=400, hop_length=160)
    np.testing.assert_allclose(
        energies[:, :, 0], np.log(400 * rms[:, 0] ** 2), atol=1e-5
    )


def test_raw_energies_equal_kaldis_formula(waveforms):
    waveforms = waveforms + 0.05

    energies = Energy(400, 160, remove_dc_offset=True, sample_scale=32768)(waveforms)

    samples = 32768 * waveforms.astype("float64")
    frames = np.stack([samples[:, t : t + 400] for t in range(0, 1201, 160)], axis=1)
    frames -= frames.mean(axis=2, keepdims=True)
    np.testing.assert_allclose(
        energies, np.log(np.square(frames).sum(axis=2, keepdims=True)), atol=1e-5
    )


@pytest.mark.parametrize("floor", [None, 0.5])
def test_silence_is_as_loud_as_the_floor(floor):
    layer = Energy(400, 160) if floor is None else Energy(400, 160, floor=floor)

    energies = layer(np.zeros((1, 1600)))

    expected = np.log(2.0**-23 if floor is None else floor)
    np.testing.assert_allclose(energies, np.full((1, 8, 1), expected), rtol=1e-6)


def test_padding_never_reaches_a_valid_frame(waveforms):
    layer = Energy(400, 160, padding="center", padding_mode="reflect")

    energies = layer(masked(waveforms, [1600, 1000]))

    alone = np.asarray(layer(waveforms[1:, :1000]))
    valid = np.asarray(get_mask(energies))
    np.testing.assert_array_equal(valid.sum(axis=1), [11, alone.shape[1]])
    np.testing.assert_allclose(np.asarray(energies)[1][valid[1]], alone[0], atol=1e-5)


@pytest.mark.parametrize("name", ["sample_scale", "floor"])
@pytest.mark.parametrize("value", [0, -1.0, None])
def test_rejects_what_is_not_above_zero(name, value):
    message = f"`{name}` must be .* above 0. Received: {name}={value}"

    with pytest.raises(ValueError, match=message):
        Energy(400, 160, **{name: value})
