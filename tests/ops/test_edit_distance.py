"""Tests of `edit_distance` against the textbook recursion in plain Python."""

import hypothesis
import numpy as np
from hypothesis import strategies

from speechkit.ops import edit_distance


def distance_by_rows(matches):
    """Returns the edit distance for a matrix that says which tokens are equal."""
    row = list(range(len(matches[0]) + 1)) if len(matches) else []
    for place, equal in enumerate(matches, start=1):
        last, row = row, [place]
        for column, same in enumerate(equal):
            cheapest = min(last[column] + (not same), last[column + 1] + 1)
            row.append(min(cheapest, row[column] + 1))
    return row[-1]


@hypothesis.given(
    width=strategies.integers(0, 7),
    height=strategies.integers(0, 7),
    seed=strategies.integers(0, 2**32 - 1),
)
@hypothesis.settings(max_examples=60, deadline=None, derandomize=True)
def test_distance_equals_the_textbook_recursion(width, height, seed):
    random = np.random.default_rng(seed)
    matches = random.random(size=(4, width, height)) < 0.4
    references = random.integers(0, width, size=4, endpoint=True)
    hypotheses = random.integers(0, height, size=4, endpoint=True)

    distances = edit_distance.edit_distance(
        matches, references.astype("int32"), hypotheses.astype("int32")
    )

    expected = [
        distance_by_rows(clip[:rows, :columns].tolist()) if rows else columns
        for clip, rows, columns in zip(matches, references, hypotheses, strict=True)
    ]
    np.testing.assert_array_equal(distances, expected)


def test_a_long_shift_costs_one_deletion_and_one_insertion():
    reference, hypothesis_ = np.arange(200), np.arange(1, 201)
    length = np.array([200], dtype="int32")

    matches = (reference[:, None] == hypothesis_)[None]

    assert int(edit_distance.edit_distance(matches, length, length)[0]) == 2
