"""Tests of the picture of a CTC lattice."""

import numpy as np
import pytest

from ops.ctc.judges import alignments
from speechkit import plots


def draw(frames, labels, **kwargs):
    """Returns the axes of a lattice with the same number in every state."""
    values = np.full((frames, 2 * len(labels) + 1), 0.25)
    return plots.ctc_lattice(values, labels, **kwargs).axes[0]


def all_ways(frames, labels):
    """Returns the steps (frame, from, to) of all alignments, and their states."""
    steps, states = set(), set()
    classes = {label: place for place, label in enumerate(sorted(set(labels)), 1)}
    targets = [classes[label] for label in labels]
    for path in alignments(frames, len(classes) + 1, targets, 0):
        state, places = 0, []
        for frame, label in enumerate(path):
            before = path[frame - 1] if frame else 0
            if label == 0:
                state += state % 2
            elif label != before:
                state += 1 if state % 2 == 0 else 2
            places.append(state)
        states |= set(enumerate(places))
        steps |= {(t, *places[t : t + 2]) for t in range(frames - 1)}
    return steps, states


@pytest.mark.parametrize("labels", [["a", "b"], ["a", "a"], ["a"], []])
def test_ways_and_states_are_those_of_all_alignments(labels):
    axes = draw(5, labels)

    lines = [(line.get_xdata()[0], *line.get_ydata()) for line in axes.lines]
    steps, states = all_ways(5, labels)
    assert sorted(lines) == sorted(steps)
    assert {
        tuple(map(int, point)) for point in axes.collections[0].get_offsets()
    } == states


def test_states_start_at_the_top():
    axes = draw(4, ["a", "b"], blank_text="_")

    assert [text.get_text() for text in axes.get_yticklabels()] == [*"_a_b_"]
    assert axes.get_ylim()[0] > axes.get_ylim()[1]


def test_numbers_stand_in_their_states():
    values = np.linspace(0, 1, 15).reshape(3, 5)

    axes = plots.ctc_lattice(values, ["a", "b"]).axes[0]

    for text in axes.texts:
        frame, state = text.xy
        assert text.get_text() == f"{values[frame, state]:.3f}"


def test_a_path_is_drawn_over_the_ways():
    axes = draw(4, ["a", "b"], path=[0, 1, 3, 4])

    np.testing.assert_array_equal(axes.lines[-1].get_ydata(), [0, 1, 3, 4])


@pytest.mark.parametrize(
    "values", [np.zeros((4, 4)), np.zeros(5), np.full((4, 5), 2.0)]
)
def test_rejects_values_that_do_not_fit(values):
    with pytest.raises(ValueError, match=r"`values` must have shape \(frames, 5\)"):
        plots.ctc_lattice(values, ["a", "b"])
