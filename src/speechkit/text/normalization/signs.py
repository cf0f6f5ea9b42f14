"""Normalisers of characters that nobody sees, and of signs that hold numbers."""

import dataclasses
import re
import unicodedata

from speechkit.text.normalization.normalizer import Normalizer

# Those that Unicode says to show as nothing; beside them all of category Cf.
_INVISIBLE = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u20dd-\u20e0\u20e2-\u20e4\u3164"
    "\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)
_ALIKE = str.maketrans(
    {
        "\u2044": "/",
        "\u2215": "/",
        "\u2010": "-",
        "\u2011": "-",
        "\u301c": "~",
        "\u223c": "~",
        "\u2236": ":",
        "\u2116": "#",
    }
)
# Some write groups of three digits apart by a space that does not break.
_GROUPS = re.compile(r"(?<=\d)[\u00a0\u2009\u202f](?=\d{3}(?!\d))")
_DEGREE = re.compile(r"(?<=\d)(\s?)\u00ba")
_NUMERO = re.compile(r"\b[Nn][\u00ba\u00b0]\.?(?=\s?\d)")
_MINUS_APART = re.compile(r"(?<=(?<!\w)[-\u2212]) (?=\d+/\d)")
_RAISED = re.compile("[\u207a\u207b]?[\u00b9\u00b2\u00b3\u2070\u2074-\u2079]+")
_BUILT_FRACTION = re.compile(
    "([\u00b9\u00b2\u00b3\u2070\u2074-\u2079]+)[/\u2044]([\u2080-\u2089]+)"
)
# Square metres and the like, in one sign.
_SQUARED = re.compile(r"[^\W\d_]+[23]")


@dataclasses.dataclass(frozen=True)
class InvisibleNormalizer(Normalizer):
    r"""Removes characters that nobody sees: soft hyphens, joiners, marks of direction.

    White space stays.

    Example:
        >>> InvisibleNormalizer()("tu\u00adrn\u200b left")
        'turn left'
    """

    def __call__(self, text: str) -> str:
        """Returns the text without invisible characters."""
        if text.isascii() and text.isprintable():
            return text
        text = _INVISIBLE.sub("", text)
        return "".join(c for c in text if c.isspace() or not _is_control(c))


@dataclasses.dataclass(frozen=True)
class NumberSignNormalizer(Normalizer):
    """Writes signs that hold numbers in figures, so that they stay apart from others.

    A fraction is `1/2`, a power is `^2`; numbers in circles and the like stand between
    spaces. Unicode's own forms write `2½` as 21/2 and `10²` as 102.

    Example:
        >>> NumberSignNormalizer()("2½ m², ①②").split()
        ['2', '1/2', 'm^2,', '1', '2']
    """

    def __call__(self, text: str) -> str:
        """Returns the text with figures in place of such signs."""
        if text.isascii():
            return text
        text = _GROUPS.sub(",", _DEGREE.sub("\\1\u00b0", text))
        text = _NUMERO.sub("#", text)
        text = _BUILT_FRACTION.sub(_fraction, text)
        text = _RAISED.sub(_power, text).translate(_ALIKE)
        text = "".join(_in_figures(c) for c in text)
        return _MINUS_APART.sub("", text)


def _is_control(character):
    return unicodedata.category(character) in ("Cc", "Cf")


def _fraction(match):
    over, under = (unicodedata.normalize("NFKC", part) for part in match.groups())
    return f" {over}/{under} "


def _power(match):
    digits = unicodedata.normalize("NFKC", match[0])
    before = match.string[max(match.start() - 1, 0) : match.start()]
    # After a word, a raised number mostly points to a footnote.
    is_power = digits in ("2", "3") or not digits.isdigit()
    if before.isdigit() or (before.isalpha() and is_power):
        return f"^{digits}"
    return f" {digits} "


def _in_figures(character):
    kind, _, rest = unicodedata.decomposition(character).partition(" ")
    if not kind.startswith("<"):
        return character
    if kind == "<fraction>" or unicodedata.category(character) == "No":
        plain = unicodedata.normalize("NFKC", character).replace("\u2044", "/")
        return f" {plain} "
    if kind == "<square>":
        plain = unicodedata.normalize("NFKC", character)
        return f"{plain[:-1]}^{plain[-1]}" if _SQUARED.fullmatch(plain) else character
    # An accent of its own, which Unicode's forms put on a space.
    return " " if rest.startswith("0020 ") else character
