"""Tests of the numbers of `CharacterErrorRate` against jiwer."""

import jiwer
import pytest

from speechkit.metrics import CharacterErrorRate


def test_rate_of_a_corpus_equals_jiwer(corpus, labels_of):
    # jiwer strips what stands around a text, we count it: both see stripped texts.
    references, hypotheses = ([text.strip() for text in texts] for texts in corpus)
    metric = CharacterErrorRate()

    for start in range(0, 60, 16):
        batch = slice(start, start + 16)
        metric.update_state(labels_of(references[batch]), labels_of(hypotheses[batch]))

    expected = jiwer.cer(references, hypotheses)
    assert float(metric.result()) == pytest.approx(expected, rel=1e-6)


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
