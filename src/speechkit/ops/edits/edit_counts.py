"""Hits and errors of batches of label sequences, in the graph."""

from typing import NamedTuple

import keras
from keras import ops

if keras.backend.backend() == "tensorflow":
    from speechkit.ops.edits.edit_counts_tensorflow import diagonals_in_one_go
else:

    def diagonals_in_one_go() -> int:
        """Returns how many diagonals a turn of the loop computes, at most."""
        return 1


# Of equally good steps the least counts; 0 is also the step of a cell without one.
_DELETE, _SUBSTITUTE, _INSERT, _HIT = range(4)
# What tables of unknown size are made for.
_MAX_BITS = 20


class _Cell(NamedTuple):
    """Packs a cell into one number: errors, steps that led there, substitutions.

    A step is written in bits of its own on each diagonal of a turn of the loop, the
    later the higher, so that all of them can be wiped out together.

    Errors count less the tokens so far on both sides. So neither a deletion nor an
    insertion adds any, a substitution adds −1, and a hit −2.
    """

    bits: int
    diagonals: int
    dtype: str

    @property
    def error(self):
        return 1 << (self.bits + 2 * self.diagonals)

    @property
    def without_steps(self):
        return ~(self.error - (1 << self.bits))

    @property
    def far(self):
        """More than any path takes away."""
        return self.error << (self.bits + 1)

    def step(self, diagonal, kind):
        return kind << (self.bits + 2 * diagonal)


def edit_counts(reference, hypothesis, reference_lengths, hypothesis_lengths):
    """Returns the counts of an alignment with the fewest errors.

    Of several such alignments it takes that of the rule in `operations`: tokens that
    both sides share at the end are hits, and the rest is traced from its end. A shared
    start need not be looked for, since it changes no count.

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
    num_rows, num_columns = (
        ops.cast(length, "int32") for length in (reference_lengths, hypothesis_lengths)
    )
    # One more column, so that there is a last token to look at.
    tokens = [ops.pad(side, [[0, 0], [0, 1]]) for side in (reference, hypothesis)]
    suffix = _common_suffix(tokens, (num_rows, num_columns))
    errors, substitutions = _fill(tokens, num_rows - suffix, num_columns - suffix)
    deletions = (errors - substitutions + num_rows - num_columns) // 2
    hits = num_rows - substitutions - deletions
    return hits, substitutions, deletions, errors - substitutions - deletions


def _common_suffix(tokens, lengths):
    """Returns `(batch,)`, the number of tokens that both sides share at the end."""
    widths = [ops.shape(side)[1] for side in tokens]
    least = min(widths) if _are_known(widths) else ops.minimum(*widths)
    places = ops.arange(least)[None]
    left, right = (
        ops.take_along_axis(side, ops.maximum(length[:, None] - 1 - places, 0), axis=1)
        for side, length in zip(tokens, lengths, strict=True)
    )
    valid = places < ops.minimum(*lengths)[:, None]
    equal = ops.logical_and(left == right, valid)
    return ops.sum(ops.cumprod(ops.cast(equal, "int32"), axis=1), axis=1)


def _are_known(widths):
    return all(isinstance(width, int) for width in widths)


def _make_cell(widths):
    diagonals = diagonals_in_one_go()
    bits = max(widths).bit_length() if _are_known(widths) else _MAX_BITS
    # `far` and the sign: so many diagonals fit into 32 bits.
    narrow = min(diagonals, (32 - 4) // 2 - bits)
    if narrow < min(diagonals, 4):
        return _Cell(bits, diagonals, "int64")
    return _Cell(bits, narrow, "int32")


def _fill(tokens, num_rows, num_columns):
    """Returns the errors and the substitutions of the best path to the last cell.

    All references end in the last row of the table; the rows above them add nothing.
    """
    width, height = (ops.shape(side)[1] for side in tokens)
    cell = _make_cell((width, height))
    places = ops.arange(width)[:, None] - (width - num_rows)
    rows = _at(ops.transpose(tokens[0]), places)
    columns = _backwards(tokens[1], width + cell.diagonals)
    costs = [_costs(cell, diagonal, places >= 0) for diagonal in range(cell.diagonals)]
    before = width - ops.max(num_rows, initial=0)

    def turn(number, state):
        done = before + number * cell.diagonals
        start = height + width + 1 - done
        size = (width + cell.diagonals - 1, ops.shape(columns)[1])
        window = ops.slice(columns, (start, 0), size)
        *diagonals, ends = _compute_diagonals(cell, rows, window, costs, state[:2])
        is_end = (
            ops.arange(1, cell.diagonals + 1)[:, None] == width + num_columns - done
        )
        ends = ops.sum(ops.where(is_end, ends, ops.zeros_like(ends)), axis=0)
        return *diagonals, state[2] + ends

    turns = (
        ops.max(num_rows, initial=0)
        + ops.max(num_columns, initial=0)
        + cell.diagonals
        - 1
    ) // cell.diagonals
    _, _, result = ops.fori_loop(0, turns, turn, _start(cell, rows, before))
    result = ops.bitwise_and(result, cell.without_steps)
    errors = result // cell.error
    substitutions = ops.cast(result - errors * cell.error, "int32")
    return ops.cast(errors, "int32") + num_rows + num_columns, substitutions


def _at(tokens, places):
    return ops.take_along_axis(tokens, ops.maximum(places, 0), axis=0)


def _backwards(hypothesis, room):
    """Returns `(tokens, batch)` in reverse order, with room before and after them."""
    tokens = ops.transpose(ops.flip(hypothesis, axis=1))
    beside = ops.zeros((room, ops.shape(tokens)[1]), dtype=tokens.dtype)
    return ops.concatenate([beside, tokens, beside], axis=0)


def _costs(cell, diagonal, valid):
    """Returns the cost of a hit in each row, and what a substitution adds to it.

    In a row above the reference neither pays.
    """
    hit = cell.step(diagonal, _HIT) - 2 * cell.error
    more = cell.error + 1 + cell.step(diagonal, _SUBSTITUTE) - cell.step(diagonal, _HIT)
    return ops.where(valid, *(ops.cast(c, cell.dtype) for c in (hit, cell.error))), more


def _start(cell, rows, before):
    """Returns the two diagonals before the first, and no result.

    Below row 0 and in the rows above the references they are outside of the table.
    """
    nothing = ops.zeros_like(rows, dtype=cell.dtype)
    outside = ops.arange(ops.shape(rows)[0])[:, None] >= before
    diagonal = nothing + ops.cast(outside, cell.dtype) * cell.far
    return diagonal, diagonal, nothing[0]


def _compute_diagonals(cell, rows, window, costs, state):
    """Returns the last two diagonals, without steps, and the last cell of each."""
    (corner, last), width = state, ops.shape(rows)[0]
    row_0 = ops.zeros_like(last[:1])
    ends = []
    for diagonal, (hit, more) in enumerate(costs):
        column = cell.diagonals - 1 - diagonal
        differs = ops.cast(rows != window[column : column + width], cell.dtype)
        above = ops.concatenate([row_0, last[:-1]], axis=0)
        best = ops.minimum(corner + (differs * more + hit), above)
        best = ops.minimum(best, last + cell.step(diagonal, _INSERT))
        corner, last = above, best
        ends.append(best[-1:])
    wiped = [ops.bitwise_and(side, cell.without_steps) for side in (corner, last)]
    return *wiped, ops.concatenate(ends, axis=0)
