"""Tests of the tokens of texts."""

import pytest

from speechkit.text import split_characters, split_mixed, split_words


def test_words_stand_between_white_space_of_any_kind():
    assert split_words("\ta  b\u3000开 机\n") == ["a", "b", "开", "机"]


def test_characters_count_the_space_within_as_jiwer_does():
    assert split_characters(" a 开\n") == ["a", " ", "开"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("打开WiFi 好吗", ["打", "开", "WiFi", "好", "吗"]),
        ("it's 二\u3007六 ok", ["it's", "二", "\u3007", "六", "ok"]),
        ("\U00020000㐀a\U00030000", ["\U00020000", "㐀", "a", "\U00030000"]),
        ("かな 한글", ["かな", "한글"]),
        ("  ", []),
    ],
)
def test_mixed_text_is_characters_and_words(text, expected):
    assert split_mixed(text) == expected
