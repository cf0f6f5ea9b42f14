"""References with alternatives and optional words."""

import dataclasses
from collections.abc import Callable, Iterable, Sequence

from speechkit.text.transcripts import _notation


@dataclasses.dataclass(frozen=True)
class Arc:
    """Leads from one place of a reference to a later one.

    Attributes:
        start: Place where it begins.
        end: Place where it ends; above `start`.
        word: Word on the way; `None` for nothing.
        optional: Whether the word may be left out.
        whole: Whether the word is a token, which no unit of `align` divides.
    """

    start: int
    end: int
    word: str | None
    optional: bool = False
    whole: bool = False


@dataclasses.dataclass(frozen=True)
class Reference:
    """Holds all that counts as right: each way from the first place to the last.

    `parse_reference`, `any_reference` and `reference_from_words` make one.

    Attributes:
        arcs: The ways between places, ordered by where they end.
        num_places: Number of places; they count from 0.
    """

    arcs: tuple[Arc, ...]
    num_places: int

    @property
    def words(self) -> tuple[str, ...] | None:
        """The words in order; `None` where there is a choice, or an optional word.

        Example:
            >>> parse_reference("turn left").words
            ('turn', 'left')
            >>> parse_reference("turn { left / right }").words
        """
        if len(self.arcs) != self.num_places - 1:
            return None
        if any(arc.optional or arc.word is None for arc in self.arcs):
            return None
        return tuple(str(arc.word) for arc in self.arcs)

    def map(self, change: Callable[[str], str]) -> "Reference":
        """Returns the same reference with every word changed.

        Args:
            change: Returns the new word for a word.

        Example:
            >>> parse_reference("Turn LEFT").map(str.lower).words
            ('turn', 'left')
        """
        arcs = tuple(
            arc if arc.word is None else dataclasses.replace(arc, word=change(arc.word))
            for arc in self.arcs
        )
        return dataclasses.replace(self, arcs=arcs)


def parse_reference(text: str, *, optional_words: bool = True) -> Reference:
    r"""Reads the notation of NIST's transcripts, as sclite does.

    `{ a / b c / @ }` are alternatives, of which `@` is nothing; they may hold others.
    Inside braces every `/` parts two alternatives, with or without white space;
    outside it is a word. `(word)` may be left out. Of `word;tag` the tag is left out
    (`\;` is a semicolon of the word), and so is the star behind a mispronounced
    `word*`.

    Args:
        text: The transcript.
        optional_words: Whether `(word)` may be left out, as with the option `-D` of
            sclite. If not, the brackets are part of the word.

    Raises:
        ValueError: If braces do not match, stand inside a word, or are too deep, or an
            alternative is empty.

    Example:
        >>> reference = parse_reference("so {it's / it is} (uh) late")
        >>> [arc.word for arc in reference.arcs if arc.optional]
        ['uh']
    """
    return build_reference(_notation.read_sequence(text, optional_words))


def any_reference(references: Iterable[str | Sequence[str]]) -> Reference:
    """Makes one reference of several for the same utterance: each of them is right.

    Args:
        references: Texts, which are split into words, or sequences of tokens. Nothing
            in them is notation, and tokens are not divided by the unit of `align`.

    Raises:
        ValueError: If there are no references.
    """
    ways = [
        [_notation.Word(word) for word in text.split()]
        if isinstance(text, str)
        else [_notation.Word(token, whole=True) for token in text]
        for text in references
    ]
    if not ways:
        raise ValueError("`references` must be at least one. Received: none")
    return build_reference([_notation.Choice(ways)])


def build_reference(sequence: Sequence[_notation.Word | _notation.Choice]) -> Reference:
    """Returns the reference that has the ways of a sequence."""
    builder = _Builder()
    builder.close(builder.add(sequence, 0))
    return Reference(tuple(builder.arcs), builder.last + 1)


class _Builder:
    """Collects arcs; a new place always comes after those that lead to it."""

    def __init__(self):
        self.arcs = []
        self.last = 0

    def add(self, sequence, start):
        """Adds a sequence; returns its last arcs, whose end is not known yet."""
        if not sequence:
            return [(start, None, False, False)]
        for place, item in enumerate(sequence):
            if isinstance(item, _notation.Choice):
                ends = [end for way in item.ways for end in self.add(way, start)]
            else:
                ends = [(start, item.text, item.optional, item.whole)]
            if place + 1 < len(sequence):
                start = self.close(ends)
        return ends

    def close(self, ends):
        """Returns a new place, to which arcs lead."""
        if [end[:2] for end in ends] == [(0, None)] and not self.arcs:
            return 0
        self.last += 1
        self.arcs += [Arc(start, self.last, *rest) for start, *rest in ends]
        return self.last
