"""Tests of `to_pinyin` against readings of the dictionary."""

import pytest

from speechkit.text import to_pinyin


@pytest.mark.parametrize(
    ("text", "syllables"),
    [
        ("蓝牙开机", "lan2 ya2 kai1 ji1"),
        ("打电话 吗", "da3 dian4 hua4 ma5"),
        ("银行 行人", "yin2 hang2 xing2 ren2"),
        ("绿女", "lü4 nü3"),
        ("", ""),
    ],
)
def test_readings_are_those_of_the_dictionary(text, syllables):
    assert to_pinyin(text) == syllables.split()


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("中国人", "zh ong1 g uo2 r en2"),
        # A syllable without an initial is its final, in full.
        ("爱一五", "ai4 i1 u3"),
        ("学", "x üe2"),
    ],
)
def test_initials_and_finals_make_the_syllable(text, parts):
    assert to_pinyin(text, unit="initials_finals") == parts.split()


def test_lexicon_goes_first_and_its_longest_word():
    lexicon = {"行": "xing2", "银行": "yin2 hang2", "银行行": "yin2 hang2 hang2"}

    assert to_pinyin("银行行行", lexicon=lexicon) == ["yin2", "hang2", "hang2", "xing2"]
    assert to_pinyin("好行人", lexicon=lexicon)[1] == "xing2"


@pytest.mark.parametrize("reading", ["hang2", "yin hang2", "yin2 hang6", ""])
def test_rejects_readings_that_do_not_fit(reading):
    with pytest.raises(ValueError, match="`lexicon` must have a syllable with a tone"):
        to_pinyin("银行", lexicon={"银行": reading})


@pytest.mark.parametrize("text", ["WiFi", "开wifi", "开,", "3"])
def test_rejects_what_has_no_reading(text):
    with pytest.raises(ValueError, match="`text` must consist of Chinese characters"):
        to_pinyin(text)


def test_rejects_an_unknown_unit():
    with pytest.raises(ValueError, match="`unit` must be one of 'syllables', 'ini"):
        to_pinyin("开", unit="tones")
