"""Tests of the choice between texts by the phones that were heard."""

import dataclasses
import pathlib

import numpy as np
import pytest

from examples.an4 import lexicon, rescoring
from speechkit import decoders

PHONES = {"A": ["EY"], "B": ["IY"], "BE": ["IY"]}
# One frame in which EY is 9 times as probable as IY; the blank is class 0.
GUESS = np.log([[0.5, 0.45, 0.05]]).astype("float32")


def pronunciation():
    return lexicon.Pronunciation(PHONES, pathlib.Path("an4.dic"))


def hypotheses(**scores):
    empty = decoders.Hypothesis("", (), 0.0, 0.0, 0.0, 0.0, 1.0, (), ())
    return [
        dataclasses.replace(empty, text=text.replace("_", " "), score=score)
        for text, score in scores.items()
    ]


def best(weight, guesses=(GUESS,), **scores):
    judge = rescoring.PhoneRescoring(pronunciation(), weight)
    return judge.best(hypotheses(**scores), guesses)


@pytest.mark.parametrize(
    ("weight", "expected"), [(0.0, "B"), (0.99, "B"), (1.01, "A"), (5.0, "A")]
)
def test_phones_weigh_their_log_probability(weight, expected):
    # A and B are log(0.45) and log(0.05): by log(9) apart.
    assert best(weight, A=-np.log(9), B=0.0) == expected


def test_log_probabilities_of_several_guesses_are_added():
    assert best(0.49, (GUESS, GUESS), A=-np.log(9), B=0.0) == "B"
    assert best(0.51, (GUESS, GUESS), A=-np.log(9), B=0.0) == "A"


def test_words_without_pronunciation_are_6_below_the_best():
    assert best(1.0, A=0.0, WHO=5.9) == "A"
    assert best(1.0, A=0.0, WHO=6.1) == "WHO"
    assert best(1.0, A=0.0, A_WHO=6.1) == "A WHO"
    assert best(1.0, WHAT=0.0, WHO=0.1) == "WHO"


def test_texts_that_do_not_fit_the_frames_are_not_chosen():
    assert best(1.0, B=0.0, B_A=100.0) == "B"  # two phones in one frame


def test_nothing_found_is_no_text():
    assert best(1.0) == ""
