"""Tests of numbers and characters against how they are read."""

import functools
import re

import cn2an
import hypothesis
import pytest
from hypothesis import strategies

from speechkit.text import NumberNormalizer, SimplifiedNormalizer


@functools.cache
def engine():
    """Returns the judge of English, which takes 2 s to import: not in every process."""
    return pytest.importorskip("inflect").engine()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0", "zero"),
        ("room 21", "room twenty-one"),
        ("1,234 men", "one thousand two hundred thirty-four men"),
        ("2026", "two thousand twenty-six"),
        ("3.14", "three point one four"),
        ("the 21st and 3RD", "the twenty-first and third"),
        ("1,2", "one,two"),
        ("it's 5.", "it's five."),
        ("x\u00b2", "x two"),
        ("\u0e51\u0967", "eleven"),
        ("7.", "seven."),
        ("1000000", "one million"),
        ("none", "none"),
    ],
)
def test_english_numbers_are_written_as_they_are_read(text, expected):
    assert NumberNormalizer("en")(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("音量20", "音量二十"),
        ("110元", "一百一十元"),
        ("10", "十"),
        ("1005", "一千零五"),
        ("3.14", "三点一四"),
        ("0.5", "零点五"),
        ("房间007", "房间零零七"),
        ("12345678901234567890", "一二三四五六七八九零一二三四五六七八九零"),
        ("没有", "没有"),
    ],
)
def test_mandarin_numbers_are_written_as_they_are_read(text, expected):
    assert NumberNormalizer("zh")(text) == expected


@hypothesis.given(number=strategies.integers(0, 10**36 - 1))
@hypothesis.settings(max_examples=100, deadline=None, derandomize=True)
def test_english_numbers_are_those_of_another_library(number):
    hypothesis.assume(not 1100 <= number <= 1999)  # read as years
    words = engine().number_to_words(number, andword="").replace(",", "")

    assert NumberNormalizer("en")(str(number)).split() == words.split()
    assert NumberNormalizer("en")(f"{number:,}").split() == words.split()
    ordinal = engine().ordinal(words).split()
    assert NumberNormalizer("en")(f"{number}th").split() == ordinal


@hypothesis.given(number=strategies.integers(0, 10**16 - 1))
@hypothesis.settings(max_examples=200, deadline=None, derandomize=True)
def test_mandarin_numbers_are_those_of_another_library(number):
    words = cn2an.an2cn(number, "low")
    # Two thousand, and more, has a two of its own.
    for large in "千万亿":
        words = f"两{large}{words[2:]}" if words.startswith(f"二{large}") else words

    # Both 万零一千 and 万一千 are said; the other library goes by the digit before.
    words = re.sub("(?<=[万亿])零(?=.千)", "", words)

    assert NumberNormalizer("zh")(f"{number:,}") == words


def test_traditional_characters_become_simplified():
    assert SimplifiedNormalizer()("藍牙開機 bluetooth") == "蓝牙开机 bluetooth"


def test_rejects_an_unknown_language():
    with pytest.raises(ValueError, match="`language` must be one of 'en', 'zh'"):
        NumberNormalizer("de")
