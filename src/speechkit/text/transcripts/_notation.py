"""The notation of NIST's transcripts: words, alternatives in braces, and nothing."""

import dataclasses
import re
from collections.abc import Sequence

# Deeper braces than anyone writes, and far from the limit of Python's recursion.
_MOST_BRACES = 50
_TAG = re.compile(r"(?<!\\);.*", re.DOTALL)


@dataclasses.dataclass(frozen=True)
class Word:
    """Holds a word of a transcript.

    Attributes:
        text: The word; `None` for `@`, which is nothing.
        optional: Whether it may be left out.
        whole: Whether it is a token, which no unit divides.
    """

    text: str | None
    optional: bool = False
    whole: bool = False


@dataclasses.dataclass(frozen=True)
class Choice:
    """Holds alternatives.

    Attributes:
        ways: Sequences of words and choices.
    """

    ways: Sequence[Sequence["Word | Choice"]]


def read_sequence(text: str, optional_words: bool) -> list[Word | Choice]:
    """Returns the words and the choices of a transcript.

    Raises:
        ValueError: If it is wrong.
    """
    tokens = _tokens(text)
    sequence, place = _read(tokens, 0, 0, text, optional_words)
    if place != len(tokens):
        raise _wrong(text, "`}` without a brace before it")
    return sequence


def read_word(token: str, optional_words: bool) -> Word:
    """Returns what a token between white space means, without its tag."""
    token = _without_star(token)
    if token == "@":
        return Word(None)
    if optional_words and len(token) > 2 and token[0] == "(" and token[-1] == ")":
        return Word(token[1:-1], optional=True)
    return Word(token)


def without_tag(token: str) -> str:
    """Returns `word` of `word;tag`."""
    return (_TAG.sub("", token) or token).replace("\\;", ";")


def _without_star(token):
    return token[:-1] if len(token) > 1 and token[-1] == "*" else token


def _tokens(text):
    """Returns words, braces, and slashes inside of braces."""
    tokens, depth = [], 0
    for piece in text.split():
        rest = piece
        while rest:
            if rest[0] in "{}" or (depth and rest[0] == "/"):
                depth += {"{": 1, "}": -1, "/": 0}[rest[0]]
                tokens.append(rest[0])
                rest = rest[1:]
                continue
            end = re.search(r"[{}/]" if depth else r"[{}]", rest)
            word = rest[: end.start()] if end else rest
            if end and end[0] == "{":
                raise _wrong(text, f"a brace inside of a word, {piece[:40]!r}")
            if end and end[0] == "}" and not depth:
                raise _wrong(text, "`}` without a brace before it")
            tokens.append(word)
            rest = rest[len(word) :]
    return tokens


def _read(tokens, place, depth, text, optional_words):
    """Reads up to the end, or the `/` or `}` of these braces; returns where it is."""
    sequence: list[Word | Choice] = []
    while place < len(tokens):
        token = tokens[place]
        if token == "}" or (depth and token == "/"):
            break
        place += 1
        if token == "{":
            choice, place = _read_choice(tokens, place, depth + 1, text, optional_words)
            sequence.append(choice)
        else:
            sequence.append(read_word(without_tag(token), optional_words))
    return sequence, place


def _read_choice(tokens, place, depth, text, optional_words):
    if depth > _MOST_BRACES:
        raise _wrong(text, f"more than {_MOST_BRACES} braces inside each other")
    ways = []
    while True:
        sequence, place = _read(tokens, place, depth, text, optional_words)
        if place == len(tokens):
            raise _wrong(text, "`{` without `}`")
        if not sequence:
            raise _wrong(text, "an empty alternative, for which `@` stands")
        ways.append(sequence)
        place += 1
        if tokens[place - 1] == "}":
            return Choice(ways), place


def _wrong(text, problem):
    return ValueError(
        "`text` must have alternatives like `{ a / b }`. "
        f"Received: {problem}, in {text[:60]!r}"
    )
