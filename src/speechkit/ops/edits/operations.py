"""The edits between two sequences of tokens, on the host: the one tie rule.

Several alignments can have equally few errors. The one taken is that of jiwer, which is
that of rapidfuzz:

1. Tokens that both sides share at the start are hits; of the rest, so are those that
   both share at the end.
2. The rest is traced from its end to its start. At each place a deletion comes
   before a substitution, a substitution before an insertion, and an insertion before a
   hit, as far as each still leads to the fewest errors.

`edit_counts` counts by the same rule in a graph, and a `lattice` of alternatives is
first reduced to one way. Where the middle of step 2 has 2²² pairs of tokens or more
(about 2000 on each side), rapidfuzz saves memory: it splits the texts first, and then
traces each part. The number of errors is the same; deletions and insertions may then
stand where the rule has substitutions.
"""

from collections.abc import Iterable, Sequence

# The first letter of what rapidfuzz calls an edit, to ours.
_LETTERS = {"equal": "H", "replace": "S", "delete": "D", "insert": "I"}


def edit_operations(reference: Sequence[str], hypothesis: Sequence[str]) -> str:
    """Returns one letter for each step of the alignment, H, S, D or I.

    Example:
        >>> edit_operations(["a", "b"], ["b", "a"])
        'IHD'
    """
    # Here, since it takes as long to import as all of this library.
    from rapidfuzz.distance import Levenshtein

    letters = []
    for edit in Levenshtein.opcodes(reference, hypothesis):
        steps = max(edit.src_end - edit.src_start, edit.dest_end - edit.dest_start)
        letters.append(_LETTERS[edit.tag] * steps)
    return "".join(letters)


def count_operations(
    pairs: Iterable[tuple[Sequence[str], Sequence[str]]],
) -> tuple[int, int, int, int]:
    """Returns hits, substitutions, deletions and insertions of all pairs together.

    They are those of `edit_operations`, which takes longer.

    Example:
        >>> count_operations([(["a", "b"], ["b", "a"])])
        (1, 0, 1, 1)
    """
    from rapidfuzz.distance import Levenshtein

    editops = Levenshtein.editops
    before = after = errors = substitutions = 0
    for reference, hypothesis in pairs:
        kinds = [kind for kind, _, _ in editops(reference, hypothesis).as_list()]
        before += len(reference)
        after += len(hypothesis)
        errors += len(kinds)
        substitutions += kinds.count("replace")
    # All other errors are deletions and insertions, which differ as the lengths do.
    deletions = (errors - substitutions + before - after) // 2
    hits = before - substitutions - deletions
    return hits, substitutions, deletions, errors - substitutions - deletions
