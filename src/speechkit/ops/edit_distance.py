"""Edit distance of batches of label sequences, in the graph."""

from keras import ops

# More than any distance, and far from overflow when 1 is added.
_FAR = 2**30


def edit_distance(matches, reference_lengths, hypothesis_lengths):
    """Returns the least number of substitutions, deletions and insertions.

    Args:
        matches: `(batch, references, hypotheses)` booleans: whether reference token `i`
            equals hypothesis token `j`. Values beyond the lengths do not matter.
        reference_lengths: `(batch,)` integers.
        hypothesis_lengths: `(batch,)` integers.

    Returns:
        `(batch,)` int32.

    References:
        Wagner and Fischer, The string-to-string correction problem, 1974; here along
        the antidiagonals, whose cells do not depend on each other.
    """
    batch, width, height = (ops.shape(matches)[axis] for axis in range(3))
    rows = ops.arange(width + 1)[None]
    matches = ops.pad(matches, [[0, 0], [1, 0], [1, 0]], constant_values=False)
    target = ops.cast(reference_lengths + hypothesis_lengths, "int32")
    far = ops.full((batch, width + 1), _FAR, dtype="int32")

    def step(diagonal, state):
        before, last, result = state
        columns = diagonal - rows
        place = ops.clip(columns, 0, height)[:, :, None]
        match = ops.take_along_axis(matches, place, axis=2)[:, :, 0]
        distance = ops.minimum(_down(before) + 1 - ops.cast(match, "int32"), last + 1)
        distance = ops.minimum(distance, _down(last) + 1)
        # Row 0 is the edge of the table; before column 0 all stays far, so column 0
        # comes from row 0.
        distance = ops.where(rows == 0, diagonal + ops.zeros_like(distance), distance)
        ends = ops.take_along_axis(distance, reference_lengths[:, None], axis=1)[:, 0]
        return last, distance, ops.where(target == diagonal, ends, result)

    state = (far, far, ops.zeros((batch,), dtype="int32"))
    return ops.fori_loop(0, width + height + 1, step, state)[2]


def _down(distances):
    """Returns the distances of the row before, for each row of a diagonal."""
    return ops.pad(distances, [[0, 0], [1, 0]], constant_values=_FAR)[:, :-1]
