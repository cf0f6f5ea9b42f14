"""What all recurrences that are compiled for the host do alike.

Each thread has blocks of a few clips and goes with them through all frames, so that no
thread waits for another.
"""

import numpy as np

from speechkit.ops import host_threads, matmul_numba
from speechkit.ops.compiling import compiled_inline
from speechkit.ops.matmul_numba import FEW_ROWS, MANY_ROWS

# With fewer multiplications, a thread more costs more time than it saves.
_WORTH_A_THREAD = 2**21
# Input products of so many blocks are computed at once: they stay in the cache.
_MOST_AT_ONCE = 8


def in_blocks(function, arguments, frames, kernel, batch, num_threads):
    """Calls a function in threads that each compute some of the clips.

    Args:
        function: Takes the arguments, the number of clips in a block, and an array of
            the numbers of blocks.
        arguments: Arrays for all clips.
        frames: Number of frames.
        kernel: What each frame of a clip is multiplied by.
        batch: Number of clips.
        num_threads: Threads, at most.
    """
    work = frames * kernel.size * batch
    most = max(1, min(int(num_threads), work // _WORTH_A_THREAD))
    num_rows = min((MANY_ROWS, FEW_ROWS), key=lambda rows: _slowest(batch, rows, most))
    blocks = np.arange(-(-batch // num_rows))
    host_threads.in_threads(function, (*arguments, num_rows), blocks, most)


def _slowest(batch, num_rows, num_threads):
    """Returns how many rows the thread computes that has the most of them."""
    return -(-batch // (num_rows * num_threads)) * num_rows


def sums(batch, width, dtype):
    """Returns zeros for sums over the clips of each block."""
    return np.zeros((-(-batch // FEW_ROWS), width), dtype)


@compiled_inline
def frames_at_once(blocks):
    """Returns for how many frames a thread with these blocks computes gates at once."""
    return max(1, _MOST_AT_ONCE // len(blocks))


@compiled_inline
def find_gates(gates, rows, values, tiles, first, last, blocks):
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
def drop(state, dropout_mask, hidden):
    """Writes what dropout leaves of a state."""
    for unit in range(state.size):
        hidden[unit] = state[unit] * dropout_mask[unit]


@compiled_inline
def join(through, dropout_mask, given):
    """Replaces the gradient of a product with a state by that of the state itself."""
    for unit in range(given.size):
        through[unit] = through[unit] * dropout_mask[unit] + given[unit]


@compiled_inline
def drop_all(states, dropout_mask, hidden, blocks):
    """Writes what dropout leaves of the states of all clips of some blocks.

    Args:
        states: `(batch, units)`.
        dropout_mask: `(batch, units)`.
        hidden: `(blocks, rows, units and more)`, overwritten.
        blocks: The blocks of this thread.
    """
    num_rows = hidden.shape[1]
    for index in range(len(blocks)):
        first = blocks[index] * num_rows
        for clip in range(first, min(first + num_rows, len(states))):
            drop(states[clip], dropout_mask[clip], hidden[index, clip - first])
