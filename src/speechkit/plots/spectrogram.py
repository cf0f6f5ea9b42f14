"""The picture of features over time: spectrograms, mel spectrograms, coefficients."""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from speechkit import _checks
from speechkit.plots import _canvas

if TYPE_CHECKING:
    import matplotlib.axes
    import matplotlib.figure

_OCTAVES = 31.25 * 2.0 ** np.arange(10)  # 31.25 Hz to 16 kHz, 1 kHz among them


def spectrogram(
    frames: ArrayLike,
    *,
    frame_step: int,
    sampling_rate: float,
    frequencies: ArrayLike | None = None,
    dynamic_range_db: float = 80.0,
    value_label: str = "Level (dB)",
    axes: "matplotlib.axes.Axes | None" = None,
) -> "matplotlib.figure.Figure":
    """Draws features over time, with their values as colours.

    Every bin is equally high. Frame `t` reaches from its first sample to the first
    sample of the next frame. Values that are NaN or infinite are grey.

    Args:
        frames: `(frames, bins)`, as the layers give them for one clip.
        frame_step: Distance between the starts of two frames, in samples.
        sampling_rate: Samples per second, in Hz.
        frequencies: Centre of each bin, in Hz, rising. `None` numbers the bins.
        dynamic_range_db: Range of the colours below the largest value, in the unit of
            the values; what is lower has the darkest colour.
        value_label: What the values are, with their unit, for the colour bar.
        axes: Axes to draw on. `None` makes a figure.

    Returns:
        The figure.

    Raises:
        ValueError: If `frames` has another shape or no value at all, or if
            `frequencies` does not rise through one value a bin.
        ImportError: If matplotlib is not installed.

    Example:
        >>> levels = np.random.default_rng(seed=0).normal(size=(98, 80))
        >>> figure = spectrogram(levels, frame_step=160, sampling_rate=16000)
        >>> [axes.get_ylabel() for axes in figure.axes]
        ['Bin', 'Level (dB)']
    """
    values = _check_frames(frames)
    _checks.check_int("frame_step", frame_step)
    _checks.check_number("sampling_rate", sampling_rate, above=True)
    _checks.check_number("dynamic_range_db", dynamic_range_db, above=True)
    _checks.check_text("value_label", value_label)
    axes = _canvas.axes_or_new(axes, 8.0, 3.2)
    axes.set_facecolor("0.8")
    bottom, top = _scale_bins(axes, values.shape[1], frequencies)
    duration = values.shape[0] * frame_step / sampling_rate
    highest = float(values.max())
    image = axes.imshow(
        values.T,
        origin="lower",
        aspect="auto",
        interpolation="nearest",
        cmap="magma",
        extent=(0, duration, bottom, top),
        vmin=max(float(values.min()), highest - dynamic_range_db),
        vmax=highest,
    )
    axes.set_xlabel("Time (s)")
    _canvas.add_colour_bar(axes, image, value_label)
    return _canvas.figure_of(axes)


def _check_frames(frames: ArrayLike) -> np.ma.MaskedArray:
    values = np.ma.masked_invalid(np.asarray(frames, dtype=np.float64))
    if values.ndim != 2 or values.count() == 0:
        raise ValueError(
            "`frames` must have shape (frames, bins) and a finite value. "
            f"Received: frames.shape={values.shape} with {values.count()} finite values"
        )
    return values


def _scale_bins(
    axes: "matplotlib.axes.Axes", num_bins: int, frequencies: ArrayLike | None
) -> tuple[float, float]:
    """Labels the axis of the bins; returns its ends, in its own unit."""
    if frequencies is None:
        axes.set_ylabel("Bin")
        return (-0.5, num_bins - 0.5)
    axes.set_ylabel("Frequency (Hz)")
    hertz = _check_frequencies(frequencies, num_bins)
    steps = np.diff(hertz)
    if num_bins > 1 and np.allclose(steps, steps[0], rtol=1e-3):
        return (hertz[0] - steps[0] / 2, hertz[-1] + steps[0] / 2)
    ticks = _OCTAVES[(hertz[0] <= _OCTAVES) & (hertz[-1] >= _OCTAVES)]
    heights = np.interp(ticks, hertz, np.arange(num_bins))
    # The mel scale crowds the lowest octaves: labels stay clear of the next one up.
    is_clear = np.diff(heights, append=np.inf) > num_bins / 16
    axes.set_yticks(heights[is_clear], [f"{tick:g}" for tick in ticks[is_clear]])
    return (-0.5, num_bins - 0.5)


def _check_frequencies(frequencies: ArrayLike, num_bins: int) -> np.ndarray:
    hertz = np.asarray(frequencies, dtype=np.float64)
    if hertz.shape != (num_bins,) or not (np.diff(hertz) > 0).all():
        raise ValueError(
            f"`frequencies` must rise through one value for each of {num_bins} bins. "
            f"Received: frequencies={hertz}"
        )
    return hertz
