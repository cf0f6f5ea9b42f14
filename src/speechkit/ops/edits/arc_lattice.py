"""The alignment of sclite: dynamic programming over pairs of arcs."""

import dataclasses
from typing import NamedTuple

from speechkit.ops.edits import lattice


@dataclasses.dataclass(frozen=True)
class Costs:
    """Holds the cost of each error; a hit costs nothing.

    Attributes:
        substitution: Cost of a word taken for another.
        gap: Cost of a deletion or an insertion.
        optional: Cost of leaving out an optional word.
        nothing: Cost of an arc without a word.
    """

    substitution: int
    gap: int
    optional: int
    nothing: int


class _Row(NamedTuple):
    """Holds an arc of a lattice, its word, and the numbers of the arcs before it."""

    arc: lattice.Arc | None
    word: str | None
    before: tuple[int, ...]
    alone: int


def cheapest_steps(
    reference: lattice.Lattice,
    hypothesis: lattice.Lattice,
    costs: Costs,
    equal: lattice.Equal | None = None,
) -> list[lattice.Step]:
    """Returns the cheapest alignment of any way of one with any way of the other.

    Of equally cheap steps to a pair of arcs a hit or substitution comes before an
    insertion, and that before a deletion; of equally cheap arcs before it, the one
    written first, on the side of the reference first.

    Args:
        reference: Lattice of the reference.
        hypothesis: Lattice of the hypothesis.
        costs: What each error costs.
        equal: Tells which words count as the same. `None` if only equal ones do.
    """
    rows, last_rows = _rows(reference, costs)
    columns, last_columns = _rows(hypothesis, costs)
    alike = lattice.words_alike(reference, hypothesis, equal)
    totals: list[list[int]] = []
    origins: list[list] = []
    for row in rows:
        same = None if row.word is None else alike[row.word]
        total, origin = _fill(row, columns, totals, same, costs.substitution)
        totals.append(total)
        origins.append(origin)
    ends = ((row, column) for row in last_rows for column in last_columns)
    end = min(ends, key=lambda cell: totals[cell[0]][cell[1]])
    return _trace(rows, columns, origins, end)


def _rows(graph, costs):
    """Returns the rows of a lattice, the first for its first place, and the last."""
    arriving: list[list[int]] = [[] for _ in range(graph.num_places)]
    arriving[0] = [0]
    rows = [_Row(None, None, (), 0)]
    for arc in graph.arcs:
        if not arriving[arc.start]:
            continue  # no way leads here
        alone = costs.optional if arc.optional else costs.gap
        alone = costs.nothing if arc.word is None else alone
        arriving[arc.end].append(len(rows))
        rows.append(_Row(arc, arc.word, tuple(arriving[arc.start]), alone))
    return rows, arriving[-1]


def _fill(row, columns, totals, same, substitution):
    """Returns the costs and the origins of the cells of a row."""
    total: list[int] = []
    origin: list = []
    for place, column in enumerate(columns):
        one_way = len(row.before) == len(column.before) == 1
        find = _step_of_one_way if one_way else _step_of_all_ways
        cost, cell = find(row, column, (totals, total, place), same, substitution)
        total.append(cost)
        origin.append(cell)
    return total, origin


def _step_of_one_way(row, column, table, same, substitution):
    """Returns what `_step_of_all_ways` does where one arc leads here on each side."""
    totals, total, place = table
    (one,), (other,) = row.before, column.before
    cost, cell = total[other] + column.alone, (len(totals), other)
    if same is not None and column.word is not None:
        paired = totals[one][other]
        paired += 0 if column.word in same else substitution
        if paired <= cost:
            cost, cell = paired, (one, other)
    deleted = totals[one][place] + row.alone
    return (deleted, (one, place)) if deleted < cost else (cost, cell)


def _step_of_all_ways(row, column, table, same, substitution):
    """Returns the cost of the cheapest step to a cell, and the cell it comes from."""
    totals, total, place = table
    steps = []
    if row.before and column.before and same is not None and column.word is not None:
        pairs = ((one, other) for one in row.before for other in column.before)
        cost = 0 if column.word in same else substitution
        steps.append(_best(((totals[a][b], (a, b)) for a, b in pairs), cost))
    if column.before:
        cells = ((total[n], (len(totals), n)) for n in column.before)
        steps.append(_best(cells, column.alone))
    if row.before:
        cells = ((totals[n][place], (n, place)) for n in row.before)
        steps.append(_best(cells, row.alone))
    return min(steps, key=_cost) if steps else (0, None)


def _best(cells, cost):
    """Returns the cheapest of cells, of equal ones the first, and adds a cost."""
    total, cell = min(cells, key=_cost)
    return total + cost, cell


def _cost(step):
    return step[0]


def _trace(rows, columns, origins, end):
    """Returns the steps to the last cell."""
    steps = []
    while end != (0, 0):
        before = origins[end[0]][end[1]]
        arc, other = rows[end[0]].arc, columns[end[1]].arc
        if before[0] == end[0]:
            steps.append((None, other))
        elif before[1] == end[1]:
            steps.append((arc, None))
        else:
            steps.append((arc, other))
        end = before
    return steps[::-1]
