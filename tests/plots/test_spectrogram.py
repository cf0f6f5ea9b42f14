"""Tests of the picture of features over time."""

import librosa
import numpy as np
import pytest

from speechkit import plots


@pytest.fixture
def levels():
    """Made-up levels of 1 s at 16 kHz, with shape `(frames, bins)`."""
    return np.random.default_rng(seed=0).uniform(-60, 0, size=(98, 80))


def draw(levels, **kwargs):
    """Returns the axes of the picture and the image on them."""
    figure = plots.spectrogram(levels, frame_step=160, sampling_rate=16000, **kwargs)
    return figure.axes[0], figure.axes[0].images[0]


def test_time_runs_to_the_right_and_bins_upwards(levels):
    axes, image = draw(levels)

    np.testing.assert_array_equal(image.get_array(), levels.T)
    assert image.origin == "lower"
    np.testing.assert_allclose(axes.get_xlim(), (0, 0.98))
    assert axes.get_ylim() == (-0.5, 79.5)


def test_colours_span_the_dynamic_range(levels):
    _, all_values = draw(levels)
    _, upper_values = draw(levels, dynamic_range_db=20.0)

    assert all_values.get_clim() == (levels.min(), levels.max())
    assert upper_values.get_clim() == (levels.max() - 20, levels.max())


def test_values_that_are_not_finite_are_left_out(levels):
    levels[3, 5], levels[90:], expected = -np.inf, np.nan, levels[:90].max()

    _, image = draw(levels)

    np.testing.assert_array_equal(image.get_array().mask, ~np.isfinite(levels.T))
    assert image.get_clim()[1] == expected


def test_linear_bins_have_an_axis_in_hertz():
    axes, _ = draw(
        np.zeros((98, 257)), frequencies=librosa.fft_frequencies(sr=16000, n_fft=512)
    )

    np.testing.assert_allclose(axes.get_ylim(), (-15.625, 8015.625))
    assert axes.get_ylabel() == "Frequency (Hz)"


def test_mel_bins_have_octaves_on_their_own_bins(levels):
    frequencies = librosa.mel_frequencies(n_mels=80, fmin=0, fmax=7600)

    axes, _ = draw(levels, frequencies=frequencies)

    labels = [float(label.get_text()) for label in axes.get_yticklabels()]
    assert labels == [250, 500, 1000, 2000, 4000]
    np.testing.assert_allclose(
        np.interp(axes.get_yticks(), np.arange(80), frequencies), labels
    )


def test_colour_bar_says_what_the_values_are(levels):
    axes, image = draw(levels, value_label="Power (dB)")

    assert axes.figure.axes[1].get_ylabel() == "Power (dB)"
    assert image.colorbar is not None


@pytest.mark.parametrize(
    "frames",
    [
        pytest.param(np.zeros(80), id="one-frame-without-axis"),
        pytest.param(np.zeros((2, 98, 80)), id="batch"),
        pytest.param(np.zeros((0, 80)), id="empty"),
        pytest.param(np.full((98, 80), np.nan), id="not-a-number"),
    ],
)
def test_rejects_frames_that_show_nothing(frames):
    with pytest.raises(ValueError, match=r"`frames` must have shape \(frames, bins\)"):
        draw(frames)


@pytest.mark.parametrize(
    "frequencies",
    [
        pytest.param(np.arange(79), id="too-few"),
        pytest.param(np.arange(80)[::-1], id="falling"),
    ],
)
def test_rejects_frequencies_that_do_not_fit(levels, frequencies):
    with pytest.raises(ValueError, match="`frequencies` must rise through one value"):
        draw(levels, frequencies=frequencies)


@pytest.mark.parametrize("name", ["frame_step", "sampling_rate", "dynamic_range_db"])
def test_rejects_scales_that_are_not_positive(levels, name):
    arguments = {"frame_step": 160, "sampling_rate": 16000, name: 0}

    with pytest.raises(ValueError, match=f"`{name}` must be .* Received: {name}=0"):
        plots.spectrogram(levels, **arguments)
