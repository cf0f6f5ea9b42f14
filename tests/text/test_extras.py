"""Tests of what is said where an extra is missing."""

import sys

import pytest

from speechkit.text import NumberNormalizer, SimplifiedNormalizer, to_pinyin


@pytest.mark.parametrize(
    ("module", "use"),
    [
        ("pypinyin", lambda: to_pinyin("开")),
        ("cn2an", lambda: NumberNormalizer("zh")("3")),
    ],
)
def test_missing_modules_are_named_with_their_extra(monkeypatch, module, use):
    monkeypatch.setitem(sys.modules, module, None)

    message = rf"`{module}` must be installed: pip install 'speechkit\[text\]'"
    with pytest.raises(ImportError, match=message):
        use()


def test_making_a_normalizer_needs_no_extra(monkeypatch):
    monkeypatch.setitem(sys.modules, "opencc", None)
    monkeypatch.setitem(sys.modules, "inflect", None)

    assert SimplifiedNormalizer() == SimplifiedNormalizer()
    assert NumberNormalizer("en")("no digits") == "no digits"
