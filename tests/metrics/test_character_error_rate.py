"""Tests of the numbers of `CharacterErrorRate` against jiwer."""

import jiwer
import numpy as np
import pytest
import tensorflow as tf

from speechkit import decoders, metrics
from speechkit.metrics import CharacterErrorRate

CLASSES = [*"? abcdef"]


@pytest.fixture
def spaced(random):
    """Two lists of 200 short texts with spaces anywhere, and a word in references."""

    def text(least):
        letters = random.choice([*"  ab"], random.integers(0, 7))
        at = random.integers(0, len(letters) + 1)
        return "".join(np.insert(letters, at, ["a"] * least))

    return [text(1) for _ in range(200)], [text(0) for _ in range(200)]


def test_rate_of_a_corpus_equals_jiwer(corpus, labels_of):
    references, hypotheses = corpus
    metric = CharacterErrorRate(space_label=1)

    for start in range(0, 60, 16):
        batch = slice(start, start + 16)
        metric.update_state(labels_of(references[batch]), labels_of(hypotheses[batch]))

    expected = jiwer.cer(references, hypotheses)
    assert float(metric.result()) == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize("form", [lambda function: function, tf.function])
def test_spaces_anywhere_count_as_in_jiwer_and_in_score(spaced, labels_of, form):
    metric = CharacterErrorRate(space_label=1)

    form(metric.update_state)(*map(labels_of, spaced))

    expected = jiwer.cer(*spaced)
    assert 0 < expected < 2
    assert float(metric.result()) == pytest.approx(expected, rel=1e-6)
    score = metrics.score(*spaced, unit="characters")
    assert score.error_rate == pytest.approx(expected)


def test_the_decoder_knows_the_space(labels_of):
    logits = np.eye(8, dtype="float32")[labels_of(["ab c"])]
    labels = labels_of([" ab c "])

    def rate(classes, **arguments):
        decoder = decoders.CTCGreedyDecoder(classes, **arguments)
        metric = CharacterErrorRate(decoder=decoder)
        metric.update_state(labels, logits)
        return float(metric.result())

    assert rate(CLASSES) == 0
    assert rate([*"?|abcdef"], word_delimiter="|") == 0
    assert rate(CLASSES, word_delimiter=None) == pytest.approx(2 / 6)


def test_without_a_space_label_every_label_counts(labels_of):
    metric = CharacterErrorRate()

    metric.update_state(labels_of(["ab c"]), labels_of([" ab c"]))

    assert float(metric.result()) == 1 / 4


def test_rejects_a_space_that_is_no_label():
    message = "`space_label` must be an integer of 0 or more. Received: space_label=-1"

    with pytest.raises(ValueError, match=message):
        CharacterErrorRate(space_label=-1)


def test_rate_is_not_the_mean_of_the_rates(labels_of):
    metric = CharacterErrorRate()

    # One of one character is wrong, and none of nine.
    metric.update_state(labels_of(["a", "abcabcabc"]), labels_of(["b", "abcabcabc"]))

    assert float(metric.result()) == pytest.approx(1 / 10)


@pytest.mark.parametrize(
    ("reference", "hypothesis", "expected"),
    [
        pytest.param("abc", "abc", 0, id="equal"),
        pytest.param("abc", "", 1, id="nothing-heard"),
        pytest.param("a", "abca", 3, id="more-than-all"),
        pytest.param("ab", "a b", 1 / 2, id="the-space-is-a-character"),
    ],
)
def test_rate_of_one_clip(labels_of, reference, hypothesis, expected):
    metric = CharacterErrorRate()

    metric.update_state(labels_of([reference]), labels_of([hypothesis]))

    assert float(metric.result()) == pytest.approx(expected)
