"""Tests of `count_errors` and `align` against jiwer, on texts of any kind."""

import dataclasses

import hypothesis
import jiwer
import pytest
from hypothesis import strategies

from speechkit.metrics import ErrorCounts, align, count_errors

# Letters, digits, marks and signs of all scripts, but no white space.
CHARACTERS = strategies.characters(exclude_categories=("C", "Z"))
# From five words the two sides have many in common.
WORDS = strategies.one_of(
    strategies.sampled_from(["a", "to", "蓝牙", "ß", "👍🏽"]),
    strategies.text(CHARACTERS, min_size=1, max_size=3),
)
SENTENCES = strategies.lists(WORDS, max_size=6).map(" ".join)
PAIRS = strategies.lists(
    strategies.tuples(SENTENCES, SENTENCES), min_size=100, max_size=100
)
DRAWN = hypothesis.settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=[hypothesis.HealthCheck.large_base_example],
)


def counts_of(judged):
    """Returns the counts that jiwer made."""
    names = [field.name for field in dataclasses.fields(ErrorCounts)]
    return ErrorCounts(**{name: getattr(judged, name) for name in names})


@hypothesis.given(pairs=PAIRS)
@DRAWN
def test_words_are_counted_as_jiwer_does(pairs):
    references, hypotheses = map(list, zip(*pairs, strict=True))

    counts = count_errors(references, hypotheses)

    judged = jiwer.process_words(references, hypotheses)
    assert counts == counts_of(judged)
    assert counts.match_error_rate == pytest.approx(judged.mer, rel=1e-12)
    assert counts.word_information_preserved == pytest.approx(judged.wip, rel=1e-12)
    assert counts.word_information_lost == pytest.approx(judged.wil, rel=1e-12)


@hypothesis.given(pairs=PAIRS)
@hypothesis.settings(DRAWN, max_examples=30)
def test_characters_are_counted_as_jiwer_does(pairs):
    references, hypotheses = map(list, zip(*pairs, strict=True))

    counts = count_errors(references, hypotheses, unit="characters")

    judged = jiwer.process_characters(references, hypotheses)
    assert counts == counts_of(judged)


@hypothesis.given(pairs=PAIRS)
@hypothesis.settings(DRAWN, max_examples=20)
def test_alignments_have_the_counts_of_the_corpus(pairs):
    references, hypotheses = map(list, zip(*pairs, strict=True))

    alignments = [align(*pair) for pair in pairs]

    total = sum((alignment.counts for alignment in alignments), ErrorCounts())
    assert total == count_errors(references, hypotheses)
    for alignment, pair in zip(alignments, pairs, strict=True):
        sides = zip(*alignment.pairs, strict=True) if alignment.pairs else ((), ())
        kept = [" ".join(token for token in side if token) for side in sides]
        assert kept == list(pair)


def test_tokens_are_taken_as_they_are():
    counts = count_errors([["new york", "is"]], [("new york", "was")])

    assert counts == ErrorCounts(hits=1, substitutions=1)


def test_an_empty_corpus_has_no_errors():
    assert count_errors([], []) == ErrorCounts()
    assert count_errors([], []).error_rate == 0


def test_rejects_sides_of_different_length():
    message = "as many as `references`. Received: 1 hypotheses, 2 references"

    with pytest.raises(ValueError, match=message):
        count_errors(["a", "b"], ["a"])


@pytest.mark.parametrize("value", ["one text", b"bytes", {"u1": "a"}, None])
def test_rejects_what_is_no_sequence_of_texts(value):
    with pytest.raises(TypeError, match="`references` must be a sequence of texts"):
        count_errors(value, ["a"])


@pytest.mark.parametrize("value", [b"bytes", None, 3, ["a", b"b"]])
def test_rejects_what_is_no_text(value):
    message = "`hypotheses` must be a text or a sequence of texts. Received: hypotheses"

    with pytest.raises(TypeError, match=message):
        count_errors(["a"], [value])


def test_rejects_an_unknown_unit():
    message = "`unit` must be one of 'words', 'characters', 'mixed'. .*unit='letters'"

    with pytest.raises(ValueError, match=message):
        count_errors(["a"], ["a"], unit="letters")
