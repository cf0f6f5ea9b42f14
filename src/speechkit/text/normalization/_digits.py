"""Digits of every script, and rules that put words in their place."""

import re
import unicodedata
from collections.abc import Callable, Sequence

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
