"""Alignment of a reference and a hypothesis that both may have alternatives."""

from speechkit.metrics.scoring import _graph_alignment
from speechkit.metrics.scoring.alignment import Alignment
from speechkit.text.transcripts.reference import Arc, Reference

# Of equally cheap steps the first: a hit or substitution, an insertion, a deletion.
_BOTH, _INSERT, _SKIP = range(3)


def align_graphs(
    reference: Reference, hypothesis: Reference, costs: _graph_alignment.Costs
) -> Alignment:
    """Returns the cheapest alignment of any way of one with any way of the other."""
    said, heard = _arcs_by_end(reference), _arcs_by_end(hypothesis)
    cells = {(0, 0): (0, 0, None, None)}
    for row in range(reference.num_places):
        for column in range(hypothesis.num_places):
            if row or column:
                steps = _steps(cells, said[row], heard[column], row, column, costs)
                cells[row, column] = min(steps, key=lambda step: step[:2])
    return _trace(cells, reference.num_places - 1, hypothesis.num_places - 1)


def _arcs_by_end(graph):
    arcs: list[list[Arc]] = [[] for _ in range(graph.num_places)]
    for arc in graph.arcs:
        arcs[arc.end].append(arc)
    return arcs


def _steps(cells, said, heard, row, column, costs):
    """Yields the cost of each step to a cell, its kind, and the arcs that it takes."""
    for arc in said:
        skip = _graph_alignment.cost_of_skipping(arc, costs)
        yield cells[arc.start, column][0] + skip, _SKIP, arc, None
        for other in heard:
            if arc.word is not None and other.word is not None:
                differ = arc.word != other.word
                cost = cells[arc.start, other.start][0] + differ * costs.substitution
                yield cost, _BOTH, arc, other
    for other in heard:
        insert = costs.nothing if other.word is None else costs.gap
        yield cells[row, other.start][0] + insert, _INSERT, None, other


def _trace(cells, row, column):
    words: list[str] = []
    recognized: list[str] = []
    letters: list[str] = []
    while row or column:
        _, _, arc, other = cells[row, column]
        row, column = arc.start if arc else row, other.start if other else column
        said, heard = arc and arc.word, other and other.word
        if said is not None:
            words.append(said)
        if heard is not None:
            recognized.append(heard)
        letters.append(_graph_alignment.letter(arc, said, heard))
    return Alignment(
        tuple(reversed(words)), tuple(reversed(recognized)), "".join(reversed(letters))
    )
