"""Tests of the rates of `ErrorCounts` where jiwer has no say."""

import pytest

from speechkit.metrics import ErrorCounts


def test_counts_add_up():
    total = ErrorCounts(1, 2, 3, 4) + ErrorCounts(10, 20, 30, 40)

    assert total == ErrorCounts(11, 22, 33, 44)
    assert (total.errors, total.reference_length, total.hypothesis_length) == (
        99,
        66,
        77,
    )


def test_nothing_said_and_nothing_heard_is_right():
    counts = ErrorCounts()

    assert counts.error_rate == counts.match_error_rate == 0
    assert counts.word_information_preserved == 1


def test_words_without_a_reference_are_infinitely_wrong():
    counts = ErrorCounts(insertions=2)

    assert counts.error_rate == float("inf")
    assert counts.match_error_rate == 1
    assert counts.word_information_preserved == 0


def test_rates_of_the_paper():
    # Morris et al., From WER and RIL to MER and WIL, 2004: by their formulas
    # WER = (S + D + I) / N, MER = 1 - H / (H + S + D + I), WIL = 1 - H^2 / (N P).
    counts = ErrorCounts(hits=6, substitutions=2, deletions=1, insertions=3)

    assert counts.error_rate == pytest.approx(6 / 9)
    assert counts.match_error_rate == pytest.approx(1 - 6 / 12)
    assert counts.word_information_lost == pytest.approx(1 - 36 / (9 * 11))
