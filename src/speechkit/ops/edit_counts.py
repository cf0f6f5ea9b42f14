"""Hits and errors of batches of label sequences, in the graph."""

from keras import ops

# A cell of the table is one number: errors, the step that led there, substitutions.
_SUBSTITUTION = 1
_STEP = 2**20
_ERROR = 4 * _STEP
_WITHOUT_STEP = ~(3 * _STEP)
# Of equally good steps the least counts.
_DELETE, _SUBSTITUTE, _INSERT, _HIT = (step * _STEP for step in range(4))
# More than any table reaches, and far from overflow.
_FAR = 2**60


def edit_counts(reference, hypothesis, reference_lengths, hypothesis_lengths):
    """Returns what became of the tokens in an alignment with the fewest errors.

    Of several such alignments it takes the one of rapidfuzz, and so of jiwer: what both
    sides have in common at the end are hits, and the rest is traced from its end.

    Args:
        reference: `(batch, tokens)` integers; at most 2²⁰ tokens.
        hypothesis: Like `reference`, of any width.
        reference_lengths: `(batch,)` integers; tokens beyond them do not matter.
        hypothesis_lengths: `(batch,)` integers.

    Returns:
        `(batch,)` int32 each: hits, substitutions, deletions and insertions.

    References:
        Wagner and Fischer, The string-to-string correction problem, 1974; here along
        the antidiagonals, whose cells do not depend on each other.
    """
    lengths = [
        ops.cast(length, "int32") for length in (reference_lengths, hypothesis_lengths)
    ]
    # One more column, so that there is a last token to look at.
    tokens = [ops.pad(side, [[0, 0], [0, 1]]) for side in (reference, hypothesis)]
    suffix = _common_suffix(tokens, lengths)
    errors, substitutions = _fill(tokens, [length - suffix for length in lengths])
    said, heard = lengths
    deletions = (errors - substitutions + said - heard) // 2
    hits = said - substitutions - deletions
    return hits, substitutions, deletions, errors - substitutions - deletions


def _common_suffix(tokens, lengths):
    """Returns `(batch,)`: how many tokens both sides have in common at the end."""
    places = ops.arange(min(ops.shape(side)[1] for side in tokens))[None]
    left, right = (
        ops.take_along_axis(side, ops.maximum(length[:, None] - 1 - places, 0), axis=1)
        for side, length in zip(tokens, lengths, strict=True)
    )
    valid = places < ops.minimum(*lengths)[:, None]
    equal = ops.logical_and(left == right, valid)
    return ops.sum(ops.cumprod(ops.cast(equal, "int32"), axis=1), axis=1)


def _fill(tokens, lengths):
    """Returns the errors and the substitutions of the best path to the last cell."""
    hits = _diagonal_hits(*tokens)
    batch, width = (ops.shape(hits)[axis] for axis in (1, 2))
    hit, substitution = (
        ops.cast(cost, "int64") for cost in (_HIT, _ERROR + _SUBSTITUTE + _SUBSTITUTION)
    )
    target = (lengths[0] + lengths[1])[:, None]
    far = ops.full((batch, width), _FAR, dtype="int64")
    start = ops.where(ops.arange(width)[None] == 0, ops.zeros_like(far), far)

    def step(diagonal, state):
        corner, last, result = state
        above = ops.pad(last, [[0, 0], [1, 0]], constant_values=_FAR)[:, :-1]
        cost = ops.where(ops.take(hits, diagonal, axis=0), hit, substitution)
        best = ops.minimum(corner + cost, above + (_ERROR + _DELETE))
        best = ops.minimum(best, last + (_ERROR + _INSERT))
        best = ops.bitwise_and(best, _WITHOUT_STEP)
        return above, best, ops.where(target == diagonal, best, result)

    steps = ops.max(target) + 1
    _, _, result = ops.fori_loop(1, steps, step, (far, start, start))
    result = ops.take_along_axis(result, lengths[0][:, None], axis=1)[:, 0]
    errors = result // _ERROR
    return ops.cast(errors, "int32"), ops.cast(result - errors * _ERROR, "int32")


def _diagonal_hits(reference, hypothesis):
    """Returns `(diagonals, batch, rows)`: whether the tokens of a cell are equal."""
    batch, width = ops.shape(reference)[:2]
    height = ops.shape(hypothesis)[1]
    equal = reference[:, :, None] == hypothesis[:, None]
    # Rows that are one shorter than they were begin one later: the diagonals stand
    # below each other. Row 0 and diagonals 0 and 1 have no tokens.
    equal = ops.pad(equal, [[0, 0], [0, 0], [0, width]], constant_values=False)
    equal = ops.reshape(equal, (batch, width * (height + width)))[:, :-width]
    equal = ops.reshape(equal, (batch, width, height + width - 1))
    equal = ops.pad(equal, [[0, 0], [1, 0], [2, 0]], constant_values=False)
    return ops.transpose(equal, (2, 0, 1))
