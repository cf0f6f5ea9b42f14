"""Tests of what all pictures promise."""

import sys

import matplotlib
import matplotlib.figure
import matplotlib.pyplot
import numpy as np
import pytest

from speechkit import plots
from speechkit.decoders import AlignedSpan

CLIP = np.random.default_rng(seed=0).uniform(-1, 1, size=16000)
SPANS = [AlignedSpan(1, 10, 20, 0.2, 0.4, 0.9)]
PICTURES = {
    "alignment": lambda **kw: plots.alignment(
        SPANS,
        np.full((50, 2), 0.5),
        levels=CLIP.reshape(100, 160),
        frame_step_seconds=0.02,
        frame_step=160,
        sampling_rate=16000,
        **kw,
    ),
    "confusion_matrix": lambda **kw: plots.confusion_matrix(
        [0, 1], [0, 1], labels="ab", **kw
    ),
    "ctc_lattice": lambda **kw: plots.ctc_lattice(np.full((4, 5), 0.5), "ab", **kw),
    "spectrogram": lambda **kw: plots.spectrogram(
        CLIP.reshape(100, 160), frame_step=160, sampling_rate=16000, **kw
    ),
    "spectrum": lambda **kw: plots.spectrum(CLIP, 16000, **kw),
    "training_curves": lambda **kw: plots.training_curves({"loss": [1.0, 0.5]}, **kw),
    "waveform": lambda **kw: plots.waveform(CLIP, 16000, **kw),
}
each_picture = pytest.mark.parametrize("name", sorted(PICTURES))


def test_every_picture_is_tested():
    assert {*PICTURES, "save"} == set(plots.__all__)


@each_picture
def test_picture_is_drawn_without_global_state(name, tmp_path):
    settings = {**matplotlib.rcParams}

    plots.save(PICTURES[name](), tmp_path / "picture.png")

    assert matplotlib.pyplot.get_fignums() == []
    assert matplotlib.rcParams == settings


@each_picture
def test_picture_is_drawn_on_given_axes(name):
    figure = matplotlib.figure.Figure(layout="constrained")
    left, right = figure.subfigures(1, 2)
    left.add_subplot()
    axes, below = right.subplots(2, 1)
    several = {"training_curves": [axes], "alignment": [axes, below]}

    drawn = PICTURES[name](axes=several.get(name, axes))

    assert drawn is figure
    assert axes.has_data()
    assert not left.axes[0].has_data()


@each_picture
def test_axes_say_what_they_show(name):
    axes = PICTURES[name]().axes[0]

    assert axes.get_xlabel()
    assert axes.get_ylabel()


@each_picture
def test_missing_matplotlib_is_named(name, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)

    with pytest.raises(
        ImportError, match="needs matplotlib: pip install 'matplotlib>=3"
    ):
        PICTURES[name]()
