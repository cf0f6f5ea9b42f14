"""Tests of `CTCGreedyDecoder` against `itertools.groupby`."""

import itertools

import numpy as np
import pytest

from contract.masks import masked
from speechkit.decoders import CTCGreedyDecoder
from speechkit.ops.time.masks import get_mask


def decoder_of(blank_index):
    return CTCGreedyDecoder(["w", "x", "y", "z"], blank_index=blank_index)


def collapsed(classes, blank_index):
    return [c for c, _ in itertools.groupby(classes) if c != blank_index]


@pytest.mark.parametrize(
    ("blank_index", "from_zero"), [(0, 0), (2, 2), (-1, 3), (-4, 0)]
)
def test_labels_equal_merging_and_dropping(random, blank_index, from_zero):
    logits = random.normal(size=(50, 30, 4)).astype("float32")
    lengths = random.integers(0, 31, size=50)

    labels = np.asarray(decoder_of(blank_index)(masked(logits, lengths)))

    assert labels.shape == (50, 30)
    for row, clip, length in zip(labels, logits, lengths, strict=True):
        expected = collapsed(clip[:length].argmax(axis=-1), from_zero)
        np.testing.assert_array_equal(row[: len(expected)], expected)
        np.testing.assert_array_equal(row[len(expected) :], -1)


def test_without_a_mask_all_frames_are_valid(random):
    logits = random.normal(size=(1, 30, 4)).astype("float32")

    labels = np.asarray(decoder_of(0)(logits))[0]

    assert labels[labels >= 0].tolist() == collapsed(logits[0].argmax(axis=-1), 0)


def test_of_two_equal_classes_the_first_counts():
    ones = np.ones((1, 2, 4), "f")

    assert decoder_of(0)(ones).numpy().tolist() == [[-1, -1]]
    assert decoder_of(2)(ones).numpy().tolist() == [[0, -1]]
    assert decoder_of(2).decode(ones)[0][0].labels == (0,)


def test_no_frames_give_no_labels():
    assert decoder_of(0)(np.ones((2, 0, 4), "f")).shape == (2, 0)


def test_labels_carry_no_mask(random):
    logits = masked(random.normal(size=(2, 9, 4)), [9, 4])

    assert get_mask(decoder_of(0)(logits)) is None


def test_hypothesis_has_the_score_and_the_frames_of_the_best_path():
    probabilities = np.full((1, 5, 3), 0.1)
    probabilities[0, np.arange(5), [0, 1, 1, 0, 2]] = 0.8
    decoder = CTCGreedyDecoder(["", "a", "b"])

    ((found,),) = decoder.decode(np.log(probabilities), num_hypotheses=3)

    assert (found.text, found.labels, found.confidence) == ("ab", (1, 2), 1.0)
    assert found.score == found.acoustic_score == pytest.approx(5 * np.log(0.8))
    spans = [(x.text, x.start_frame, x.end_frame) for x in found.timed_labels]
    assert spans == [("a", 1, 3), ("b", 4, 5)]
    assert found.timed_labels[0].confidence == pytest.approx(0.8)
