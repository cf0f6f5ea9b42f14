"""Normalisers that need to know a language: numbers, and kinds of Chinese."""

import dataclasses
import functools

from speechkit import _checks
from speechkit._optional import import_optional
from speechkit.text.normalization import _english, _mandarin
from speechkit.text.normalization.normalizer import Normalizer

_SPELL = {"en": _english.spell, "zh": _mandarin.spell}


@dataclasses.dataclass(frozen=True)
class NumberNormalizer(Normalizer):
    """Writes numbers in words, as they are mostly read; no digit of any script stays.

    English: `1,234` is `one thousand two hundred thirty-four`, `21st` `twenty-first`,
    `1990s` `nineteen nineties`, `$5.50` `five dollars and fifty cents`, `3:30` `three
    thirty`, `3-4` `three to four`, `1/2` `one half`. Four digits from 1100 to 1999 are
    read as a year. Figures are kept apart from letters: `mp3` is `mp three`.

    Mandarin: `110` is `一百一十`, `2024年` `二零二四年`, `10%` `百分之十`, `2个`
    `两个`, `8:30` `八点三十分`, `3-4` `三到四`. Units that are read in one way become
    words: `5kg` is `五公斤`, `50㎡` `五十平方米`.

    A dash is a minus in an equation, `5-2=3`, before a number that no other comes
    before, and, in English, between spaces where numbers fall: `10 - 3`.

    Digits after a leading zero, numbers of telephones, and numbers for which a language
    has no name are read one by one. What a number means is not looked at otherwise.

    Attributes:
        language: `"en"` or `"zh"`.

    Raises:
        ValueError: If the language is another.

    Example:
        >>> NumberNormalizer("en")("room 21")
        'room twenty-one'
        >>> NumberNormalizer("zh")("音量20")
        '音量二十'
    """

    language: str

    def __post_init__(self):
        _checks.check_choice("language", self.language, _SPELL)

    def __call__(self, text: str) -> str:
        """Returns the text without digits."""
        return _SPELL[self.language](text)


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


@functools.cache
def _converter():
    return import_optional("opencc", "opencc", "SimplifiedNormalizer").OpenCC("t2s")
