"""The picture of a classifier's confusions: which class was taken for which."""

import unicodedata
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from speechkit.plots import _canvas, _fonts

if TYPE_CHECKING:
    import matplotlib.axes
    import matplotlib.figure

_LETTER = 0.075  # width of a Latin letter of a label, in inches


def confusion_matrix(
    references: ArrayLike,
    hypotheses: ArrayLike,
    *,
    labels: Sequence[str],
    axes: "matplotlib.axes.Axes | None" = None,
) -> "matplotlib.figure.Figure":
    """Draws how many clips of each class were recognised as each class.

    A row is a true class and a column a recognised one, so the right answers are on
    the diagonal. A cell has its count, nothing for none, and as its colour the share
    of its row. Where no installed font can write `labels`, the classes are numbered.

    Args:
        references: `(clips,)`, the true classes, as integers.
        hypotheses: `(clips,)`, the recognised classes.
        labels: Name of each class.
        axes: Axes to draw on. `None` makes a figure.

    Returns:
        The figure.

    Raises:
        ValueError: If the two have other shapes, or a class has no name.
        ImportError: If matplotlib is not installed.

    Example:
        >>> figure = confusion_matrix([0, 0, 1], [0, 1, 1], labels=["stop", "go"])
        >>> figure.axes[0].get_title()
        '2 of 3 clips right (66.7 %)'
    """
    counts = _count(references, hypotheses, len(labels))
    cell = min(1.2, max(0.27, 5 / len(labels)))  # side of a cell, in inches
    side = len(labels) * cell + 1.0 + _LETTER * max(map(_width, labels))
    axes = _canvas.axes_or_new(axes, side + 0.5, side)
    shares = counts / np.maximum(1, counts.sum(axis=1, keepdims=True))
    image = axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    _write_counts(axes, counts, shares, size=min(10, 26 * cell))
    _name_classes(axes, labels, cell)
    right, total = int(np.trace(counts)), int(counts.sum())
    axes.set_title(f"{right} of {total} clips right ({100 * right / total:.1f} %)")
    _canvas.add_colour_bar(axes, image, "Share of the true class")
    return _canvas.figure_of(axes)


def _count(
    references: ArrayLike, hypotheses: ArrayLike, num_classes: int
) -> np.ndarray:
    """Returns `(num_classes, num_classes)` counts, true classes in rows."""
    true, recognised = np.asarray(references), np.asarray(hypotheses)
    if true.ndim != 1 or true.size == 0 or true.shape != recognised.shape:
        raise ValueError(
            "`references` and `hypotheses` must both have shape (clips,) with one clip "
            f"or more. Received: references.shape={true.shape} and "
            f"hypotheses.shape={recognised.shape}"
        )
    _check_classes("references", true, num_classes)
    _check_classes("hypotheses", recognised, num_classes)
    counts = np.zeros((num_classes, num_classes), dtype=np.int64)
    np.add.at(counts, (true, recognised), 1)
    return counts


def _check_classes(name: str, classes: np.ndarray, num_classes: int) -> None:
    are_integers = np.issubdtype(classes.dtype, np.integer)
    if not are_integers or classes.min() < 0 or classes.max() >= num_classes:
        raise ValueError(
            f"`{name}` must be integers from 0 to {num_classes - 1}, one for each of "
            f"`labels`. Received: {name}={np.unique(classes)}"
        )


def _write_counts(
    axes: "matplotlib.axes.Axes", counts: np.ndarray, shares: np.ndarray, size: float
) -> None:
    for row, column in np.argwhere(counts):
        colour = "white" if shares[row, column] > 0.5 else "black"
        count = str(counts[row, column])
        axes.text(
            column, row, count, ha="center", va="center", color=colour, fontsize=size
        )
    between = np.arange(1, len(counts)) - 0.5
    axes.hlines(between, -0.5, len(counts) - 0.5, color="0.85", linewidth=0.5)
    axes.vlines(between, -0.5, len(counts) - 0.5, color="0.85", linewidth=0.5)


def _name_classes(
    axes: "matplotlib.axes.Axes", labels: Sequence[str], cell: float
) -> None:
    font = _fonts.font_for(labels)
    names = [str(i) for i in range(len(labels))] if font is None else list(labels)
    axes.set_xticks(range(len(names)), names, fontproperties=font, fontsize=8)
    axes.set_yticks(range(len(names)), names, fontproperties=font, fontsize=8)
    if _LETTER * max(map(_width, names)) > cell:
        for label in axes.get_xticklabels():
            label.set(rotation=55, ha="right", rotation_mode="anchor")
    unit = " (number)" if font is None else ""
    axes.set_xlabel(f"Recognised class{unit}")
    axes.set_ylabel(f"True class{unit}")
    axes.tick_params(length=0)
    axes.spines[:].set_color("0.8")


def _width(text: str) -> int:
    """Returns the width of a text in Latin letters; East Asian ones are two wide."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
