"""Tests of `confusion_counts` against a count one by one."""

import numpy as np
import pytest

from speechkit.metrics import confusion_counts


def test_pairs_are_counted_one_by_one(random):
    said, heard = random.integers(5, size=(2, 200))

    counts = confusion_counts(said, heard, num_classes=6)

    expected = np.zeros((6, 6), int)
    for pair in zip(said, heard, strict=True):
        expected[pair] += 1
    np.testing.assert_array_equal(counts, expected)
    assert np.trace(counts) / counts.sum() == np.mean(said == heard)


def test_no_clips_make_no_pairs():
    np.testing.assert_array_equal(
        confusion_counts([], [], num_classes=2), np.zeros((2, 2))
    )


@pytest.mark.parametrize("value", [[-1, 0], [0, 2], [0.5, 1.0], [[0], [1]]])
def test_rejects_classes_out_of_range(value):
    with pytest.raises(ValueError, match="`references` must be a sequence of integers"):
        confusion_counts(value, [0, 1], num_classes=2)


def test_rejects_sides_of_different_length():
    with pytest.raises(ValueError, match=r"Received: 1 hypotheses, 2 references"):
        confusion_counts([0, 1], [0], num_classes=2)
