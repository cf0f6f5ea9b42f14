"""Tests of the lines of `alignment_to_text` against what sclite prints."""

import re
import unicodedata

import pytest

from speechkit.metrics import align, alignment_to_text
from speechkit.text import parse_reference


def test_lines_are_those_of_sclite():
    text = alignment_to_text(align("this is dire at best", "this is the dire best"))

    # As in its report, but for the capitals that it gives to errors.
    assert text.splitlines() == [
        "REF:  this is *** dire at best",
        "HYP:  this is the dire ** best",
        "EVAL:         I        D",
    ]


def test_wide_characters_take_two_columns():
    text = alignment_to_text(align("打开 灯", "打 灯", unit="words"))

    assert text.splitlines() == ["REF:  打开 灯", "HYP:  打   灯", "EVAL: S"]
    full_width = alignment_to_text(align("\uff21 a", "bc a"))
    assert full_width.splitlines()[1] == "HYP:  bc a"


def test_marks_over_letters_take_no_column():
    word = unicodedata.normalize("NFD", "né")

    text = alignment_to_text(align(f"{word} a", "xy a"))

    assert text.splitlines()[1] == "HYP:  xy a"


def test_lines_go_on_below():
    text = alignment_to_text(align("aaaa bbbb cccc", "aaaa dddd cccc"), width=16)

    blocks = [block.splitlines() for block in text.split("\n\n")]
    assert blocks == [
        ["REF:  aaaa bbbb", "HYP:  aaaa dddd", "EVAL:      S"],
        ["REF:  cccc", "HYP:  cccc", "EVAL:"],
    ]


def test_colours_change_nothing_but_colours():
    alignment = align(parse_reference("a b (c) e"), "a x y e")

    colored = alignment_to_text(alignment, color=True)

    assert "\x1b[33m" in colored
    # Without the codes the same stays, but for spaces at the ends of lines.
    bare = re.sub("\x1b\\[\\d+m", "", colored).splitlines()
    expected = alignment_to_text(alignment).splitlines()
    assert [line.rstrip() for line in bare] == expected


def test_nothing_has_three_lines():
    assert alignment_to_text(align("", "")) == "REF:\nHYP:\nEVAL:"


def test_rejects_a_width_of_nothing():
    with pytest.raises(ValueError, match="`width` must be an integer of 1 or more"):
        alignment_to_text(align("a", "a"), width=0)
