"""The picture of a spectrum: level over frequency."""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from speechkit import _checks
from speechkit.ops.signal import windows
from speechkit.plots import _arrays, _canvas

if TYPE_CHECKING:
    import matplotlib.axes
    import matplotlib.figure

# The level of digital silence; 16-bit noise lies above it.
_FLOOR_DB = -120.0


def spectrum(
    waveform: ArrayLike,
    sampling_rate: float,
    *,
    frame_length: int = 1024,
    axes: "matplotlib.axes.Axes | None" = None,
) -> "matplotlib.figure.Figure":
    """Draws the level of a clip over frequency.

    The power is averaged over half-overlapping Hann windows (Welch's method). A sine
    at full scale, on the centre of a bin, has 0 dB; nothing is drawn below -120 dB.

    Args:
        waveform: `(samples,)`, with 1 as full scale.
        sampling_rate: Samples per second, in Hz.
        frame_length: Length of a window, in samples: longer ones resolve closer
            tones. A clip shorter than this is one window.
        axes: Axes to draw on. `None` makes a figure.

    Returns:
        The figure.

    Raises:
        ValueError: If `waveform` is not one clip of finite samples.
        ImportError: If matplotlib is not installed.

    Example:
        >>> tone = np.sin(2 * np.pi * 1000 * np.arange(16000) / 16000)
        >>> line = spectrum(tone, sampling_rate=16000).axes[0].lines[0]
        >>> print(f"{line.get_xdata()[np.argmax(line.get_ydata())]:.0f} Hz")
        1000 Hz
    """
    samples = _arrays.check_waveform(waveform)
    _checks.check_number("sampling_rate", sampling_rate, above=True)
    frame_length = min(_checks.check_int("frame_length", frame_length, 2), samples.size)
    axes = _canvas.axes_or_new(axes, 8.0, 3.2)
    frequencies = np.fft.rfftfreq(frame_length, 1 / sampling_rate)
    levels = _levels_db(samples, frame_length)
    axes.plot(frequencies, levels, color=_canvas.BLUE, linewidth=0.9)
    axes.set_xlim(0, sampling_rate / 2)
    _canvas.style_lines(axes, "Frequency (Hz)", "Level (dB of full scale)")
    return _canvas.figure_of(axes)


def _levels_db(samples: np.ndarray, frame_length: int) -> np.ndarray:
    step = max(1, frame_length // 2)
    frames = np.lib.stride_tricks.sliding_window_view(samples, frame_length)[::step]
    window = windows.window("hann", frame_length)
    # The spectral line of a sine with amplitude 1 is half the sum of the window high.
    amplitudes = np.abs(np.fft.rfft(frames * window)) / (window.sum() / 2)
    power = np.mean(amplitudes**2, axis=0)
    return 10 * np.log10(np.maximum(power, 10 ** (_FLOOR_DB / 10)))
