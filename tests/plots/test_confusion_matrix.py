"""Tests of the picture of a classifier's confusions."""

import matplotlib.font_manager
import numpy as np
import pytest

from speechkit import plots

CHINESE = ["蓝牙开机", "蓝牙关机"]
# Script letters that the default font lacks and the mathematical font has; both come
# with matplotlib.
SCRIPT = ["\U0001d49c", "\U0001d49e"]


@pytest.fixture
def bundled_fonts(monkeypatch):
    """Hides the fonts of this machine; leaves those that come with matplotlib."""
    manager = matplotlib.font_manager.fontManager
    bundled = [font for font in manager.ttflist if "mpl-data" in font.fname]
    monkeypatch.setattr(manager, "ttflist", bundled)


def made_up_answers(num_classes, num_clips):
    """Returns true and recognised classes, three quarters of them alike."""
    random = np.random.default_rng(seed=0)
    references = random.integers(num_classes, size=num_clips)
    guesses = random.integers(num_classes, size=num_clips)
    return references, np.where(random.random(num_clips) < 0.75, references, guesses)


def written_counts(axes):
    """Returns the counts in the cells of the picture, by row and column."""
    cells = {text.get_position()[::-1]: int(text.get_text()) for text in axes.texts}
    assert len(cells) == len(axes.texts)
    return cells


def test_cells_have_the_counts_of_each_pair():
    references, hypotheses = made_up_answers(num_classes=5, num_clips=60)

    axes = plots.confusion_matrix(references, hypotheses, labels=list("abcde")).axes[0]

    pairs = list(zip(references, hypotheses, strict=True))
    assert written_counts(axes) == {pair: pairs.count(pair) for pair in pairs}


def test_colours_are_shares_of_the_rows():
    references, hypotheses = [0, 0, 0, 0, 1], [0, 0, 0, 1, 1]

    image = (
        plots.confusion_matrix(references, hypotheses, labels=list("abc"))
        .axes[0]
        .images[0]
    )

    expected = [[0.75, 0.25, 0], [0, 1, 0], [0, 0, 0]]
    np.testing.assert_array_equal(image.get_array(), expected)
    assert image.get_clim() == (0, 1)


def test_title_has_the_accuracy():
    axes = plots.confusion_matrix([0, 1, 1], [0, 1, 0], labels=["yes", "no"]).axes[0]

    assert axes.get_title() == "2 of 3 clips right (66.7 %)"


@pytest.mark.parametrize("num_classes", [1, 2, 10, 24, 40])
def test_counts_fit_into_their_cells(num_classes):
    references, hypotheses = made_up_answers(num_classes, 1600 * num_classes)
    labels = [f"command {number}" for number in range(num_classes)]

    figure = plots.confusion_matrix(references, hypotheses, labels=labels)
    figure.draw_without_rendering()

    axes = figure.axes[0]
    cell = axes.get_window_extent().width / num_classes
    assert max(text.get_window_extent().width for text in axes.texts) < cell
    left, bottom, right, top = figure.get_tightbbox().extents
    assert min(left, bottom) >= 0
    assert right <= figure.get_figwidth()
    assert top <= figure.get_figheight()


@pytest.mark.usefixtures("bundled_fonts")
def test_labels_that_no_font_can_write_become_numbers(tmp_path):
    figure = plots.confusion_matrix([0, 1], [0, 1], labels=CHINESE)
    plots.save(figure, tmp_path / "confusions.png")

    axes = figure.axes[0]
    assert [label.get_text() for label in axes.get_yticklabels()] == ["0", "1"]
    assert axes.get_xlabel() == "Recognised class (number)"


@pytest.mark.usefixtures("bundled_fonts")
def test_labels_are_written_in_a_font_that_has_them(tmp_path):
    figure = plots.confusion_matrix([0, 1], [0, 1], labels=SCRIPT)
    plots.save(figure, tmp_path / "confusions.png")

    for axis in (figure.axes[0].xaxis, figure.axes[0].yaxis):
        assert [label.get_text() for label in axis.get_ticklabels()] == SCRIPT
        assert axis.get_ticklabels()[0].get_fontname().startswith("STIX")


def test_fonts_that_are_gone_are_passed_over(monkeypatch):
    gone = matplotlib.font_manager.FontEntry(fname="gone.ttf", name="A Sans")
    fonts = matplotlib.font_manager.fontManager
    monkeypatch.setattr(fonts, "ttflist", [gone, *fonts.ttflist])

    axes = plots.confusion_matrix([0, 1], [0, 1], labels=SCRIPT).axes[0]

    assert [label.get_text() for label in axes.get_xticklabels()] == SCRIPT


@pytest.mark.parametrize(
    ("references", "hypotheses"),
    [
        pytest.param([], [], id="empty"),
        pytest.param([0, 1], [0], id="other-lengths"),
        pytest.param([[0, 1]], [[0, 1]], id="two-axes"),
    ],
)
def test_rejects_answers_that_do_not_pair_up(references, hypotheses):
    with pytest.raises(ValueError, match=r"must both have shape \(clips,\)"):
        plots.confusion_matrix(references, hypotheses, labels=["yes", "no"])


@pytest.mark.parametrize("wrong", [-1, 2, 0.5])
@pytest.mark.parametrize("name", ["references", "hypotheses"])
def test_rejects_classes_without_a_name(name, wrong):
    answers = {"references": [0, 1], "hypotheses": [0, 1], name: [0, wrong]}

    with pytest.raises(ValueError, match=f"`{name}` must be integers from 0 to 1"):
        plots.confusion_matrix(**answers, labels=["yes", "no"])
