"""The picture of an alignment: labels over a spectrogram, and their probabilities."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from speechkit import _checks
from speechkit.decoders import AlignedSpan
from speechkit.ops.ctc import dispatch as ctc
from speechkit.plots import _canvas, _fonts
from speechkit.plots.spectrogram import spectrogram

if TYPE_CHECKING:
    import matplotlib.axes
    import matplotlib.figure

_COLOURS = ("#2166ac", "#d6604d", "#1b7837", "#762a83", "#b35806", "#01665e")


def alignment(
    spans: Sequence[AlignedSpan],
    probabilities: ArrayLike,
    *,
    levels: ArrayLike,
    frame_step_seconds: float,
    frame_step: int,
    sampling_rate: float,
    names: Sequence[str] | None = None,
    blank_index: int = 0,
    frequencies: ArrayLike | None = None,
    axes: "Sequence[matplotlib.axes.Axes] | None" = None,
) -> "matplotlib.figure.Figure":
    """Draws aligned labels over the spectrogram and over their probabilities.

    Above, lines part the labels and their names stand on top. Below, a curve for each
    label has the colour of its frames, and the blank is grey.

    Args:
        spans: Labels of one clip with their times, as `CTCAlignment.labels` has them.
        probabilities: `(frames, classes)` of the clip: what the recogniser says,
            after softmax.
        levels: `(frames, bins)`, the features that are drawn as colours.
        frame_step_seconds: Time between two frames of `probabilities`, in seconds.
        frame_step: Distance between two frames of `levels`, in samples.
        sampling_rate: Samples per second, in Hz.
        names: What to write for each class. `None` writes its number.
        blank_index: Class of the blank; negative counts from the last class.
        frequencies: Centre of each bin, in Hz, rising. `None` numbers the bins.
        axes: Two axes to draw on, one above the other. `None` makes a figure.

    Returns:
        The figure.

    Raises:
        ValueError: If `probabilities` has another shape or values beyond 0 and 1, or
            what `spectrogram` raises for.
        ImportError: If matplotlib is not installed.

    Example:
        >>> shares = np.tile([0.1, 0.9], (49, 1))
        >>> spans = [AlignedSpan(1, 10, 20, 0.2, 0.4, 0.9)]
        >>> rates = {"frame_step": 160, "sampling_rate": 16000}
        >>> rates["frame_step_seconds"] = 0.02
        >>> figure = alignment(spans, shares, levels=np.eye(98), **rates)
    """
    shares = _check_probabilities(probabilities)
    _checks.check_number("frame_step_seconds", frame_step_seconds, above=True)
    ctc.check_blank_index(blank_index, shares.shape[1])
    above, below = _two_axes() if axes is None else axes
    spectrogram(
        levels,
        frame_step=frame_step,
        sampling_rate=sampling_rate,
        frequencies=frequencies,
        axes=above,
    )
    colours = {
        label: _COLOURS[place % len(_COLOURS)]
        for place, label in enumerate(dict.fromkeys(span.label for span in spans))
    }
    _draw_names(above, spans, names)
    _draw_curves(below, shares, colours, blank_index, frame_step_seconds)
    for span in spans:
        times = (span.start_seconds, span.end_seconds)
        below.axvspan(*times, color=colours[span.label], alpha=0.15, linewidth=0)
    return _canvas.figure_of(above)


def _two_axes():
    figure = _canvas.new_figure(9.0, 5.2)
    return figure.subplots(2, 1, sharex=True, height_ratios=(3, 2))


def _draw_names(axes, spans, names):
    texts = [names[span.label] if names else str(span.label) for span in spans]
    texts = ["␣" if text == " " else text for text in texts]
    font = _fonts.font_for(texts)
    for span, text in zip(spans, texts, strict=True):
        for time in (span.start_seconds, span.end_seconds):
            axes.axvline(time, color="white", linewidth=0.7, alpha=0.8)
        middle = (span.start_seconds + span.end_seconds) / 2
        axes.annotate(
            text,
            (middle, 1.0),
            xycoords=("data", "axes fraction"),
            xytext=(0, 3),
            textcoords="offset points",
            ha="center",
            va="bottom",
            fontproperties=font,
        )


def _draw_curves(axes, shares, colours, blank_index, step):
    middles = (np.arange(len(shares)) + 0.5) * step
    axes.plot(middles, shares[:, blank_index], color="0.6", linewidth=1)
    for label, colour in colours.items():
        axes.plot(middles, shares[:, label], color=colour, linewidth=1.4)
    axes.set_ylim(0, 1.02)
    _canvas.style_lines(axes, "Time (s)", "Probability")


def _check_probabilities(probabilities: ArrayLike) -> np.ndarray:
    shares = np.asarray(probabilities, dtype=np.float64)
    if shares.ndim != 2 or not ((shares >= 0) & (shares <= 1 + 1e-6)).all():
        raise ValueError(
            "`probabilities` must have shape (frames, classes) and values from 0 to 1. "
            f"Received: probabilities.shape={shares.shape}"
        )
    return shares
