"""Tests of the error where an optional package is missing."""

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
def test_missing_modules_are_named(monkeypatch, module, use):
    monkeypatch.setitem(sys.modules, module, None)

    with pytest.raises(ImportError, match=f"needs {module}: pip install {module}"):
        use()


def test_making_a_normalizer_needs_no_extra(monkeypatch):
    monkeypatch.setitem(sys.modules, "opencc", None)
    monkeypatch.setitem(sys.modules, "inflect", None)

    assert SimplifiedNormalizer() == SimplifiedNormalizer()
    assert NumberNormalizer("en")("no digits") == "no digits"
