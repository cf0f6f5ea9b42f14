"""Tests of the parts of a score: that they hold everything once."""

import pytest

from speechkit.metrics import by_length, by_speaker, score


def test_speakers_have_their_own_utterances():
    result = score(["a", "b", "c"], ["a", "x", "y"], speakers=["s2", "s1", "s2"])

    parts = by_speaker(result)

    assert [*parts] == ["s1", "s2"]
    assert {name: part.error_rate for name, part in parts.items()} == {
        "s1": 1,
        "s2": 0.5,
    }


def test_lengths_hold_each_utterance_once():
    texts = [" ".join("a" * length) for length in (0, 1, 2, 3, 4, 5, 9)]

    parts = by_length(score(texts, texts), edges=(1, 3, 4))

    lengths = {
        limits: [len(u.alignment.reference) for u in part.utterances]
        for limits, part in parts.items()
    }
    assert lengths == {(0, 0): [0], (1, 2): [1, 2], (3, 3): [3], (4, None): [4, 5, 9]}


def test_rejects_an_unknown_speaker():
    with pytest.raises(ValueError, match=r"speaker of every utterance. .*none of '1'"):
        by_speaker(score(["a"], ["a"]))


@pytest.mark.parametrize("edges", [(3, 2), (2, 2), (0, 1)])
def test_rejects_edges_that_do_not_rise(edges):
    with pytest.raises(ValueError, match="`edges` must rise from 1 or more"):
        by_length(score(["a"], ["a"]), edges=edges)
