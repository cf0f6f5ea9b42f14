"""Normalisers that need to know a language: numbers, and kinds of Chinese."""

import dataclasses
import functools
import re

from speechkit import _checks
from speechkit._optional import import_optional
from speechkit.text.normalization.normalizer import Normalizer

_ENGLISH = re.compile(
    r"(?P<number>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)(?P<end>st|nd|rd|th)?\b",
    re.IGNORECASE | re.ASCII,
)
_MANDARIN = re.compile(r"\d+(?:\.\d+)?", re.ASCII)
# More digits than Chinese has names for, and those of telephones, are read one by one.
_LONGEST = 16


@dataclasses.dataclass(frozen=True)
class NumberNormalizer(Normalizer):
    """Writes numbers in words, as they are read.

    English: `1,234` is `one thousand two hundred thirty-four`, `3.5` is `three point
    five` and `21st` is `twenty-first`. Mandarin: `110` is `一百一十`, and digits after
    a leading zero or in very long numbers are read one by one. What a number means is
    not looked at: a year is read like any other number.

    Attributes:
        language: `"en"` or `"zh"`.

    Raises:
        ImportError: In the call, if inflect or cn2an is not installed.
        ValueError: If the language is another.

    Example:
        >>> NumberNormalizer("en")("room 21")
        'room twenty-one'
        >>> NumberNormalizer("zh")("音量20")
        '音量二十'
    """

    language: str

    def __post_init__(self):
        _checks.check_choice("language", self.language, ("en", "zh"))

    def __call__(self, text: str) -> str:
        """Returns the text without digits."""
        if self.language == "en":
            return _ENGLISH.sub(_in_english, text)
        return _MANDARIN.sub(_in_mandarin, text)


@dataclasses.dataclass(frozen=True)
class SimplifiedNormalizer(Normalizer):
    """Writes traditional Chinese characters as simplified ones.

    Raises:
        ImportError: In the call, if opencc is not installed.

    Example:
        >>> SimplifiedNormalizer()("藍牙開機")
        '蓝牙开机'
    """

    def __call__(self, text: str) -> str:
        """Returns the text in simplified characters."""
        return _converter().convert(text)


def _in_english(match):
    engine = _engine()
    words = engine.number_to_words(match["number"].replace(",", ""), andword="")
    if match["end"]:
        words = engine.ordinal(words)
    # Commas between groups are not read.
    return " ".join(words.replace(",", "").split())


def _in_mandarin(match):
    cn2an = import_optional("cn2an", "cn2an", "NumberNormalizer")
    number = match[0]
    whole = number.partition(".")[0]
    one_by_one = len(whole) > _LONGEST or (whole[0] == "0" and len(whole) > 1)
    return cn2an.an2cn(number, "direct" if one_by_one else "low")


@functools.cache
def _engine():
    return import_optional("inflect", "inflect", "NumberNormalizer").engine()


@functools.cache
def _converter():
    return import_optional("opencc", "opencc", "SimplifiedNormalizer").OpenCC("t2s")
