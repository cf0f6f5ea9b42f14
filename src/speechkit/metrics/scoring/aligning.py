"""From a reference and a hypothesis to their alignment."""

import re
from collections.abc import Sequence

from speechkit import _checks
from speechkit.metrics.scoring import _dividing
from speechkit.metrics.scoring._tokens import find_splitter, tokens_of
from speechkit.metrics.scoring.alignment import Alignment
from speechkit.ops.edits import arc_lattice, fragments, lattice, operations
from speechkit.text.transcripts.reference import Arc, Reference

# Four, three and two, as in sclite, and 0.001: all times 1000.
_SCLITE = arc_lattice.Costs(substitution=4000, gap=3000, optional=2000, nothing=1)
# Its options `-c` and `-c NOASCII`.
_CHARACTER = re.compile(r"\S")
_ASCII_OR_CHARACTER = re.compile(r"[!-~]+|\S")


def align(
    reference: str | Sequence[str] | Reference,
    hypothesis: str | Sequence[str] | Reference,
    *,
    unit: str = "words",
    costs: str = "levenshtein",
    count_fragments: bool = False,
) -> Alignment:
    """Pairs the tokens of a reference and a hypothesis with as few errors as possible.

    Of several alignments with equally few errors it takes that of jiwer: tokens that
    both sides share at the start, and then at the end, are hits; the rest is traced
    from its end, where a deletion comes before a substitution, that before an
    insertion, and that before a hit. Alternatives first become one text, the one with
    the fewest errors; of several, the one that can have the most hits, then the one
    with the fewest words, then the one written first. So an alternative or an optional
    word that is not taken changes no count.

    Two sides of 100 000 words take seconds and little memory; with the costs of sclite,
    with fragments or with alternatives, time and memory grow with the product of the
    lengths.

    Args:
        reference: A text, its tokens, or alternatives of `parse_reference`.
        hypothesis: A text, its tokens, or alternatives, of which the best counts.
        unit: What a text and each alternative are split into: `"words"`,
            `"characters"`, or `"mixed"`, which is Chinese characters and the words
            between them.
        costs: `"levenshtein"`: every error counts the same. `"sclite"`: a substitution
            costs 4 and a deletion or an insertion 3, as in NIST's scoring; then there
            may be more errors than the fewest. Of equal costs, traced from the end, a
            hit or substitution comes before an insertion, and that before a deletion.
            As in NIST's scoring the spaces between words are no characters then, and
            `"mixed"` divides all but ASCII.
        count_fragments: Whether `frag-` is right for each word that begins so, and
            `-ment` for each that ends so, on either side, as with the option `-F` of
            sclite. With it, and with `"levenshtein"`, any alignment with the fewest
            errors and the most hits may be taken.

    Raises:
        TypeError: If a side is neither text nor tokens.
        ValueError: If there is no such unit or cost.

    Example:
        >>> align("turn the light on", "turn light on now").operations
        'HDHHI'
    """
    _checks.check_choice("costs", costs, ("sclite", "levenshtein"))
    division = _find_division(unit, costs == "sclite")
    left = _tokens_or_lattice("reference", reference, division)
    right = _tokens_or_lattice("hypothesis", hypothesis, division)
    _checks.check_bool("count_fragments", count_fragments)
    equal = fragments.equal if count_fragments else None
    if costs == "sclite":
        return _align_as_sclite(_as_lattice(left), _as_lattice(right), equal)
    if count_fragments or isinstance(left, Reference) or isinstance(right, Reference):
        return _align_best_ways(_as_lattice(left), _as_lattice(right), equal)
    return Alignment(left, right, operations.edit_operations(left, right))


def _find_division(unit, as_sclite):
    split = find_splitter(unit)
    if as_sclite and unit != "words":
        split = {"characters": _CHARACTER, "mixed": _ASCII_OR_CHARACTER}[unit].findall
    spaced = unit == "characters" and not as_sclite
    return _dividing.Division(split, spaced, optional_tokens=as_sclite)


def _tokens_or_lattice(name, value, division) -> tuple[str, ...] | Reference:
    if not isinstance(value, Reference):
        return tokens_of(name, value, division.split)
    if division.split is not str.split:
        value = _dividing.divide(value, division)
    words = value.words
    return value if words is None else words


def _as_lattice(side):
    if isinstance(side, Reference):
        return side
    arcs = tuple(Arc(place, place + 1, word) for place, word in enumerate(side))
    return Reference(arcs, len(side) + 1)


def _align_as_sclite(reference, hypothesis, equal):
    steps = arc_lattice.cheapest_steps(reference, hypothesis, _SCLITE, equal)
    letters = "".join(_letter(*step, equal) for step in steps)
    words, recognized = _words(steps)
    return Alignment(words, recognized, letters, optional_is_hit=True)


def _letter(arc, other, equal):
    """Returns the letter of a step of two lattices; none if neither has a word."""
    left, right = arc and arc.word, other and other.word
    if left is None:
        return "" if right is None else "X" if other.optional else "I"
    if right is None:
        return "O" if arc.optional else "D"
    same = left == right if equal is None else equal(left, right)
    return "H" if same else "S"


def _align_best_ways(reference, hypothesis, equal):
    """Chooses one way through each side, and aligns these like plain texts."""
    steps = lattice.steps_of_best_ways(reference, hypothesis, equal)
    words, recognized = _words(steps)
    letters = "".join(_letter(*step, equal) for step in steps)
    if equal is None:
        left_out = [
            [letter == mark for letter in letters if letter in takes]
            for mark, takes in (("O", "HSDO"), ("X", "HSIX"))
        ]
        taken = [
            [word for word, out in zip(side, flags, strict=True) if not out]
            for side, flags in zip((words, recognized), left_out, strict=True)
        ]
        letters = _with_optional(operations.edit_operations(*taken), *left_out)
    return Alignment(words, recognized, letters)


def _words(steps):
    """Returns the words of both sides, those that are left out among them."""
    return tuple(
        tuple(arc.word for arc in side if arc is not None and arc.word is not None)
        for side in (zip(*steps, strict=True) if steps else ((), ()))
    )


def _with_optional(letters, missed, added):
    """Returns letters with an O or X for each word that is left out."""
    found = []
    sides = (iter(missed), "O", "HSD"), (iter(added), "X", "HSI")
    for letter in ["", *letters]:  # "" is in every text
        found.append(letter)
        for flags, mark, takes in sides:
            if letter in takes:
                # Up to the next word that is taken.
                for out in flags:
                    if not out:
                        break
                    found.append(mark)
    return "".join(found)
