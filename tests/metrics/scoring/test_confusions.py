"""Tests of `confusions` against a count by hand."""

from speechkit.metrics import Confusion, confusions, score
from speechkit.text import parse_reference


def test_errors_come_by_their_number_and_then_by_name():
    references = ["a b", "a b", "a", "c c", "e"]
    hypotheses = ["a x", "y x", "a z", "c", "f"]

    assert confusions(score(references, hypotheses)) == (
        Confusion("b", "x", 2),
        Confusion("a", "y", 1),
        Confusion("e", "f", 1),
        Confusion("c", None, 1),
        Confusion(None, "z", 1),
    )


def test_an_optional_word_left_out_is_none():
    assert confusions(score([parse_reference("(uh) a")], ["a"])) == ()
