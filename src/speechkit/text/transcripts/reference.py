"""References with alternatives and optional words."""

import dataclasses
from collections.abc import Iterable, Sequence


@dataclasses.dataclass(frozen=True)
class Arc:
    """Leads from one place of a reference to a later one.

    Attributes:
        start: Place where it begins.
        end: Place where it ends; above `start`.
        word: Word on the way; `None` for nothing.
        optional: Whether the word may be left out.
    """

    start: int
    end: int
    word: str | None
    optional: bool = False


@dataclasses.dataclass(frozen=True)
class Reference:
    """Holds all that counts as right: each way from the first place to the last.

    `parse_reference` and `any_reference` make one.

    Attributes:
        arcs: The ways between places, ordered by where they end.
        num_places: Number of places; they count from 0.
    """

    arcs: tuple[Arc, ...]
    num_places: int


def parse_reference(text: str) -> Reference:
    """Reads the notation of NIST's transcripts.

    `{ a / b c / @ }` are alternatives, of which `@` is nothing; they may hold others.
    `(word)` may be left out. Braces, `/` and `@` stand alone between white space.

    Raises:
        ValueError: If braces do not match, or an alternative is empty.

    Example:
        >>> reference = parse_reference("so { it's / it is } (uh) late")
        >>> [arc.word for arc in reference.arcs if arc.optional]
        ['uh']
    """
    builder = _Builder()
    tokens = text.split()
    place, _ = _read_sequence(tokens, 0, builder, 0, text)
    if place != len(tokens):
        raise _wrong(text, f"`{tokens[place]}` without a brace before it")
    return builder.finish()


def any_reference(references: Iterable[str | Sequence[str]]) -> Reference:
    """Makes one reference of several for the same utterance: each of them is right.

    Args:
        references: Texts, which are split into words, or sequences of tokens. Nothing
            in them is notation.

    Raises:
        ValueError: If there are no references.
    """
    builder, ends = _Builder(), []
    for reference in references:
        end = 0
        for token in reference.split() if isinstance(reference, str) else reference:
            end = builder.add(end, token)
        ends.append(end)
    if not ends:
        raise ValueError("`references` must be at least one. Received: none")
    builder.join(ends)
    return builder.finish()


class _Builder:
    """Collects arcs; a new place always comes after those that lead to it."""

    def __init__(self):
        self.arcs = []
        self.last = 0

    def add(self, start, word, optional=False):
        self.last += 1
        self.arcs.append(Arc(start, self.last, word, optional))
        return self.last

    def join(self, ends):
        """Returns a new place, to which an arc without a word leads from each end."""
        self.last += 1
        self.arcs.extend(Arc(end, self.last, None) for end in ends)
        return self.last

    def finish(self):
        return Reference(tuple(self.arcs), self.last + 1)


def _read_sequence(tokens, place, builder, start, text):
    """Adds tokens up to the end, `/` or `}`; returns where it stopped, and its end."""
    while place < len(tokens) and tokens[place] not in ("/", "}"):
        token = tokens[place]
        place += 1
        if token == "{":
            place, start = _read_alternatives(tokens, place, builder, start, text)
        elif token == "@":
            start = builder.add(start, None)
        elif len(token) > 2 and token[0] == "(" and token[-1] == ")":
            start = builder.add(start, token[1:-1], optional=True)
        else:
            start = builder.add(start, token)
    return place, start


def _read_alternatives(tokens, place, builder, start, text):
    ends = []
    while True:
        before = place
        place, end = _read_sequence(tokens, place, builder, start, text)
        if place == len(tokens):
            raise _wrong(text, "`{` without `}`")
        if place == before:
            raise _wrong(text, "an empty alternative, for which `@` stands")
        ends.append(end)
        place += 1
        if tokens[place - 1] == "}":
            return place, builder.join(ends)


def _wrong(text, problem):
    return ValueError(
        "`text` must have alternatives like `{ a / b }`. "
        f"Received: {problem}, in {text[:60]!r}"
    )
