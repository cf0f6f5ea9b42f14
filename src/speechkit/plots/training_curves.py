"""The picture of a training: loss and metrics over epochs."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from speechkit.plots import _canvas

if TYPE_CHECKING:
    import matplotlib.axes
    import matplotlib.figure

_VALIDATION = "val_"
_MAX_COLUMNS = 3


def training_curves(
    history: Mapping[str, Sequence[float]],
    *,
    axes: "Sequence[matplotlib.axes.Axes] | None" = None,
) -> "matplotlib.figure.Figure":
    """Draws the loss and each metric over epochs, one panel each.

    `loss` comes first and the others as they stand in `history`. The validation curve
    `val_x` shares the panel of `x`. Where validation ran only every few epochs, its
    points lie on those.

    Args:
        history: Values of each epoch by name, as `model.fit(...).history` has them.
        axes: Axes to draw on, one a panel. `None` makes a figure.

    Returns:
        The figure.

    Raises:
        ValueError: If `history` has no values, or `axes` are fewer than panels.
        ImportError: If matplotlib is not installed.

    Example:
        >>> history = {"accuracy": [0.4, 0.8], "loss": [2, 1], "val_loss": [3, 2]}
        >>> [axes.get_ylabel() for axes in training_curves(history).axes]
        ['loss', 'accuracy']
    """
    panels = _panels(history)
    axes = _new_axes(len(panels)) if axes is None else axes
    if len(axes) < len(panels):
        raise ValueError(
            f"`axes` must hold one for each of {len(panels)} panels. "
            f"Received: len(axes)={len(axes)}"
        )
    for panel, name in zip(axes, panels, strict=False):
        _draw_panel(panel, name, history)
    return _canvas.figure_of(axes[0])


def _panels(history: Mapping[str, Sequence[float]]) -> list[str]:
    filled = [name for name, values in history.items() if len(values)]
    if not filled:
        raise ValueError(
            "`history` must hold the values of one epoch or more. "
            f"Received: history={dict(history)}"
        )
    names = dict.fromkeys(name.removeprefix(_VALIDATION) for name in filled)
    return sorted(names, key=lambda name: name != "loss")


def _new_axes(num_panels: int) -> "list[matplotlib.axes.Axes]":
    columns = min(num_panels, _MAX_COLUMNS)
    rows = -(-num_panels // columns)
    figure = _canvas.new_figure(max(4.5, 3.6 * columns), 2.8 * rows)
    return [figure.add_subplot(rows, columns, 1 + i) for i in range(num_panels)]


def _draw_panel(
    axes: "matplotlib.axes.Axes", name: str, history: Mapping[str, Sequence[float]]
) -> None:
    training = history.get(name, ())
    validation = history.get(_VALIDATION + name, ())
    interval = max(1, len(training) // max(1, len(validation)))
    _draw_curve(axes, training, 1, "training", _canvas.BLUE)
    _draw_curve(axes, validation, interval, "validation", _canvas.ORANGE)
    axes.locator_params(axis="x", integer=True, min_n_ticks=1)
    axes.set_xlim(0.5, max(len(training), interval * len(validation)) + 0.5)
    if len(training) and len(validation):
        axes.legend(frameon=False)
    _canvas.style_lines(axes, "Epoch", name.replace("_", " "))


def _draw_curve(
    axes: "matplotlib.axes.Axes",
    values: Sequence[float],
    interval: int,
    label: str,
    colour: str,
) -> None:
    epochs = interval * np.arange(1, len(values) + 1)
    # Points show where a short curve was measured, and are all that one epoch has.
    marker = "o" if len(values) <= 20 else ""
    axes.plot(
        epochs, values, color=colour, label=label, marker=marker, ms=3, linewidth=1.2
    )
