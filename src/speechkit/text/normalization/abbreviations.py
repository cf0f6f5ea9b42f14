"""A normaliser of English abbreviations, and of signs that stand for words."""

import dataclasses
import re

from speechkit.text.normalization.normalizer import Normalizer

_WORDS = {
    "mr": "mister",
    "mrs": "missus",
    "dr": "doctor",
    "prof": "professor",
    "jr": "junior",
    "sr": "senior",
    "vs": "versus",
    "etc": "et cetera",
}
_ABBREVIATION = re.compile(
    rf"(?<![^\W\d])({'|'.join(_WORDS)})(?![^\W\d])\.?", re.IGNORECASE
)
_DOCTORATE = re.compile(r"(?<![\w.])(ph)\. ?(d)\b\.?", re.IGNORECASE)
_LETTER = r"[^\W\d_]"
_INITIALS = re.compile(rf"(?<![\w.@]){_LETTER}(?:\.{_LETTER})+(?!\w)\.?")
_NAME = r"[a-z0-9][a-z0-9-]*"
# An address has an @, a scheme, or an ending that no sentence has.
_ADDRESS = re.compile(
    rf"""
    (?<![\w.@-]) (?:
        [a-z0-9.+_-]+@{_NAME}(?:\.{_NAME})+
      | (?:https?://|www\.){_NAME}(?:\.{_NAME})+ (?:/[\w./-]*\w)?
      | (?:{_NAME}\.)+ (?:com|org|net|edu|gov) (?:\.[a-z]{{2}})? (?![\w-])
        (?:/[\w./-]*\w)?
    )
    """,
    re.IGNORECASE | re.VERBOSE | re.ASCII,
)
_SCHEME = re.compile("https?://", re.IGNORECASE)
_SIGNS = {".": " dot ", "@": " at ", "/": " slash "}


@dataclasses.dataclass(frozen=True)
class AbbreviationNormalizer(Normalizer):
    """Writes English abbreviations, `&` and `@` as they are read.

    `Mr.`, `Mrs.`, `Dr.`, `Prof.`, `Jr.`, `Sr.`, `vs.` and `etc.` become words, and
    letters with dots between them stand together: `I.B.M.` is `IBM`, `Ph.D.` `PhD`.
    Dots and slashes of addresses are read, their `http://` is not. `St.` (saint or
    street) and all other abbreviations stay.

    Example:
        >>> AbbreviationNormalizer()("Mr. Hu of AT&T, at a@b.com")
        'mister Hu of AT and T, at a at b dot com'
    """

    def __call__(self, text: str) -> str:
        """Returns the text with words in place of abbreviations."""
        text = _ADDRESS.sub(_address, text)
        text = _DOCTORATE.sub(r"\1\2", text)
        text = _INITIALS.sub(lambda match: match[0].replace(".", ""), text)
        text = _ABBREVIATION.sub(_word, text)
        text = re.sub(r"\s?&(?:amp;)?\s?", " and ", text)
        return re.sub(r"\s?@\s?(?=\w)", " at ", text)


def _word(match):
    glued = match.string[match.end() : match.end() + 1].isalnum()
    return _WORDS[match[1].lower()] + (" " if glued else "")


def _address(match):
    text = _SCHEME.sub("", match[0])
    return "".join(_SIGNS.get(character, character) for character in text)
