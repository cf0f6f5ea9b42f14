"""Draws the pictures of the page on CTC before the site is built."""

from pathlib import Path

import numpy as np

from speechkit import plots
from speechkit.ops.ctc import best_path

# The example of the page: five frames of –, a and b.
PROBABILITIES = np.array(
    [
        [0.6, 0.3, 0.1],
        [0.2, 0.7, 0.1],
        [0.5, 0.3, 0.2],
        [0.1, 0.2, 0.7],
        [0.6, 0.1, 0.3],
    ]
)
LABELS = np.array([[1, 2]])


def setup(app):
    """Connects the extension to Sphinx."""
    app.connect("builder-inited", draw)
    return {"parallel_read_safe": True}


def draw(app):
    """Writes the pictures beside the page."""
    folder = Path(app.srcdir) / "concepts" / "pictures"
    emitted = PROBABILITIES[:, [0, 1, 0, 2, 0]]
    alphas = forward(emitted)
    betas = forward(emitted[::-1, ::-1])[::-1, ::-1]
    posteriors = alphas * betas / emitted / alphas[-1, -2:].sum()
    (path,), _ = best_path.best_paths(np.log(PROBABILITIES)[None], LABELS, [5], 0)
    plots.save(plots.ctc_lattice(alphas, ["a", "b"]), folder / "ctc_forward.png")
    figure = plots.ctc_lattice(posteriors, ["a", "b"], path=path)
    plots.save(figure, folder / "ctc_posteriors.png")


def forward(emitted):
    """Returns the forward variables of two labels that differ."""
    held = np.zeros((5, 5))
    held[0, :2] = emitted[0, :2]
    for frame in range(1, 5):
        arrived = held[frame - 1] + np.append(0, held[frame - 1, :-1])
        arrived[3] += held[frame - 1, 1]
        held[frame] = arrived * emitted[frame]
    return held
