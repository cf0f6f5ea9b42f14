"""The picture of a waveform: amplitude over time."""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from speechkit import _checks
from speechkit.plots import _arrays, _canvas

if TYPE_CHECKING:
    import matplotlib.axes
    import matplotlib.figure

# About two columns to a pixel: more points cost time and file size, and show nothing.
_MAX_COLUMNS = 2000


def waveform(
    waveform: ArrayLike,
    sampling_rate: float,
    *,
    axes: "matplotlib.axes.Axes | None" = None,
) -> "matplotlib.figure.Figure":
    """Draws the amplitude of a clip over time.

    A long clip is drawn as the band between the least and the largest sample of each
    short stretch, so that no peak is lost. The amplitude axis is as high as the
    largest peak.

    Args:
        waveform: `(samples,)`, with 1 as full scale.
        sampling_rate: Samples per second, in Hz.
        axes: Axes to draw on. `None` makes a figure.

    Returns:
        The figure.

    Raises:
        ValueError: If `waveform` is not one clip of finite samples.
        ImportError: If matplotlib is not installed.

    Example:
        >>> noise = np.random.default_rng(seed=0).uniform(-1, 1, size=16000)
        >>> waveform(noise, sampling_rate=16000).axes[0].get_xlabel()
        'Time (s)'
    """
    samples = _arrays.check_waveform(waveform)
    _checks.check_number("sampling_rate", sampling_rate, above=True)
    axes = _canvas.axes_or_new(axes, 8.0, 2.4)
    if samples.size > 2 * _MAX_COLUMNS:
        times, lowest, highest = _envelope(samples, sampling_rate)
        axes.fill_between(times, lowest, highest, color=_canvas.BLUE, linewidth=0.4)
    else:
        times = np.arange(samples.size) / sampling_rate
        axes.plot(times, samples, color=_canvas.BLUE, linewidth=0.8)
    peak = np.abs(samples).max() or 1.0
    axes.set_xlim(0, samples.size / sampling_rate)
    axes.set_ylim(-1.05 * peak, 1.05 * peak)
    _canvas.style_lines(axes, "Time (s)", "Amplitude")
    return _canvas.figure_of(axes)


def _envelope(samples: np.ndarray, sampling_rate: float) -> tuple[np.ndarray, ...]:
    starts = np.linspace(0, samples.size, _MAX_COLUMNS, endpoint=False).astype(int)
    lowest = np.minimum.reduceat(samples, starts)
    highest = np.maximum.reduceat(samples, starts)
    return starts / sampling_rate, lowest, highest
