"""Tests of the picture of a waveform."""

import numpy as np
import pytest

from speechkit import plots


@pytest.fixture
def noise():
    """One minute of faint noise at 16 kHz, with one click in it."""
    samples = np.random.default_rng(seed=0).uniform(-0.1, 0.1, size=60 * 16000)
    samples[123456] = 0.9
    return samples


def test_short_clip_is_drawn_sample_by_sample(noise):
    (axes,) = plots.waveform(noise[:4000], sampling_rate=16000).axes

    (line,) = axes.lines
    np.testing.assert_array_equal(line.get_ydata(), noise[:4000])
    np.testing.assert_array_equal(line.get_xdata(), np.arange(4000) / 16000)


def test_long_clip_loses_no_peak(noise):
    (axes,) = plots.waveform(noise, sampling_rate=16000).axes

    vertices = axes.collections[0].get_paths()[0].vertices
    time, peak = vertices[vertices[:, 1].argmax()]
    assert peak == 0.9
    assert vertices[:, 1].min() == noise.min()
    assert abs(time - 123456 / 16000) <= 60 / 2000
    assert len(vertices) < 5000


@pytest.mark.parametrize(
    ("scale", "limit"),
    [
        pytest.param(1.0, 0.945, id="loud"),
        pytest.param(1e-4, 0.945e-4, id="faint"),
        pytest.param(0.0, 1.05, id="silent"),
    ],
)
def test_axes_span_the_clip(noise, scale, limit):
    (axes,) = plots.waveform(scale * noise, sampling_rate=16000).axes

    assert axes.get_xlim() == (0, 60)
    np.testing.assert_allclose(axes.get_ylim(), (-limit, limit))


@pytest.mark.parametrize("shape", [(0,), (2, 16000), ()])
def test_rejects_what_is_not_one_clip(shape):
    with pytest.raises(ValueError, match=r"`waveform` must have shape \(samples,\)"):
        plots.waveform(np.zeros(shape), sampling_rate=16000)


@pytest.mark.parametrize("sample", [np.nan, np.inf])
def test_rejects_samples_that_are_not_finite(sample):
    with pytest.raises(
        ValueError, match="Received: 1 samples that are NaN or infinite"
    ):
        plots.waveform([0.0, sample], sampling_rate=16000)


@pytest.mark.parametrize("sampling_rate", [0, -1, None])
def test_rejects_sampling_rates_that_are_not_positive(sampling_rate):
    with pytest.raises(ValueError, match="`sampling_rate` must be a finite number"):
        plots.waveform([0.0, 1.0], sampling_rate)
