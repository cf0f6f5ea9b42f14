"""Normalisers that are put together for a purpose."""

from speechkit import _checks
from speechkit.text.normalization.abbreviations import AbbreviationNormalizer
from speechkit.text.normalization.normalizer import ChainNormalizer
from speechkit.text.normalization.signs import (
    InvisibleNormalizer,
    NumberSignNormalizer,
)
from speechkit.text.normalization.spoken import NumberNormalizer, SimplifiedNormalizer
from speechkit.text.normalization.writing import (
    ApostropheNormalizer,
    LowerCaseNormalizer,
    PunctuationNormalizer,
    UnicodeNormalizer,
    WhitespaceNormalizer,
)


def for_scoring(language: str) -> ChainNormalizer:
    """Returns the normaliser for references and hypotheses before scoring.

    It removes differences that nobody hears: the form of code points, case, digits or
    words for numbers, kinds of apostrophes, punctuation, spaces and characters that
    nobody sees; in English also abbreviations such as `Mr.`, in Mandarin traditional or
    simplified characters, and all spaces beside them. No digit stays. State with a
    score that it was used.

    What sounds different stays different. So contractions stay as they are written:
    `she'll` is not `she will`, `can't` not `cannot`, and `let's` not `let us`. What
    can be read in several ways stays, too: `St.`, `km` in English, Roman numerals, a
    single prime, `~`.

    Args:
        language: `"en"` or `"zh"`.

    Raises:
        ValueError: If the language is another.

    Example:
        >>> for_scoring("en")("It's  5 O'Clock, Ms. Well-Known!")
        "it's five o'clock ms well known"
    """
    _checks.check_choice("language", language, ("en", "zh"))
    chinese = language == "zh"
    return ChainNormalizer(
        (
            # Before the forms of Unicode, which take these signs apart, and before
            # control characters go: Windows has two apostrophes among them.
            ApostropheNormalizer(),
            InvisibleNormalizer(),
            NumberSignNormalizer(),
            UnicodeNormalizer("NFKC"),
            LowerCaseNormalizer(),
            # Small letters may have other forms: that of İ has a dot of its own.
            UnicodeNormalizer("NFKC"),
            ApostropheNormalizer(),
            *((SimplifiedNormalizer(),) if chinese else ()),
            *(() if chinese else (AbbreviationNormalizer(),)),
            NumberNormalizer(language),
            PunctuationNormalizer(inside="'"),
            WhitespaceNormalizer(beside_ideographs=not chinese),
        )
    )
