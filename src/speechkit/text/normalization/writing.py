"""Normalisers of how texts are written: code points, case, marks and spaces."""

import dataclasses
import re
import unicodedata

from speechkit import _checks
from speechkit.text.normalization.normalizer import Normalizer
from speechkit.text.splitting import IDEOGRAPH

# Each sign that fills a square has its narrow form 0xFEE0 before it.
_HALF = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
# Quotation marks, accents, primes and letters that are typed for one.
_APOSTROPHES = dict.fromkeys(
    map(
        ord,
        "\u0060\u0091\u0092\u00b4\u02b9\u02bb\u02bc\u02bd\u02be\u02bf\u02c8\u02ca\u02cb"
        "\u02ce\u02cf\u02ee\u02f4\u0374\u0384\u055a\u059c\u05f3\u07f4\u07f5\u1fbd\u1fbf\u1fef"
        "\u1ffd\u1ffe\u2018\u2019\u201b\u2032\u2035\u275b\u275c\u275f\ua78b\ua78c\uff07"
        "\uff40",
    ),
    "'",
)
# Between letters, two are typed for one.
_DOUBLED = re.compile(r"(?<=[^\W\d_])(?:''|\u2033|\u2036)(?=[^\W\d_])")
_BESIDE_IDEOGRAPHS = re.compile(rf"(?<=[{IDEOGRAPH}]) | (?=[{IDEOGRAPH}])")


@dataclasses.dataclass(frozen=True)
class UnicodeNormalizer(Normalizer):
    """Writes equal characters with equal code points.

    Attributes:
        form: `"NFKC"`, `"NFC"`, `"NFKD"` or `"NFD"`. Those with a K also take apart
            ligatures, and make full-width letters and superscripts plain.

    Example:
        >>> UnicodeNormalizer()("ﬁve ²")
        'five 2'
    """

    form: str = "NFKC"

    def __post_init__(self):
        _checks.check_choice("form", self.form, ("NFKC", "NFC", "NFKD", "NFD"))

    def __call__(self, text: str) -> str:
        """Returns the text in the form."""
        return unicodedata.normalize(self.form, text)  # type: ignore[arg-type]


@dataclasses.dataclass(frozen=True)
class LowerCaseNormalizer(Normalizer):
    """Writes letters small.

    Example:
        >>> LowerCaseNormalizer()("Turn LEFT")
        'turn left'
    """

    def __call__(self, text: str) -> str:
        """Returns the text in small letters."""
        return text.lower()


@dataclasses.dataclass(frozen=True)
class HalfWidthNormalizer(Normalizer):
    r"""Writes full-width letters, digits, marks and spaces in half width.

    Unlike `UnicodeNormalizer` it changes nothing else.

    Example:
        >>> HalfWidthNormalizer()("\uff35\uff33\uff22\u3000\uff12")
        'USB 2'
    """

    def __call__(self, text: str) -> str:
        """Returns the text in half width."""
        return text.translate(_HALF)


@dataclasses.dataclass(frozen=True)
class PunctuationNormalizer(Normalizer):
    """Puts a space in place of punctuation and symbols.

    A mark between two letters or digits stays if it is in `inside`, so that words with
    an apostrophe stay one; elsewhere it goes like the others.

    Attributes:
        inside: Marks that stay inside words.

    Example:
        >>> PunctuationNormalizer()("'It's well-known,' he said.").split()
        ["It's", 'well', 'known', 'he', 'said']
    """

    inside: str = "'\u2019"

    def __post_init__(self):
        _checks.check_text("inside", self.inside)

    def __call__(self, text: str) -> str:
        """Returns the text without marks."""
        return "".join(
            " " if _is_mark(character) and not self._stays(text, place) else character
            for place, character in enumerate(text)
        )

    def _stays(self, text, place):
        within = 0 < place < len(text) - 1 and text[place] in self.inside
        return within and text[place - 1].isalnum() and text[place + 1].isalnum()


@dataclasses.dataclass(frozen=True)
class ApostropheNormalizer(Normalizer):
    r"""Writes every apostrophe, and what is typed for one, as `'`.

    These are single quotation marks, accents of their own, primes, modifier letters,
    and two of them between letters.

    Example:
        >>> ApostropheNormalizer()("it\u2019s")
        "it's"
    """

    def __call__(self, text: str) -> str:
        """Returns the text with straight apostrophes."""
        return _DOUBLED.sub("'", text.translate(_APOSTROPHES))


@dataclasses.dataclass(frozen=True)
class WhitespaceNormalizer(Normalizer):
    """Writes single spaces between words, and none around the text.

    Attributes:
        beside_ideographs: Whether spaces beside Chinese characters stay. They say
            nothing there, and different writers put them in different places.

    Example:
        >>> WhitespaceNormalizer(beside_ideographs=False)(" 打开 WiFi   now ")
        '打开WiFi now'
    """

    beside_ideographs: bool = True

    def __post_init__(self):
        _checks.check_bool("beside_ideographs", self.beside_ideographs)

    def __call__(self, text: str) -> str:
        """Returns the text with single spaces."""
        text = " ".join(text.split())
        return text if self.beside_ideographs else _BESIDE_IDEOGRAPHS.sub("", text)


def _is_mark(character):
    return unicodedata.category(character)[0] in "PS"
