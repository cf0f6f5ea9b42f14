"""The cheapest alignment of two lattices: texts that hold alternatives."""

from collections.abc import Callable, Sequence
from typing import NamedTuple, Protocol


class Arc(Protocol):
    """Leads from one place of a lattice to a later one."""

    @property
    def start(self) -> int:
        """Place where it begins."""

    @property
    def end(self) -> int:
        """Place where it ends; above `start`."""

    @property
    def word(self) -> str | None:
        """Word on the way; `None` for nothing."""

    @property
    def optional(self) -> bool:
        """Whether the word may be left out."""


class Lattice(Protocol):
    """Holds the ways from the first place to the last."""

    @property
    def arcs(self) -> Sequence[Arc]:
        """The arcs, ordered by where they end."""

    @property
    def num_places(self) -> int:
        """Number of places."""


# An arc of the reference and one of the hypothesis; `None` where a side has none.
Step = tuple[Arc | None, Arc | None]
# Tells whether a word of the reference and one of the hypothesis count as the same.
Equal = Callable[[str, str], bool]

_FAR = float("inf")


class _Edge(NamedTuple):
    """Holds an arc, the cost of pairing its word, and that of leaving it alone."""

    start: int
    word: str | None
    paired: int
    alone: int
    arc: Arc


def steps_of_best_ways(
    reference: Lattice, hypothesis: Lattice, equal: Equal | None = None
) -> list[Step]:
    """Returns steps along the best way of each side.

    The best ways have the fewest errors. Of such ways those are taken that can have the
    most hits, then those with the fewest words, and then those written first, on the
    side of the reference before that of the hypothesis; `(word)` is `{ word / @ }`.
    So a word that is in no hypothesis is never taken where it may be left out.

    The steps are those of one alignment with the fewest errors, and not of the one that
    `edit_operations` takes.

    Args:
        reference: Lattice of the reference.
        hypothesis: Lattice of the hypothesis.
        equal: Tells which words count as the same. `None` if only equal ones do.
    """
    ranks, num_ranks = _ranks(hypothesis)
    more_ranks, num_more = _ranks(reference)
    # Each is more than all of the next together.
    word = num_ranks * num_more
    num_words = 1 + len(reference.arcs) + len(hypothesis.arcs)
    hit = word * num_words
    error = hit * num_words

    def edges_of(arcs, ranks, unit):
        for arc, (rank, left_out) in zip(arcs, ranks, strict=True):
            if arc.word is None:
                alone = 0
            elif arc.optional:
                alone = left_out * unit
            else:
                alone = error + word
            yield arc, word + rank * unit, alone + rank * unit

    return _cheapest(
        _edges(reference, edges_of(reference.arcs, more_ranks, num_ranks)),
        _edges(hypothesis, edges_of(hypothesis.arcs, ranks, 1)),
        (-hit, error),
        words_alike(reference, hypothesis, equal),
    )


def words_alike(
    reference: Lattice, hypothesis: Lattice, equal: Equal | None
) -> dict[str, set[str]]:
    """Returns the words of the hypothesis that count as each one of the reference."""
    said, heard = (
        {arc.word for arc in side.arcs if arc.word is not None}
        for side in (reference, hypothesis)
    )
    if equal is None:
        return {word: {word} for word in said}
    return {word: {other for other in heard if equal(word, other)} for word in said}


def _ranks(lattice):
    """Returns numbers that are less for arcs written first, and their number.

    For each arc there are two, one for the choice of the arc, and one that is added if
    its word is left out. The sums along two ways compare like their first difference.
    """
    unit = 1
    ranks: list[tuple[int, int]] = [(0, 0)] * len(lattice.arcs)
    for arcs in reversed(_by_end(lattice, range(len(lattice.arcs)))):
        left_out = {}
        for arc in arcs:
            left_out[arc] = unit
            unit *= 2 if lattice.arcs[arc].optional else 1
        for place, arc in enumerate(arcs):
            ranks[arc] = (place * unit, left_out[arc])
        unit *= max(len(arcs), 1)
    return ranks, unit


def _by_end(lattice, items):
    """Returns items of arcs, a list for each place where they end."""
    places: list[list] = [[] for _ in range(lattice.num_places)]
    for arc, item in zip(lattice.arcs, items, strict=True):
        places[arc.end].append(item)
    return places


def _edges(lattice, costs):
    """Returns the edges that can be reached, a list for each place where they end."""
    reached = {0}
    places: list[list[_Edge]] = [[] for _ in range(lattice.num_places)]
    for arc, paired, alone in costs:
        if arc.start in reached:
            reached.add(arc.end)
            places[arc.end].append(_Edge(arc.start, arc.word, paired, alone, arc))
    return places


def _cheapest(reference, hypothesis, costs, alike):
    """Returns the cheapest steps from the first places of both sides to the last."""
    others = [(n, other) for n, edges in enumerate(hypothesis) for other in edges]
    # Taken apart, which loops of Python read faster.
    inserted = [(n, other.start, other.alone, other) for n, other in others]
    paired = [
        (n, other.start, other.word, other.paired, other)
        for n, other in others
        if other.word is not None
    ]
    totals: list[list] = []
    steps: list[list] = []
    for edges in reference:
        # The first place costs nothing; nor does one that cannot be reached, and from
        # which no edge leads on.
        total = [_FAR if edges or arriving else 0 for arriving in hypothesis]
        step = [(None, None)] * len(total)
        _pair(total, step, totals, edges, paired, (*costs, alike))
        _delete(total, step, totals, edges)
        _insert(total, step, inserted)
        totals.append(total)
        steps.append(step)
    return _trace(steps)


def _pair(total, step, totals, edges, others, rules):
    """Lowers the costs of a row by hits and substitutions; of equal ones the first."""
    *costs, alike = rules
    for edge in edges:
        if edge.word is None:
            continue
        before, same = totals[edge.start], alike[edge.word]
        hit, substitution = (cost + edge.paired for cost in costs)
        for column, start, other_word, cost, other in others:
            cost += before[start] + (hit if other_word in same else substitution)
            if cost < total[column]:
                total[column], step[column] = cost, (edge, other)


def _delete(total, step, totals, edges):
    """Lowers the costs of a row by deletions, which come after all other steps."""
    for edge in edges:
        alone = edge.alone
        for column, cost in enumerate(totals[edge.start]):
            if cost + alone < total[column]:
                total[column], step[column] = cost + alone, (edge, None)


def _insert(total, step, others):
    """Lowers the costs of a row by insertions, which come before deletions."""
    for column, start, cost, other in others:
        cost += total[start]
        last = total[column]
        if cost < last or (cost == last and step[column][1] is None):
            total[column], step[column] = cost, (None, other)


def _trace(steps):
    row, column = len(steps) - 1, len(steps[-1]) - 1
    found = []
    while row or column:
        edge, other = steps[row][column]
        row = edge.start if edge else row
        column = other.start if other else column
        found.append((edge and edge.arc, other and other.arc))
    return found[::-1]
