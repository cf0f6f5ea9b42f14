"""Gradients of recurrences compiled for the host: what all cells do alike."""

import numpy as np

from speechkit.ops.recurrence.compiled.blocks import in_blocks
from speechkit.ops.recurrence.compiled.loop_numba import add, drop
from speechkit.ops.runtime import matmul_numba, memory
from speechkit.ops.runtime.compiling import borrow, compiled, compiled_inline


def backward(cell, grad_states, kernel, dropout_mask, num_threads):
    """Returns the gradients of gates, bias and state, and what passes by the products.

    Args:
        cell: Named tuple for which there is a `step_back`.
        grad_states: `(frames, batch, units)`.
        kernel: As for `loop_numba.forward`.
        dropout_mask: As for `loop_numba.forward`.
        num_threads: As for `loop_numba.forward`.

    Returns:
        `(frames, batch, gates * units)`; `(gates * units,)`; twice `(batch, units)`.
    """
    (frames, batch, _), width = grad_states.shape, kernel.shape[1]
    grad_gates, grad_state, besides = (
        memory.empty(shape, grad_states.dtype)
        for shape in ((frames, batch, width), *[dropout_mask.shape] * 2)
    )
    besides[:] = 0
    # A thread adds to the biases of its first block; there are so many blocks at most.
    grad_biases = np.zeros((-(-batch // matmul_numba.ROWS), width), grad_states.dtype)
    given = cell, grad_states, matmul_numba.pack(kernel.T), dropout_mask
    arguments = *given, grad_gates, grad_biases, grad_state, besides
    in_blocks(_backward, arguments, frames, kernel, batch, num_threads)
    return grad_gates, grad_biases.sum(axis=0), grad_state, besides


def step_back(cell, frame, clip, grad_state, besides, grad_products, grad_gates):
    """Writes the gradients of what a step read. Each cell has its own.

    Args:
        cell: Named tuple, whose type chooses.
        frame: Number of the frame.
        clip: Number of the clip.
        grad_state: Gradient of the new state by all but `besides`, `(units,)`; may be
            overwritten.
        besides: What the step of the frame after left here, zeros in the beginning,
            `(units,)`: a gradient that goes by the product; replaced.
        grad_products: Gradient of the product of state and kernel, `(gates * units,)`,
            overwritten.
        grad_gates: Gradient of the gates, `(gates * units,)`, overwritten.
    """


def _backward(cell, grad_states, *arrays):
    """Computes the gradients of some blocks, which follow each other."""
    tiles, dropout_mask, grad_gates, grad_biases, grad_state, besides, blocks = arrays
    grad_products, through = (
        matmul_numba.scratch(len(blocks), width, grad_states.dtype)
        for width in (grad_gates.shape[2], grad_states.shape[2])
    )
    _backward_in_frames(
        cell,
        grad_states,
        tiles,
        dropout_mask,
        grad_gates,
        grad_biases,
        grad_state,
        besides,
        grad_products,
        through,
        blocks[0],
    )


@compiled
def _backward_in_frames(
    cell,
    grad_states,
    tiles,
    dropout_mask,
    grad_gates,
    grad_biases,
    grad_state,
    all_besides,
    grad_products,
    through,
    first_block,
):
    cell, grad_states, tiles = borrow((cell, grad_states, tiles))
    dropout_mask, grad_gates, grad_biases = borrow(
        (dropout_mask, grad_gates, grad_biases)
    )
    grad_state, all_besides = borrow((grad_state, all_besides))
    grad_products, through = borrow((grad_products, through))
    (frames, batch, width), (count, num_rows, _) = grad_gates.shape, through.shape
    units, first = grad_states.shape[2], first_block * num_rows
    num_clips = min(count * num_rows, batch - first)
    grad_product = grad_products.reshape(count * num_rows, -1)
    gradient = through.reshape(count * num_rows, -1)
    for frame in range(frames - 1, -1, -1):
        for row in range(num_clips):
            clip = first + row
            grad_gate, besides = grad_gates[frame, clip], all_besides[clip]
            # Rows of a slice of all would not be known to have no gaps.
            grad_clip, product = gradient[row, :units], grad_product[row, :width]
            _join(grad_clip, dropout_mask[clip], grad_states[frame, clip])
            step_back(cell, frame, clip, grad_clip, besides, product, grad_gate)
            add(grad_gate, grad_biases[first_block])
        matmul_numba.multiply(grad_products, tiles, through)
    for row in range(num_clips):
        clip = first + row
        drop(gradient[row, :units], dropout_mask[clip], grad_state[clip])


@compiled_inline
def _join(through, dropout_mask, given):
    """Replaces the gradient of a product with a state by that of the state itself."""
    for unit in range(given.size):
        through[unit] = through[unit] * dropout_mask[unit] + given[unit]
