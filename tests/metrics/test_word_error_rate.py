"""Tests of the numbers and the errors of `WordErrorRate` against jiwer."""

import jiwer
import pytest

from speechkit.metrics import WordErrorRate


def test_rate_of_a_corpus_equals_jiwer(corpus, labels_of):
    references, hypotheses = corpus
    metric = WordErrorRate(space_label=1)

    for start in range(0, 60, 16):
        batch = slice(start, start + 16)
        metric.update_state(labels_of(references[batch]), labels_of(hypotheses[batch]))

    expected = jiwer.wer(references, hypotheses)
    assert 0.2 < expected < 1
    assert float(metric.result()) == pytest.approx(expected, rel=1e-6)


def test_rate_is_not_the_mean_of_the_rates(labels_of):
    metric = WordErrorRate(space_label=1)

    # One of one word is wrong, and none of four.
    metric.update_state(labels_of(["a", "a b c d"]), labels_of(["b", "a b c d"]))

    assert float(metric.result()) == pytest.approx(1 / 5)


@pytest.mark.parametrize(
    ("reference", "hypothesis", "expected"),
    [
        pytest.param("ab cd", "ab cd", 0, id="equal"),
        pytest.param("ab cd", "  ab   cd ", 0, id="more-spaces"),
        pytest.param("ab cd", "abcd", 1, id="run-together"),
        pytest.param("ab cd", "", 1, id="nothing-heard"),
        pytest.param("ab", "cd ef ab", 2, id="more-than-all"),
        pytest.param("ab cd ef", "cd ef", 1 / 3, id="shifted"),
        pytest.param("ab", "ba", 1, id="same-characters"),
    ],
)
def test_rate_of_one_clip(labels_of, reference, hypothesis, expected):
    metric = WordErrorRate(space_label=1)

    metric.update_state(labels_of([reference]), labels_of([hypothesis]))

    assert float(metric.result()) == pytest.approx(expected)


@pytest.mark.parametrize("value", [-1, None, 1.0])
def test_rejects_a_space_that_is_no_label(value):
    message = f"`space_label` must be an integer of 0 or more. .*space_label={value}"

    with pytest.raises(ValueError, match=message):
        WordErrorRate(space_label=value)
