"""The picture of a CTC lattice: states over frames, and the ways between them."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from speechkit.plots import _canvas, _fonts

if TYPE_CHECKING:
    import matplotlib.axes
    import matplotlib.figure


def ctc_lattice(
    values: ArrayLike,
    labels: Sequence[str],
    *,
    path: ArrayLike | None = None,
    blank_text: str = "–",
    axes: "matplotlib.axes.Axes | None" = None,
) -> "matplotlib.figure.Figure":
    """Draws a number for each state of each frame, and the ways between the states.

    Time runs to the right. The states start at the top: blank, first label, blank, and
    so on. Only ways that lie on an alignment from start to end are drawn, and states
    without one are left out.

    Args:
        values: `(frames, states)` numbers from 0 to 1, with one state more than twice
            the labels: forward variables, or posteriors.
        labels: Text of each label.
        path: `(frames,)` states, drawn in another colour. `None` draws no path.
        blank_text: Text of the blank.
        axes: Axes to draw on. `None` makes a figure.

    Returns:
        The figure.

    Raises:
        ValueError: If `values` has another shape or values beyond 0 and 1.
        ImportError: If matplotlib is not installed.

    Example:
        >>> figure = ctc_lattice(np.full((4, 5), 0.5), ["a", "b"], path=[0, 1, 3, 4])
        >>> [text.get_text() for text in figure.axes[0].get_yticklabels()]
        ['–', 'a', '–', 'b', '–']
    """
    numbers = _check_values(values, len(labels))
    states = [blank_text]
    for label in labels:
        states += [label, blank_text]
    frames = len(numbers)
    axes = _canvas.axes_or_new(axes, 1.2 + 1.1 * frames, 0.9 + 0.7 * len(states))
    ways = _ways(states)
    alive = _alive(ways, frames, len(states))
    for frame in range(1, frames):
        for start, end in ways:
            if alive[frame - 1, start] and alive[frame, end]:
                axes.plot([frame - 1, frame], [start, end], color="0.75", zorder=1)
    if path is not None:
        axes.plot(range(frames), path, color=_canvas.ORANGE, linewidth=3, zorder=2)
    _draw_states(axes, numbers, alive)
    _label_axes(axes, frames, states)
    return _canvas.figure_of(axes)


def _ways(states):
    """Returns pairs of states, one of which may follow the other."""
    ways = []
    for end in range(len(states)):
        may_skip = end % 2 and end > 1 and states[end] != states[end - 2]
        ways += [(end - back, end) for back in range(3 if may_skip else 2)]
    return [(start, end) for start, end in ways if start >= 0]


def _alive(ways, frames, count):
    """Returns `(frames, states)`: whether an alignment goes through the state."""
    forward, backward = np.zeros((2, frames, count), dtype=bool)
    forward[0, :2] = backward[-1, -2:] = True
    for frame in range(1, frames):
        for start, end in ways:
            forward[frame, end] |= forward[frame - 1, start]
            backward[-1 - frame, start] |= backward[-frame, end]
    return forward & backward


def _draw_states(axes, numbers, alive):
    frames, states = np.nonzero(alive)
    shown = numbers[alive]
    axes.scatter(
        frames,
        states,
        s=900,
        c=shown,
        cmap="Blues",
        vmin=0,
        vmax=1,
        edgecolors="0.4",
        zorder=3,
    )
    for frame, state, number in zip(frames, states, shown, strict=True):
        colour = "white" if number > 0.6 else "black"
        axes.annotate(
            f"{number:.3f}",
            (frame, state),
            color=colour,
            ha="center",
            va="center",
            fontsize=8,
            zorder=4,
        )


def _label_axes(axes, frames, states):
    axes.set_xticks(range(frames), range(1, frames + 1))
    font = _fonts.font_for(states)
    axes.set_yticks(range(len(states)), states, fontproperties=font, fontsize=12)
    axes.set_xlim(-0.6, frames - 0.4)
    axes.set_ylim(len(states) - 0.4, -0.6)
    axes.set_xlabel("Frame")
    axes.set_ylabel("State")
    axes.tick_params(length=0)
    axes.spines[["top", "right", "bottom", "left"]].set_visible(False)


def _check_values(values: ArrayLike, count: int) -> np.ndarray:
    numbers = np.asarray(values, dtype=np.float64)
    is_shaped = numbers.ndim == 2 and numbers.shape[1] == 2 * count + 1
    if not is_shaped or not ((numbers >= 0) & (numbers <= 1 + 1e-9)).all():
        raise ValueError(
            f"`values` must have shape (frames, {2 * count + 1}) and values from 0 to "
            f"1. Received: values.shape={numbers.shape}"
        )
    return numbers
