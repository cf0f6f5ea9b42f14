"""Tests of `CTCGreedyDecoder` against `itertools.groupby`."""

import itertools

import numpy as np
import pytest

from contract.masks import masked
from speechkit.decoders import CTCGreedyDecoder
from speechkit.ops.time.masks import get_mask


def collapsed(classes, blank_index):
    return [c for c, _ in itertools.groupby(classes) if c != blank_index]


@pytest.mark.parametrize(
    ("blank_index", "from_zero"), [(0, 0), (2, 2), (-1, 3), (-4, 0)]
)
def test_labels_equal_merging_and_dropping(random, blank_index, from_zero):
    logits = random.normal(size=(50, 30, 4)).astype("float32")
    lengths = random.integers(0, 31, size=50)

    labels = np.asarray(CTCGreedyDecoder(blank_index)(masked(logits, lengths)))

    assert labels.shape == (50, 30)
    for row, clip, length in zip(labels, logits, lengths, strict=True):
        expected = collapsed(clip[:length].argmax(axis=-1), from_zero)
        np.testing.assert_array_equal(row[: len(expected)], expected)
        np.testing.assert_array_equal(row[len(expected) :], -1)


def test_without_a_mask_all_frames_are_valid(random):
    logits = random.normal(size=(1, 30, 4)).astype("float32")

    labels = np.asarray(CTCGreedyDecoder()(logits))[0]

    assert labels[labels >= 0].tolist() == collapsed(logits[0].argmax(axis=-1), 0)


def test_of_two_equal_classes_the_first_counts():
    assert CTCGreedyDecoder()(np.ones((1, 2, 3), "f")).numpy().tolist() == [[-1, -1]]
    assert CTCGreedyDecoder(2)(np.ones((1, 2, 3), "f")).numpy().tolist() == [[0, -1]]


def test_no_frames_give_no_labels():
    assert CTCGreedyDecoder()(np.ones((2, 0, 3), "f")).shape == (2, 0)


def test_labels_carry_no_mask(random):
    logits = masked(random.normal(size=(2, 9, 3)), [9, 4])

    assert get_mask(CTCGreedyDecoder()(logits)) is None


@pytest.mark.parametrize("blank_index", [3, -4, None])
def test_rejects_a_blank_that_is_no_class(blank_index):
    message = f"`blank_index` .* -3 to 2. Received: blank_index={blank_index}"

    with pytest.raises(ValueError, match=message):
        CTCGreedyDecoder(blank_index)(np.ones((1, 2, 3), "f"))
