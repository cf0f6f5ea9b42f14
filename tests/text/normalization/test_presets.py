"""Tests of `for_scoring`: what is heard alike is written alike."""

import itertools

import pytest

from speechkit.text import for_scoring

ALIKE = {
    "en": [
        "It's 5 o'clock, Mister Brown: twenty-one!",
        "it\u2019s FIVE o'clock  mister brown 21",
        "it's five o'clock mister brown twenty one",
    ],
    "zh": [
        "藍牙\uff0c開機 20 次 WiFi",
        "蓝牙开机二十次wifi",
        "蓝 牙 开机。20次 \uff37iFi",
    ],
}


@pytest.mark.parametrize("language", ALIKE)
def test_what_sounds_alike_is_written_alike(language):
    normalizer = for_scoring(language)

    texts = [normalizer(text) for text in ALIKE[language]]

    for one, other in itertools.pairwise(texts):
        assert one == other


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [("en", "its", "it's"), ("en", "a b", "ab"), ("zh", "开机", "关机")],
)
def test_what_sounds_different_stays_different(language, one, other):
    normalizer = for_scoring(language)

    assert normalizer(one) != normalizer(other)


def test_every_step_says_what_it_changed():
    changes = for_scoring("en").changes("Room  21!")

    assert [(change.normalizer, change.before, change.after) for change in changes] == [
        ("LowerCaseNormalizer", "Room", "room"),
        ("NumberNormalizer", "21!", "twenty-one!"),
        ("PunctuationNormalizer", "twenty-one!", "twenty one "),
        ("WhitespaceNormalizer", "  ", " "),
        ("WhitespaceNormalizer", " ", ""),
    ]


def test_rejects_an_unknown_language():
    with pytest.raises(ValueError, match="`language` must be one of 'en', 'zh'"):
        for_scoring("de")
