"""Alignment by dynamic programming: any costs, and references with alternatives."""

import dataclasses

from speechkit.metrics.scoring.alignment import Alignment
from speechkit.text.transcripts.reference import Arc, Reference


@dataclasses.dataclass(frozen=True)
class Costs:
    """What each error costs; a hit costs nothing.

    Attributes:
        substitution: Of a word taken for another.
        gap: Of a deletion or an insertion.
        optional: Of leaving out an optional word.
        nothing: Of an alternative in which nothing is said.
    """

    substitution: int
    gap: int
    optional: int
    nothing: int


COSTS = {
    # As in sclite, times 1000: 4, 3, 2 and 0.001.
    "sclite": Costs(4000, 3000, 2000, 1),
    # An optional word that was said should rather be hit than left out.
    "levenshtein": Costs(1000, 1000, 1, 1),
}
_FAR = float("inf")


def align_graph(
    reference: Reference, hypothesis: tuple[str, ...], costs: Costs
) -> Alignment:
    """Returns the cheapest alignment of a hypothesis with any way of the reference.

    Of equally cheap steps to a place a hit or substitution comes before an insertion,
    and that before a deletion.
    """
    rows = [[_FAR] * (len(hypothesis) + 1) for _ in range(reference.num_places)]
    steps = [[None] * (len(hypothesis) + 1) for _ in range(reference.num_places)]
    rows[0][0] = 0
    arcs = iter((*reference.arcs, None))
    arc = next(arcs)
    for place, (row, back) in enumerate(zip(rows, steps, strict=True)):
        while arc is not None and arc.end == place:
            _extend(row, back, rows[arc.start], arc, hypothesis, costs)
            arc = next(arcs)
        _insert(row, back, costs.gap)
    return _trace(steps, hypothesis)


def _extend(row, back, before, arc, hypothesis, costs):
    """Lowers the costs of a place by the steps along one arc that leads to it."""
    skip = cost_of_skipping(arc, costs)
    for column, cost in enumerate(before):
        if cost + skip < row[column]:
            row[column], back[column] = cost + skip, (arc, False)
    if arc.word is None:
        return
    for column, word in enumerate(hypothesis):
        cost = before[column] + (0 if word == arc.word else costs.substitution)
        last = row[column + 1]
        # Of equal costs, the step that takes both; of two such steps, the first.
        taken = back[column + 1]
        if cost < last or (cost == last < _FAR and not taken[1]):
            row[column + 1], back[column + 1] = cost, (arc, True)


def cost_of_skipping(arc: Arc, costs: Costs) -> int:
    """Returns what it costs that nothing was recognised on an arc."""
    if arc.word is None:
        return costs.nothing
    return costs.optional if arc.optional else costs.gap


def _insert(row, back, gap):
    for column in range(1, len(row)):
        cost = row[column - 1] + gap
        taken = back[column]
        deleted = taken is not None and not taken[1]
        if cost < row[column] or (cost == row[column] < _FAR and deleted):
            row[column], back[column] = cost, (None, True)


def _trace(steps, hypothesis):
    place, column = len(steps) - 1, len(hypothesis)
    words: list[str] = []
    letters: list[str] = []
    while place or column:
        arc, takes = steps[place][column]
        said, heard = arc and arc.word, hypothesis[column - 1] if takes else None
        if said is not None:
            words.append(said)
        letters.append(letter(arc, said, heard))
        place = place if arc is None else arc.start
        column -= takes
    return Alignment(tuple(reversed(words)), hypothesis, "".join(reversed(letters)))


def letter(arc: Arc | None, said: str | None, heard: str | None) -> str:
    """Returns the operation that takes these words; none if there is neither."""
    if said is None:
        return "" if heard is None else "I"
    if heard is None:
        return "O" if arc is not None and arc.optional else "D"
    return "H" if said == heard else "S"
