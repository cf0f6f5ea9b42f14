"""Recurrences compiled for the host: what all cells do alike.

A cell is a named tuple of what its steps read and write besides gates and states; its
type chooses the `step` that is compiled with it.
"""

from speechkit.ops.recurrence.compiled.blocks import in_blocks
from speechkit.ops.runtime import matmul_numba, memory
from speechkit.ops.runtime.compiling import borrow, compiled, compiled_inline

# Input products of so many blocks are computed at once: they stay in the cache.
_MOST_AT_ONCE = 16


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
    states = memory.empty((1 + frames, *state.shape), values.dtype)
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
    """Computes the states of some blocks, which follow each other."""
    input_tiles, tiles, bias, dropout_mask, states, blocks = arrays
    count, units = len(blocks), states.shape[2]
    at_once = max(1, _MOST_AT_ONCE // count) * count
    rows, gates, hidden, products = (
        matmul_numba.scratch(places, width, values.dtype)
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
        blocks[0],
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
    first_block,
):
    cell, values, input_tiles, tiles = borrow((cell, values, input_tiles, tiles))
    bias, dropout_mask, states = borrow((bias, dropout_mask, states))
    rows, gates, hidden, products = borrow((rows, gates, hidden, products))
    (frames, batch, _), (count, num_rows, _) = values.shape, hidden.shape
    at_once = len(gates) // count
    first = first_block * num_rows
    num_clips = min(count * num_rows, batch - first)
    of_frames = gates.reshape(at_once, count * num_rows, -1)
    left = hidden.reshape(count * num_rows, -1)
    product = products.reshape(count * num_rows, -1)
    for frame in range(frames):
        place = frame % at_once
        if place == 0:
            some = values[frame : frame + at_once, first : first + num_clips]
            _find_gates(gates, rows, some, input_tiles, count)
        for row in range(num_clips):
            clip = first + row
            drop(states[frame, clip], dropout_mask[clip], left[row])
        matmul_numba.multiply(hidden, tiles, products)
        for row in range(num_clips):
            clip, gate = first + row, of_frames[place, row]
            before, state = states[frame, clip], states[frame + 1, clip]
            step(cell, frame, clip, gate, bias, product[row], before, state)


@compiled_inline
def _find_gates(gates, rows, values, tiles, count):
    """Writes the gates of some frames, but for the bias.

    Args:
        gates: `(places, rows, width)`, a place for each block of each frame.
        rows: `(places, rows, features)`, overwritten.
        values: `(frames, clips, features)`, of the clips of these blocks; the gates, if
            tiles have no features.
        tiles: `(tiles, features, width)`, the input kernel in tiles.
        count: Number of blocks.
    """
    is_product = tiles.shape[1] > 0
    targets = rows if is_product else gates
    frames, num_clips, _ = values.shape
    height = count * rows.shape[1]
    target = targets.reshape(len(targets) * rows.shape[1], -1)
    for frame in range(frames):
        for row in range(num_clips):
            copy(values[frame, row], target[frame * height + row])
    if is_product:
        matmul_numba.multiply(rows[: frames * count], tiles, gates)
