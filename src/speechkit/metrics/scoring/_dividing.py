"""References whose words are divided into characters."""

import dataclasses
import itertools
from collections.abc import Callable

from speechkit.text.transcripts.reference import Arc, Reference


@dataclasses.dataclass(frozen=True)
class Division:
    """Says how the words of a reference are divided.

    Attributes:
        split: Splits a word into tokens.
        spaced: Whether the space between two words is a token.
        optional_tokens: Whether the tokens of an optional word may be left out one by
            one, as in sclite, and not only all together.
    """

    split: Callable[[str], list[str]]
    spaced: bool
    optional_tokens: bool


def divide(reference: Reference, division: Division) -> Reference:
    """Returns a reference whose ways are those of another, divided into tokens.

    A space stands between any two words of a way, and never at its ends. So each place
    becomes two: before the first word of a way, and after it.
    """
    return _Divider(division).divide(reference)


class _Divider:
    """Collects arcs; a new place always comes after those that lead to it."""

    def __init__(self, division):
        self.division = division
        self.arcs = []
        self.last = 0

    def divide(self, reference):
        places: dict[tuple[int, bool], int] = {(0, False): 0}
        for place, arcs in itertools.groupby(reference.arcs, key=lambda arc: arc.end):
            arriving: dict[bool, list] = {False: [], True: []}
            for arc in arcs:
                for begun in (False, True):
                    if (arc.start, begun) in places:
                        self._add(arc, begun, places[arc.start, begun], arriving)
            if place == reference.num_places - 1:
                self._close([*arriving[False], *arriving[True]])
                break
            for begun, ends in arriving.items():
                if ends:
                    places[place, begun] = self._close(ends)
        return Reference(tuple(self.arcs), self.last + 1)

    def _add(self, arc, begun, start, arriving):
        """Adds the tokens of an arc; their last ones join those that arrive."""
        if arc.whole:
            arriving[begun].append((start, arc.word, arc.optional))
            return
        tokens = [] if arc.word is None else self.division.split(arc.word)
        if not tokens:
            arriving[begun].append((start, None, False))
            return
        if begun and self.division.spaced:
            tokens = [" ", *tokens]
        each = arc.optional and self.division.optional_tokens
        *first, last = tokens
        place = start
        for token in first:
            place = self._close([(place, token, each)])
        arriving[self.division.spaced].append((place, last, each))
        if arc.optional and not each:
            arriving[begun].append((start, None, False))

    def _close(self, ends):
        self.last += 1
        self.arcs += [Arc(start, self.last, *rest) for start, *rest in ends]
        return self.last
