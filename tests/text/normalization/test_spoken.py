"""Tests of numbers and characters against how they are read."""

import pytest

from speechkit.text import NumberNormalizer, SimplifiedNormalizer


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


def test_traditional_characters_become_simplified():
    assert SimplifiedNormalizer()("藍牙開機 bluetooth") == "蓝牙开机 bluetooth"


def test_rejects_an_unknown_language():
    with pytest.raises(ValueError, match="`language` must be one of 'en', 'zh'"):
        NumberNormalizer("de")
