"""Tests of `score`: which hypothesis belongs to which reference."""

import pytest

from speechkit.metrics import ErrorCounts, score


def test_rates_are_of_sums():
    result = score(["a", "b c d e", "f"], ["x", "b c d e", "f"])

    assert result.counts == ErrorCounts(hits=5, substitutions=1)
    assert result.error_rate == 1 / 6
    assert result.sentence_errors == 1
    assert result.sentence_error_rate == 1 / 3


def test_names_match_hypotheses_in_any_order():
    result = score({"u1": "a", "u2": "b"}, {"u2": "b", "u1": "a"}, speakers=None)

    assert result.error_rate == 0
    assert [u.utterance_id for u in result.utterances] == ["u1", "u2"]
    assert result.utterances[0].speaker is None


def test_without_names_utterances_are_numbered():
    result = score(["a", "b"], ["a", "b"], speakers=["ann", "ben"])

    names = [(u.utterance_id, u.speaker) for u in result.utterances]
    assert names == [("1", "ann"), ("2", "ben")]


def test_no_utterances_make_no_errors():
    assert score([], []).error_rate == score([], []).sentence_error_rate == 0


@pytest.mark.parametrize(
    ("hypotheses", "message"),
    [
        ({"u1": "a"}, "Received: 1 .'u2'. missing, 0 unknown"),
        ({"u1": "a", "u2": "b", "u3": ""}, "Received: 0 missing, 1 .'u3'. unknown"),
    ],
)
def test_rejects_utterances_without_a_partner(hypotheses, message):
    with pytest.raises(ValueError, match=message):
        score({"u1": "a", "u2": "b"}, hypotheses)


def test_rejects_too_few_hypotheses():
    with pytest.raises(ValueError, match="Received: 1 hypotheses, 2 references"):
        score(["a", "b"], ["a"])


def test_rejects_too_few_speakers():
    with pytest.raises(ValueError, match="`speakers` must be as many as `references`"):
        score(["a", "b"], ["a", "b"], speakers=["ann"])


def test_rejects_names_on_one_side_alone():
    with pytest.raises(TypeError, match="`hypotheses` must be a mapping like"):
        score({"u1": "a"}, ["a"])
    with pytest.raises(TypeError, match="`hypotheses` must be a sequence like"):
        score(["a"], {"u1": "a"})


def test_rejects_one_text_for_all():
    with pytest.raises(TypeError, match="`references` must be a sequence of texts"):
        score("a b", "a b")
