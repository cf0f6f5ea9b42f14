"""Tests of the numbers and the errors of `Frame`; `tests/contract` has the rest."""

import librosa
import numpy as np
import pytest

from contract.masks import masked
from speechkit.layers import Frame
from speechkit.ops.time.masks import get_mask


@pytest.mark.parametrize(
    ("frame_length", "frame_step"),
    [
        pytest.param(400, 160, id="overlapping"),
        pytest.param(512, 512, id="adjacent"),
        pytest.param(25, 40, id="with-gaps"),
        pytest.param(1600, 1, id="one-frame"),
    ],
)
def test_frames_equal_librosa(waveforms, frame_length, frame_step):
    frames = Frame(frame_length, frame_step)(waveforms)

    expected = librosa.util.frame(
        waveforms, frame_length=frame_length, hop_length=frame_step
    )
    np.testing.assert_array_equal(frames, np.swapaxes(expected, -1, -2))


def test_waveform_shorter_than_a_frame_has_no_frames(waveforms):
    layer = Frame(400, 160)

    assert layer(waveforms[:, :100]).shape == (2, 0, 400)
    assert layer.compute_output_shape((2, 100)) == (2, 0, 400)


def test_padding_never_reaches_a_valid_frame(waveforms):
    frames = Frame(400, 160)(masked(waveforms, [1600, 1000]))

    valid = np.asarray(get_mask(frames))
    np.testing.assert_array_equal(valid.sum(axis=-1), [8, 4])
    assert np.isfinite(np.asarray(frames)[valid]).all()


@pytest.mark.parametrize("name", ["frame_length", "frame_step"])
@pytest.mark.parametrize("value", [0, -1, 2.5, True, None])
def test_rejects_lengths_that_are_not_positive_integers(name, value):
    arguments = {"frame_length": 400, "frame_step": 160, name: value}

    with pytest.raises(ValueError, match=f"`{name}` .* Received: {name}={value}"):
        Frame(**arguments)
