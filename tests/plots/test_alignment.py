"""Tests of the picture of an alignment."""

import numpy as np
import pytest

from speechkit import plots
from speechkit.decoders import AlignedSpan

SPANS = [
    AlignedSpan(2, 10, 14, 0.2, 0.28, 0.9),
    AlignedSpan(1, 20, 22, 0.4, 0.44, 0.8),
    AlignedSpan(2, 30, 31, 0.6, 0.62, 0.7),
]


@pytest.fixture
def probabilities():
    """Made-up probabilities of three classes in 49 frames of 20 ms."""
    return np.random.default_rng(seed=0).dirichlet([1, 1, 1], size=49)


def draw(probabilities, **kwargs):
    """Returns the axes of the spectrogram and those of the probabilities."""
    figure = plots.alignment(
        SPANS,
        probabilities,
        levels=np.random.default_rng(seed=0).normal(size=(98, 40)),
        frame_step_seconds=0.02,
        frame_step=160,
        sampling_rate=16000,
        **kwargs,
    )
    return figure.axes[:2]


def test_names_stand_above_the_middle_of_their_labels(probabilities):
    above, _ = draw(probabilities, names=["", "a", " "])

    assert [text.get_text() for text in above.texts] == ["␣", "a", "␣"]
    middles = [text.xy[0] for text in above.texts]
    np.testing.assert_allclose(middles, [0.24, 0.42, 0.61])


def test_without_names_labels_are_numbers(probabilities):
    above, _ = draw(probabilities)

    assert [text.get_text() for text in above.texts] == ["2", "1", "2"]


def test_curves_are_the_probabilities_of_blank_and_labels(probabilities):
    _, below = draw(probabilities)

    for line, label in zip(below.lines, [0, 2, 1], strict=True):
        np.testing.assert_array_equal(line.get_ydata(), probabilities[:, label])
        np.testing.assert_allclose(line.get_xdata()[:2], [0.01, 0.03])


def test_a_label_has_one_colour_for_its_curve_and_all_of_its_frames(probabilities):
    _, below = draw(probabilities)

    first, second, third = (patch.get_facecolor()[:3] for patch in below.patches)
    assert first == third != second
    widths = [patch.get_width() for patch in below.patches]
    np.testing.assert_allclose(widths, [0.08, 0.04, 0.02])


def test_both_pictures_share_their_time(probabilities):
    above, below = draw(probabilities)

    np.testing.assert_allclose(above.get_xlim(), (0, 0.98))
    assert below.get_xlim() == above.get_xlim()


@pytest.mark.parametrize(
    "probabilities",
    [
        pytest.param(np.full(49, 0.5), id="one-class-without-axis"),
        pytest.param(np.full((49, 3), -1.0), id="logarithms"),
        pytest.param(np.full((49, 3), np.nan), id="not-a-number"),
    ],
)
def test_rejects_what_are_no_probabilities(probabilities):
    with pytest.raises(ValueError, match="`probabilities` must have shape"):
        draw(probabilities)
