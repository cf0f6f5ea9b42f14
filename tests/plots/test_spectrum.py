"""Tests of the picture of a spectrum."""

import numpy as np
import pytest
import scipy.signal

from speechkit import plots


def draw(waveform, **kwargs):
    """Returns the frequencies and the levels that the picture shows."""
    (axes,) = plots.spectrum(waveform, sampling_rate=16000, **kwargs).axes
    return axes.lines[0].get_data()


@pytest.mark.parametrize(
    ("num_samples", "frame_length"),
    [
        pytest.param(16000, 1024, id="many-frames"),
        pytest.param(16000, 401, id="odd-frame"),
        pytest.param(300, 300, id="one-frame"),
    ],
)
def test_levels_equal_scipy(num_samples, frame_length):
    noise = np.random.default_rng(seed=0).normal(size=num_samples)

    frequencies, levels = draw(noise, frame_length=frame_length)

    overlap = frame_length - frame_length // 2
    options = {"nperseg": frame_length, "noverlap": overlap, "detrend": False}
    expected = scipy.signal.welch(noise, 16000, scaling="spectrum", **options)
    inner = slice(1, (frame_length + 1) // 2)  # neither 0 Hz nor half the rate
    np.testing.assert_allclose(frequencies, expected[0])
    # A sine of amplitude 1 has a power of 1/2.
    np.testing.assert_allclose(
        levels[inner], 10 * np.log10(2 * expected[1][inner]), atol=1e-9
    )


def test_full_scale_tone_has_0_db():
    tone = np.sin(2 * np.pi * 1000 * np.arange(16000) / 16000)

    frequencies, levels = draw(tone)

    assert frequencies[levels.argmax()] == 1000
    assert levels.max() == pytest.approx(0, abs=1e-9)


def test_silence_lies_on_the_floor():
    _, levels = draw(np.zeros(16000))

    np.testing.assert_array_equal(levels, -120)


def test_clip_shorter_than_a_frame_is_one_frame():
    frequencies, levels = draw(np.ones(2), frame_length=1024)

    np.testing.assert_array_equal(frequencies, [0, 8000])
    assert np.isfinite(levels).all()


def test_rejects_frames_of_one_sample():
    with pytest.raises(ValueError, match="`frame_length` must be an integer of 2"):
        plots.spectrum(np.zeros(16000), 16000, frame_length=1)


def test_rejects_what_is_not_one_clip():
    with pytest.raises(ValueError, match=r"`waveform` must have shape \(samples,\)"):
        plots.spectrum(np.zeros((1, 16000)), sampling_rate=16000)
