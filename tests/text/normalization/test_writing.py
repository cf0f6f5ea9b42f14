"""Tests of the normalisers of writing against `unicodedata` and by laws."""

import unicodedata

import hypothesis
import pytest
from hypothesis import strategies

from speechkit.text import (
    ApostropheNormalizer,
    HalfWidthNormalizer,
    LowerCaseNormalizer,
    PunctuationNormalizer,
    UnicodeNormalizer,
    WhitespaceNormalizer,
)

TEXTS = strategies.text(max_size=30)
LAWFUL = hypothesis.settings(max_examples=200, deadline=None, derandomize=True)


@hypothesis.given(text=TEXTS, form=strategies.sampled_from(["NFKC", "NFC", "NFD"]))
@LAWFUL
def test_forms_are_those_of_unicode(text, form):
    assert unicodedata.is_normalized(form, UnicodeNormalizer(form)(text))


def test_half_width_is_what_nfkc_makes_of_full_width():
    wide = "".join(map(chr, range(0xFF01, 0xFF5F))) + "\u3000"

    assert HalfWidthNormalizer()(wide) == unicodedata.normalize("NFKC", wide)
    assert HalfWidthNormalizer()("ﬁ ² 开") == "ﬁ ² 开"


@hypothesis.given(text=TEXTS)
@LAWFUL
def test_no_marks_stay_but_those_inside_words(text):
    bare = PunctuationNormalizer(inside="")(text)

    assert not any(unicodedata.category(c)[0] in "PS" for c in bare)
    assert len(bare) == len(text)
    inside = PunctuationNormalizer("'")(text)
    assert [c for c in inside if c != "'"] == [
        c for c, kept in zip(bare, inside, strict=True) if kept != "'"
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("it's", "it's"),
        ("'tis the dogs' bone", "tis the dogs bone"),
        ("well-known, e.g. $5 + 3", "well known e g 5 3"),
        ("“打开”\uff0c好吗\uff1f", "打开 好吗"),
        ("a_b", "a b"),
    ],
)
def test_marks_become_spaces(text, expected):
    assert PunctuationNormalizer()(text).split() == expected.split()


@hypothesis.given(text=TEXTS)
@LAWFUL
def test_words_stay_the_same_between_single_spaces(text):
    spaced = WhitespaceNormalizer()(text)

    assert spaced.split(" ") == (text.split() or [""])


def test_spaces_beside_chinese_characters_may_go():
    text = " 打 开 WiFi 好 \n now  then "

    assert WhitespaceNormalizer(beside_ideographs=False)(text) == "打开WiFi好now then"
    assert WhitespaceNormalizer()(text) == "打 开 WiFi 好 now then"


def test_letters_become_small_and_apostrophes_straight():
    assert LowerCaseNormalizer()("ÄÖ Turn Ж") == "äö turn ж"
    assert ApostropheNormalizer()("it\u2019s `so\u00b4") == "it's 'so'"


@pytest.mark.parametrize(
    "normalizer",
    [
        UnicodeNormalizer(),
        LowerCaseNormalizer(),
        HalfWidthNormalizer(),
        PunctuationNormalizer(),
        ApostropheNormalizer(),
        WhitespaceNormalizer(beside_ideographs=False),
    ],
    ids=lambda normalizer: type(normalizer).__name__,
)
@hypothesis.given(text=TEXTS)
@hypothesis.settings(max_examples=60, deadline=None, derandomize=True)
def test_once_is_enough_and_changes_say_so(normalizer, text):
    once = normalizer(text)

    assert normalizer(once) == once
    assert normalizer.changes(once) == ()
    assert (normalizer.changes(text) == ()) == (once == text)


def test_rejects_an_unknown_form():
    with pytest.raises(ValueError, match="`form` must be one of 'NFKC', 'NFC'"):
        UnicodeNormalizer("ASCII")
