"""Recurrences compiled for the host: what all cells do alike.

A cell is a named tuple of what its steps read and write besides gates and states; its
type chooses the `step` that is compiled with it.
"""

from speechkit.ops import host_memory, matmul_numba
from speechkit.ops.compiling import borrow, compiled, compiled_inline
from speechkit.ops.recurrence_blocks import in_blocks

# Input products of so many blocks are computed at once: they stay in the cache.
_MOST_AT_ONCE = 8


def forward(cell, values, input_kernel, bias, kernel, dropout_mask, state, num_threads):
    """Returns the states, `(1 + frames, batch, units)`, from before the first frame on.

    Args:
        cell: Named tuple for which there is a `step`.
        values: `(frames, batch, features)`.
        input_kernel: `(features, gates * units)`; or `(0, gates * units)`: the values
            are the gates.
        bias: `(gates * units,)`.
        kernel: `(units, gates * units)`.
        dropout_mask: `(batch, units)`.
        state: `(batch, units)`.
        num_threads: Threads to compute in, at most.
    """
    frames, batch, _ = values.shape
    states = host_memory.empty((1 + frames, *state.shape), values.dtype)
    states[0] = state
    tiles = matmul_numba.pack(input_kernel), matmul_numba.pack(kernel)
    arguments = cell, values, *tiles, bias, dropout_mask, states
    in_blocks(_forward, arguments, frames, kernel, batch, num_threads)
    return states


def step(cell, frame, clip, gates, bias, products, before, state):
    """Writes the state of a clip after a frame. Each cell has its own.

    Args:
        cell: Named tuple, whose type chooses.
        frame: Number of the frame.
        clip: Number of the clip.
        gates: Input product, `(gates * units and more,)`.
        bias: `(gates * units,)`, not yet added to the gates.
        products: Product of the state before with the kernel, as `gates`.
        before: State before, `(units,)`.
        state: `(units,)`, overwritten.
    """


@compiled_inline
def copy(values, target):
    """Writes values to the begin of another array."""
    for place in range(values.size):
        target[place] = values[place]


@compiled_inline
def add(values, total):
    """Adds values to a sum of as many."""
    for place in range(values.size):
        total[place] += values[place]


@compiled_inline
def drop(state, dropout_mask, left):
    """Writes what dropout leaves of a state, or of its gradient."""
    for unit in range(state.size):
        left[unit] = state[unit] * dropout_mask[unit]


def _forward(cell, values, *arrays):
    """Computes the states of some blocks."""
    input_tiles, tiles, bias, dropout_mask, states, num_rows, blocks = arrays
    count, units = len(blocks), states.shape[2]
    at_once = max(1, _MOST_AT_ONCE // count) * count
    rows, gates, hidden, products = (
        matmul_numba.scratch(places, num_rows, width, values.dtype)
        for places, width in (
            (at_once, values.shape[2]),
            (at_once, bias.size),
            (count, units),
            (count, bias.size),
        )
    )
    _forward_in_frames(
        cell,
        values,
        input_tiles,
        tiles,
        bias,
        dropout_mask,
        states,
        rows,
        gates,
        hidden,
        products,
        blocks,
    )


@compiled
def _forward_in_frames(
    cell,
    values,
    input_tiles,
    tiles,
    bias,
    dropout_mask,
    states,
    rows,
    gates,
    hidden,
    products,
    blocks,
):
    cell, values, input_tiles, tiles = borrow((cell, values, input_tiles, tiles))
    bias, dropout_mask, states = borrow((bias, dropout_mask, states))
    rows, gates, hidden, products = borrow((rows, gates, hidden, products))
    blocks = borrow(blocks)
    (frames, batch, _), count, num_rows = values.shape, len(blocks), hidden.shape[1]
    at_once = len(gates) // count
    for frame in range(frames):
        if frame % at_once == 0:
            last = min(frame + at_once, frames)
            _find_gates(gates, rows, values, input_tiles, frame, last, blocks)
        for index in range(count):
            first = blocks[index] * num_rows
            for clip in range(first, min(first + num_rows, batch)):
                left = hidden[index, clip - first]
                drop(states[frame, clip], dropout_mask[clip], left)
        matmul_numba.multiply(hidden, tiles, products)
        for index in range(count):
            first = blocks[index] * num_rows
            for clip in range(first, min(first + num_rows, batch)):
                row = clip - first
                of_frame = gates[frame % at_once * count + index, row]
                product = products[index, row]
                before, state = states[frame, clip], states[frame + 1, clip]
                step(cell, frame, clip, of_frame, bias, product, before, state)


@compiled_inline
def _find_gates(gates, rows, values, tiles, first, last, blocks):
    """Writes the gates of some frames, but for the bias.

    Args:
        gates: `(places, rows, width)`, a place for each block of each frame.
        rows: `(places, rows, features)`, overwritten.
        values: `(frames, batch, features)`; the gates, if tiles have no features.
        tiles: `(tiles, features, width)`, the input kernel in tiles.
        first: The first of the frames.
        last: The frame after them.
        blocks: The blocks of this thread.
    """
    is_product = tiles.shape[1] > 0
    targets = rows if is_product else gates
    num_rows, place = rows.shape[1], 0
    for frame in range(first, last):
        for block in blocks:
            start = block * num_rows
            for clip in range(start, min(start + num_rows, values.shape[1])):
                copy(values[frame, clip], targets[place, clip - start])
            place += 1
    if is_product:
        matmul_numba.multiply(rows[:place], tiles, gates)
