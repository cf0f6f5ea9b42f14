"""From a reference and a hypothesis to their alignment."""

from collections.abc import Sequence

from speechkit import _checks
from speechkit.metrics.scoring._tokens import find_splitter, tokens_of
from speechkit.metrics.scoring.alignment import Alignment
from speechkit.ops.edits import lattice, operations
from speechkit.text.transcripts.reference import Arc, Reference

# Four, three and two, as in sclite, and 0.001: all times 1000.
_SCLITE = lattice.Costs(substitution=4000, gap=3000, optional=2000, nothing=1)


def align(
    reference: str | Sequence[str] | Reference,
    hypothesis: str | Sequence[str] | Reference,
    *,
    unit: str = "words",
    costs: str = "levenshtein",
) -> Alignment:
    """Pairs the tokens of a reference and a hypothesis with as few errors as possible.

    Of several alignments with equally few errors it takes that of jiwer: tokens that
    both sides share at the start, and then at the end, are hits; the rest is traced
    from its end, where a deletion comes before a substitution, that before an
    insertion, and that before a hit. Alternatives first become one text, the one with
    the fewest errors; of several, the one that can have the most hits, then the one
    with the fewest words, then the one written first. So an alternative or an optional
    word that is not taken changes no count.

    Two sides of 100 000 words take seconds and little memory; with the costs of sclite
    or with alternatives, time and memory grow with the product of the lengths.

    Args:
        reference: A text, its tokens, or alternatives of `parse_reference`.
        hypothesis: A text, its tokens, or alternatives, of which the best counts.
        unit: What a text is split into: `"words"`, `"characters"`, or `"mixed"`, which
            is Chinese characters and the words between them.
        costs: `"levenshtein"`: every error counts the same. `"sclite"`: a substitution
            costs 4 and a deletion or an insertion 3, as in NIST's scoring; then there
            may be more errors than the fewest. Of equal costs, traced from the end, a
            hit or substitution comes before an insertion, and that before a deletion.

    Raises:
        TypeError: If a side is neither text nor tokens.
        ValueError: If there is no such unit or cost.

    Example:
        >>> align("turn the light on", "turn light on now").operations
        'HDHHI'
    """
    split = find_splitter(unit)
    _checks.check_choice("costs", costs, ("sclite", "levenshtein"))
    left = _tokens_or_lattice("reference", reference, split)
    right = _tokens_or_lattice("hypothesis", hypothesis, split)
    if costs == "sclite":
        return _align_as_sclite(_as_lattice(left), _as_lattice(right))
    if isinstance(left, Reference) or isinstance(right, Reference):
        return _align_best_ways(_as_lattice(left), _as_lattice(right))
    return Alignment(left, right, operations.edit_operations(left, right))


def _tokens_or_lattice(name, value, split) -> tuple[str, ...] | Reference:
    return value if isinstance(value, Reference) else tokens_of(name, value, split)


def _as_lattice(side):
    if isinstance(side, Reference):
        return side
    arcs = tuple(Arc(place, place + 1, word) for place, word in enumerate(side))
    return Reference(arcs, len(side) + 1)


def _align_as_sclite(reference, hypothesis):
    steps = lattice.cheapest_steps(reference, hypothesis, _SCLITE)
    letters = "".join(_letter(*step) for step in steps)
    words, recognized = _words(steps)
    return Alignment(words, recognized, letters, optional_is_hit=True)


def _letter(arc, other):
    """Returns the letter of a step of two lattices; none if neither has a word."""
    left, right = arc and arc.word, other and other.word
    if left is None:
        return "" if right is None else "I"
    if right is None:
        return "O" if arc.optional else "D"
    return "H" if left == right else "S"


def _align_best_ways(reference, hypothesis):
    """Chooses one way through each side, and aligns these like plain texts."""
    steps = lattice.steps_of_best_ways(reference, hypothesis)
    words, recognized = _words(steps)
    left_out = [
        other is None and arc.optional
        for arc, other in steps
        if arc is not None and arc.word is not None
    ]
    taken = [word for word, out in zip(words, left_out, strict=True) if not out]
    letters = operations.edit_operations(taken, recognized)
    return Alignment(words, recognized, _with_optional(letters, left_out))


def _words(steps):
    """Returns the words of both sides, those that are left out among them."""
    return tuple(
        tuple(arc.word for arc in side if arc is not None and arc.word is not None)
        for side in (zip(*steps, strict=True) if steps else ((), ()))
    )


def _with_optional(letters, left_out):
    """Returns letters with an O for each reference word that is left out."""
    place, found = 0, []
    for out in left_out:
        if out:
            found.append("O")
            continue
        # Up to the letter of the next word; insertions take none.
        end = 1 + next(n for n in range(place, len(letters)) if letters[n] != "I")
        found.append(letters[place:end])
        place = end
    return "".join([*found, letters[place:]])
