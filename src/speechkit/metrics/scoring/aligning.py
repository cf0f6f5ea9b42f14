"""From a reference and a hypothesis to their alignment."""

from collections.abc import Sequence

from speechkit import _checks
from speechkit.metrics.scoring import _graph_alignment, _two_graphs
from speechkit.metrics.scoring._tokens import find_splitter, tokens_of
from speechkit.metrics.scoring.alignment import Alignment
from speechkit.text.transcripts.reference import Arc, Reference

# The first letter of what rapidfuzz calls an edit, to ours.
_LETTERS = {"equal": "H", "replace": "S", "delete": "D", "insert": "I"}


def align(
    reference: str | Sequence[str] | Reference,
    hypothesis: str | Sequence[str] | Reference,
    *,
    unit: str = "words",
    costs: str = "levenshtein",
) -> Alignment:
    """Pairs the tokens of a reference and a hypothesis, with as few errors as can be.

    Two sides of 100 000 words take seconds and little memory; with the costs of sclite
    or with alternatives, time and memory grow with the product of the lengths.

    Args:
        reference: A text, its tokens, or alternatives of `parse_reference`.
        hypothesis: A text, its tokens, or alternatives, of which the best counts.
        unit: What a text is split into: `"words"`, `"characters"`, or `"mixed"`, which
            is Chinese characters and the words between them.
        costs: `"levenshtein"`: every error counts the same. `"sclite"`: a substitution
            costs 4 and a deletion or an insertion 3, as in NIST's scoring; then there
            may be more errors than the fewest.

    Raises:
        TypeError: If a side is neither text nor tokens.
        ValueError: If there is no such unit or cost.

    Example:
        >>> align("turn the light on", "turn light on now").operations
        'HDHHI'
    """
    split = find_splitter(unit)
    _checks.check_choice("costs", costs, _graph_alignment.COSTS)
    heard = _tokens_or_graph("hypothesis", hypothesis, split)
    said = _tokens_or_graph("reference", reference, split)
    if costs == "levenshtein" and isinstance(said, tuple) and isinstance(heard, tuple):
        return Alignment(said, heard, _operations(said, heard))
    graph = _chain(said) if isinstance(said, tuple) else said
    chosen = _graph_alignment.COSTS[costs]
    if isinstance(heard, tuple):
        return _graph_alignment.align_graph(graph, heard, chosen)
    return _two_graphs.align_graphs(graph, heard, chosen)


def _tokens_or_graph(name, value, split) -> tuple[str, ...] | Reference:
    return value if isinstance(value, Reference) else tokens_of(name, value, split)


def _operations(reference, hypothesis):
    # Here, since it takes as long to import as all of this library.
    from rapidfuzz.distance import Levenshtein

    letters = []
    for edit in Levenshtein.opcodes(reference, hypothesis):
        steps = max(edit.src_end - edit.src_start, edit.dest_end - edit.dest_start)
        letters.append(_LETTERS[edit.tag] * steps)
    return "".join(letters)


def _chain(tokens):
    arcs = tuple(Arc(place, place + 1, word) for place, word in enumerate(tokens))
    return Reference(arcs, len(tokens) + 1)
