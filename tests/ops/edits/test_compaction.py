"""Tests of `to_the_front` against a list comprehension."""

import numpy as np

from speechkit.ops.edits import compaction


def test_kept_labels_stand_in_front(random):
    labels = random.integers(0, 9, size=(5, 7)).astype("int32")
    keep = random.random(size=(5, 7)) < 0.5

    front = np.asarray(compaction.to_the_front(labels, keep))

    for row, kept, found in zip(labels, keep, front, strict=True):
        expected = [label for label, flag in zip(row, kept, strict=True) if flag]
        assert [*found] == expected + [-1] * (7 - len(expected))
