"""Tests of word hashes against `str.split`."""

import itertools

import hypothesis
import numpy as np
import pytest
from hypothesis import strategies

from speechkit.ops.edits import words

SPACE = 1
CHARACTERS = "? ab"  # label 0 is the blank, which no text has


def labels_of(texts, width=None):
    """Returns the texts as labels, padded with −1."""
    width = max(map(len, texts)) if width is None else width
    rows = [[CHARACTERS.index(c) for c in t] + [-1] * (width - len(t)) for t in texts]
    return np.array(rows, dtype="int32").reshape(len(texts), width)


def words_of(text):
    return [word for word in text.split(" ") if word]


TEXTS = strategies.text(alphabet=" ab", max_size=12)


@hypothesis.given(reference=TEXTS, hypothesis_=TEXTS)
@hypothesis.settings(max_examples=100, deadline=None, derandomize=True)
def test_words_match_where_they_are_equal(reference, hypothesis_):
    hashes, counts = words.word_hashes(labels_of([reference, hypothesis_], 12), SPACE)

    first, second = np.asarray(hashes)
    matches = first[:, None] == second[None]

    left, right = words_of(reference), words_of(hypothesis_)
    np.testing.assert_array_equal(counts, [len(left), len(right)])
    expected = [[a == b for b in right] for a in left]
    np.testing.assert_array_equal(
        matches[: len(left), : len(right)],
        np.array(expected, dtype=bool).reshape(len(left), len(right)),
    )


@pytest.mark.parametrize(
    ("text", "count"),
    [
        pytest.param("ab ba", 2, id="plain"),
        pytest.param("  ab ba", 2, id="spaces-before"),
        pytest.param("ab ba  ", 2, id="spaces-behind"),
        pytest.param("ab   ba", 2, id="spaces-between"),
        pytest.param("   ", 0, id="only-spaces"),
        pytest.param("", 0, id="nothing"),
    ],
)
def test_words_stand_between_one_or_more_spaces(text, count):
    _, counts = words.word_hashes(labels_of([text], width=8), SPACE)

    np.testing.assert_array_equal(counts, [count])


def test_equal_words_are_equal_wherever_they_stand():
    text = "ab " * 100

    hashes, counts = words.word_hashes(labels_of([text]), SPACE)

    assert int(counts[0]) == 100
    assert len(np.unique(np.asarray(hashes)[0, :100])) == 1


@pytest.mark.parametrize(
    ("characters", "length"),
    [
        pytest.param(2, 12, id="long-words"),
        pytest.param(20, 3, id="short-words"),
        pytest.param(100, 2, id="pairs"),
    ],
)
def test_all_words_of_an_alphabet_differ(characters, length):
    every = np.array(list(itertools.product(range(2, 2 + characters), repeat=length)))
    row = np.pad(every, [[0, 0], [0, 1]], constant_values=SPACE).reshape(1, -1)

    hashes, counts = words.word_hashes(row.astype("int32"), SPACE)

    assert int(counts[0]) == len(every)
    found = np.unique(np.asarray(hashes)[0, : len(every)])
    assert len(found) == len(every)


def test_rows_without_labels_have_no_words():
    hashes, counts = words.word_hashes(np.zeros((2, 0), dtype="int32"), SPACE)

    assert hashes.shape == (2, 0)
    np.testing.assert_array_equal(counts, [0, 0])


def test_characters_stand_alone_among_words():
    # 3 is a character: "a3", "3a" and "33" are two tokens each.
    row = np.array([[2, 2, 3, 2, 3, 3, SPACE, 3, SPACE, 2, 2, -1]], dtype="int32")

    hashes, counts = words.word_hashes(row, SPACE, character_labels=(3,))

    assert int(counts[0]) == 7
    found = np.asarray(hashes)[0, :7]
    same = [[*np.flatnonzero(found == value)] for value in found[[0, 1, 2]]]
    assert same == [[0, 6], [1, 3, 4, 5], [2]]
