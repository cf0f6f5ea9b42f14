"""Digits of every script, and rules that put words in their place."""

import re
import unicodedata
from collections.abc import Callable, Sequence

# A sum with its result: there a dash is a minus.
_TERM = r"\(?[-\u2212]?[$£€¥₹₩]?(?:\d[\d.,]*|\.\d+|[a-z](?![a-z\d]))(?:%|\^\d+)?\)?"
EQUATION = (
    rf"(?<![\w.,+*/=\u00d7\u00f7\u2212\u2013-]){_TERM}(?:\s?[-\u2212\u2013+*/\u00d7\u00f7=]\s?{_TERM})*"
    rf"\s?=\s?{_TERM}(?:\s?[-\u2212\u2013+*/\u00d7\u00f7=]\s?{_TERM})*(?!\w)"
)
_SIGNS = {"-": "\u2212", "\u2013": "\u2212", "*": "\u00d7"}
Rule = tuple[re.Pattern[str], Callable[[re.Match[str]], str] | str]


def in_ascii(text: str) -> str:
    """Returns a text with the digits 0 to 9 in place of those of all scripts."""
    if text.isascii():
        return text
    return "".join(
        str(unicodedata.digit(c)) if c.isdigit() and not c.isascii() else c
        for c in text
    )


def apply(rules: Sequence[Rule], text: str, *, spaced: bool = True) -> str:
    """Returns a text after rules, one after the other.

    Args:
        rules: Patterns, and the words of a match, or a template.
        text: The text.
        spaced: Whether a space keeps words apart from letters and digits beside them.
    """
    for pattern, read in rules:
        if isinstance(read, str):
            text = pattern.sub(read, text)
        elif spaced:
            text = pattern.sub(_apart(read), text)
        else:
            text = pattern.sub(read, text)
    return text


def signs_apart(match: re.Match[str]) -> str:
    """Returns an equation with one kind of each sign, between spaces."""
    text = re.sub(r"(\d+)\s?/\s?(\d+)", _divided, match[0])
    return re.sub(
        r"(?<=[\w.,)%])\s?([-\u2212\u2013+*\u00d7\u00f7=])\s?",
        lambda sign: f" {_SIGNS.get(sign[1], sign[1])} ",
        text,
    )


def _divided(match):
    """Leaves a part of one a fraction."""
    over, under = match.groups()
    return match[0] if int(over) < int(under) else f"{over} \u00f7 {under}"


def word(words: str) -> Callable[[re.Match[str]], str]:
    """Returns a rule's function that gives the same words for each match."""
    return lambda match: words


def _apart(read):
    def words(match):
        text = match.string
        before = text[max(match.start() - 1, 0) : match.start()]
        after = text[match.end() : match.end() + 1]
        start = " " if _touches(before) or before == "'" else ""
        result = read(match)
        end = " " if _touches(after) and not result.endswith(" ") else ""
        return start + result + end

    return words


def _touches(character):
    return character.isalnum() or unicodedata.category(character or " ")[0] == "M"
