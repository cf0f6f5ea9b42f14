"""Tests of the picture of a training."""

import numpy as np
import pytest

from speechkit import plots

HISTORY = {
    "accuracy": [0.2, 0.5, 0.7, 0.8],
    "loss": [2.0, 1.0, 0.5, 0.4],
    "val_accuracy": [0.1, 0.4, 0.6, 0.6],
    "val_loss": [2.2, 1.2, 0.9, 0.8],
}


def curves(axes):
    """Returns the points of each curve of a panel, by its label."""
    return {line.get_label(): line.get_xydata().tolist() for line in axes.lines}


def test_training_and_validation_share_a_panel():
    figure = plots.training_curves(HISTORY)

    loss, accuracy = figure.axes
    assert (loss.get_ylabel(), accuracy.get_ylabel()) == ("loss", "accuracy")
    assert curves(accuracy) == {
        "training": [[1, 0.2], [2, 0.5], [3, 0.7], [4, 0.8]],
        "validation": [[1, 0.1], [2, 0.4], [3, 0.6], [4, 0.6]],
    }
    assert accuracy.get_legend() is not None


def test_validation_of_every_second_epoch_lies_on_those():
    figure = plots.training_curves({"loss": [4, 3, 2, 1], "val_loss": [3, 1]})

    assert curves(figure.axes[0])["validation"] == [[2, 3], [4, 1]]


def test_validation_alone_has_its_panel():
    figure = plots.training_curves({"val_word_error_rate": [0.9, 0.5]})

    (axes,) = figure.axes
    assert axes.get_ylabel() == "word error rate"
    assert curves(axes)["validation"] == [[1, 0.9], [2, 0.5]]


def test_one_epoch_is_a_visible_point():
    figure = plots.training_curves({"loss": [2.0]})
    figure.draw_without_rendering()

    (axes,) = figure.axes
    assert axes.lines[0].get_marker() == "o"
    assert [tick for tick in axes.get_xticks() if 0.5 <= tick <= 1.5] == [1]


def test_epochs_are_whole_numbers():
    figure = plots.training_curves(HISTORY)
    figure.draw_without_rendering()

    ticks = figure.axes[0].get_xticks()
    np.testing.assert_array_equal(ticks, np.round(ticks))


def test_values_that_are_not_numbers_are_gaps():
    figure = plots.training_curves({"loss": [1.0, float("nan"), 0.5]})
    figure.draw_without_rendering()

    assert np.isnan(figure.axes[0].lines[0].get_ydata()).tolist() == [
        False,
        True,
        False,
    ]


@pytest.mark.parametrize("history", [{}, {"loss": []}])
def test_rejects_a_history_without_epochs(history):
    with pytest.raises(ValueError, match="`history` must hold the values of one epoch"):
        plots.training_curves(history)


def test_rejects_too_few_axes():
    axes = plots.training_curves({"loss": [1.0]}).axes

    with pytest.raises(ValueError, match=r"each of 2 panels. Received: len\(axes\)=1"):
        plots.training_curves(HISTORY, axes=axes)
