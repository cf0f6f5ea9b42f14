"""Tests of the matched-pairs test against scipy, and of its segments by hand."""

import math

import pytest
import scipy.stats

from speechkit.metrics import matched_pairs_test, score
from speechkit.metrics.scoring import matched_pairs
from speechkit.text import parse_reference


def segments(reference, first, second, min_hits=2):
    one, other = (score([reference], [text]) for text in (first, second))
    alignments = (one.utterances[0].alignment, other.utterances[0].alignment)
    return [*matched_pairs.segments(*alignments, min_hits)]


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        pytest.param("a b c d e f g", "a b c d e f g", [], id="no-errors"),
        pytest.param("x b c d e f g", "a b c d e f y", [(1, 0), (0, 1)], id="apart"),
        pytest.param("x b c y e f g", "a b c d e f g", [(1, 0), (1, 0)], id="two-hits"),
        pytest.param("x b y d e f g", "a b c d e f g", [(2, 0)], id="one-hit"),
        pytest.param("x b y d z f g", "a b c d e f g", [(3, 0)], id="one-hit-twice"),
        pytest.param("a x c d e f g", "a b c d y f g", [(1, 0), (0, 1)], id="systems"),
        pytest.param("a x c d e f g", "a b y d e f g", [(1, 1)], id="neighbours"),
        pytest.param("x b i c d e f g", "a b c d e f g", [(2, 0)], id="insertion"),
        pytest.param(
            "x b c i d e f g", "a b c d e f g", [(1, 0), (1, 0)], id="insertion-after"
        ),
        pytest.param("b c d e f", "a b c d e f g h", [(1, 0), (1, 1)], id="edges"),
        pytest.param("", "a b c d e f g", [(7, 0)], id="nothing-heard"),
    ],
)
def test_segments_end_where_both_hit_two_words(first, second, expected):
    assert segments("a b c d e f g", first, second) == expected


def test_an_optional_word_that_was_not_taken_is_in_no_segment():
    heard = parse_reference("x (uh) b c (um) y e f g")

    found = segments("a b c d e f g", heard, "a b c d e f g")

    assert found == segments("a b c d e f g", "x b c y e f g", "a b c d e f g")


def test_statistics_are_those_of_scipy(random):
    references = [" ".join("abcdefgh") for _ in range(80)]
    systems = [
        [
            " ".join(word if random.random() > rate else "x" for word in "abcdefgh")
            for _ in references
        ]
        for rate in (0.2, 0.1)
    ]
    first, second = (score(references, texts) for texts in systems)

    result = matched_pairs_test(first, second)

    pairs = [
        pair
        for reference, *texts in zip(references, *systems, strict=True)
        for pair in segments(reference, *texts)
    ]
    differences = [one - other for one, other in pairs]
    assert result.num_segments == len(differences) > 50
    judged = scipy.stats.ttest_1samp(differences, 0)
    assert result.z == pytest.approx(judged.statistic, rel=1e-9)
    assert result.p_value == pytest.approx(
        2 * scipy.stats.norm.sf(abs(judged.statistic)), rel=1e-9
    )
    assert result.z > 2
    spread = scipy.stats.tstd(differences)
    assert result.standard_deviation == pytest.approx(spread, rel=1e-9)


def test_the_other_way_round_the_sign_changes():
    first = score(["a b", "c d", "e f"], ["a x", "c x", "e f"])
    second = score(["a b", "c d", "e f"], ["a b", "c d", "x y"])

    one, other = matched_pairs_test(first, second), matched_pairs_test(second, first)

    assert one.z == -other.z
    assert one.mean == 0


def test_equal_differences_leave_no_doubt():
    first = score(["a", "b"], ["x", "x"])

    worse = matched_pairs_test(first, score(["a", "b"], ["a", "b"]))
    equal = matched_pairs_test(first, first)

    assert (worse.z, worse.p_value) == (math.inf, 0)
    assert (equal.z, equal.p_value) == (0, 1)


def test_other_alternatives_make_one_segment_of_the_utterance():
    assert segments("a b c d", "a b c x", "a b c d") == [(1, 0)]
    one = score(["a b"], ["a x"]).utterances[0].alignment
    other = score(["c d e"], ["c d e"]).utterances[0].alignment

    assert [*matched_pairs.segments(one, other, 2)] == [(1, 0)]


def test_rejects_scores_of_other_utterances():
    with pytest.raises(ValueError, match=r"same utterances. Received: 2 of one alone"):
        matched_pairs_test(
            score({"u1": "a"}, {"u1": ""}), score({"u2": ""}, {"u2": ""})
        )


def test_rejects_scores_almost_without_errors():
    first = score(["a", "b"], ["x", "b"])

    with pytest.raises(ValueError, match=r"at least two segments. Received: 1"):
        matched_pairs_test(first, first)
