"""What all pictures share: the figure, its colours and the look of its axes."""

from typing import TYPE_CHECKING

from speechkit._optional import import_optional

if TYPE_CHECKING:
    import matplotlib.axes
    import matplotlib.figure

# Two hues that colour-blind readers can tell apart, in print too.
BLUE = "#2166ac"
ORANGE = "#d6604d"


def new_figure(width: float, height: float) -> "matplotlib.figure.Figure":
    """Returns an empty figure that no window, backend or global list knows of.

    Args:
        width: Width, in inches.
        height: Height, in inches.

    Raises:
        ImportError: If matplotlib is not installed.
    """
    module = import_optional("matplotlib.figure", "matplotlib", "speechkit.plots")
    return module.Figure(figsize=(width, height), layout="compressed")


def axes_or_new(
    axes: "matplotlib.axes.Axes | None", width: float, height: float
) -> "matplotlib.axes.Axes":
    """Returns `axes`, or the axes of a new figure where `axes` is `None`."""
    return new_figure(width, height).add_subplot() if axes is None else axes


def figure_of(axes: "matplotlib.axes.Axes") -> "matplotlib.figure.Figure":
    """Returns the figure that `axes` lies on, at the root of any subfigures."""
    return axes.figure.figure


def style_lines(axes: "matplotlib.axes.Axes", xlabel: str, ylabel: str) -> None:
    """Gives axes with lines a light grid, two spines and labels."""
    axes.set_xlabel(xlabel)
    axes.set_ylabel(ylabel)
    axes.grid(color="0.9", linewidth=0.6)
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)


def add_colour_bar(axes: "matplotlib.axes.Axes", image, label: str) -> None:
    """Puts the colour bar of `image` at the right of `axes`."""
    bar = axes.figure.colorbar(image, ax=axes, label=label, pad=0.02, aspect=30)
    bar.outline.set_visible(False)
