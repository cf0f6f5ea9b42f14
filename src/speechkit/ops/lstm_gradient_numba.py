"""The gradient of the long short-term memory, compiled for the host."""

import numpy as np

from speechkit.ops import host_memory, matmul_numba, recurrence_numba
from speechkit.ops.activations_numba import tanh
from speechkit.ops.compiling import borrow, compiled, compiled_inline


def backward(of_states, of_carries, kernel, dropout_mask, carries, opened, num_threads):
    """Returns the gradients of gates, bias, state and carry.

    Args:
        of_states: `(frames, batch, units)`.
        of_carries: `(frames, batch, units)`; or of one frame, which stands for all.
        kernel: As for `lstm_numba.forward`.
        dropout_mask: As for `lstm_numba.forward`.
        carries: What `lstm_numba.forward` returned.
        opened: What `lstm_numba.forward` returned.
        num_threads: As for `lstm_numba.forward`.
    """
    frames, batch, width = opened.shape
    of_gates, of_state, of_carry = (
        host_memory.empty(shape, opened.dtype)
        for shape in (opened.shape, dropout_mask.shape, dropout_mask.shape)
    )
    of_biases = recurrence_numba.sums(batch, width, opened.dtype)
    kept = matmul_numba.pack(kernel.T), dropout_mask, carries, opened
    recurrence_numba.in_blocks(
        _backward,
        (of_states, of_carries, *kept, of_gates, of_biases, of_state, of_carry),
        frames,
        kernel,
        batch,
        num_threads,
    )
    return of_gates, of_biases.sum(axis=0), of_state, of_carry


@compiled
def _backward(
    of_states,
    of_carries,
    tiles,
    dropout_mask,
    carries,
    opened,
    of_gates,
    of_biases,
    of_state,
    of_carry,
    num_rows,
    blocks,
):
    of_states, of_carries, tiles = borrow((of_states, of_carries, tiles))
    carries, opened = borrow((carries, opened))
    of_gates, of_biases = borrow((of_gates, of_biases))
    frames, batch, width = opened.shape
    units, count = width // 4, len(blocks)
    parts = matmul_numba.scratch(count, num_rows, width, opened)
    through = matmul_numba.scratch(count, num_rows, units, opened)
    to_carry = matmul_numba.scratch(count, num_rows, units, opened)
    squashed = np.empty(units, opened.dtype)
    for frame in range(frames - 1, -1, -1):
        given_to_carries = of_carries[min(frame, len(of_carries) - 1)]
        for index in range(count):
            first = blocks[index] * num_rows
            for clip in range(first, min(first + num_rows, batch)):
                row = clip - first
                gradient = through[index, row]
                given = of_states[frame, clip]
                recurrence_numba.join(gradient, dropout_mask[clip], given)
                recurrence_numba.add(given_to_carries[clip], to_carry[index, row])
                part = parts[index, row, :width]
                _step_back(
                    gradient,
                    to_carry[index, row],
                    opened[frame, clip],
                    carries[frame, clip],
                    carries[frame + 1, clip],
                    squashed,
                    part,
                )
                recurrence_numba.copy(part, of_gates[frame, clip])
                recurrence_numba.add(part, of_biases[blocks[index]])
        matmul_numba.multiply(parts, tiles, through)
    for index in range(count):
        first = blocks[index] * num_rows
        for clip in range(first, min(first + num_rows, batch)):
            row = clip - first
            recurrence_numba.drop(
                through[index, row, :units], dropout_mask[clip], of_state[clip]
            )
            recurrence_numba.copy(to_carry[index, row, :units], of_carry[clip])


@compiled_inline
def _step_back(of_state, of_carry, opened, before, carry, squashed, parts):
    """Writes the gradients of the gates, and replaces that of the carry."""
    units = before.size
    enter, forget = opened[:units], opened[units : 2 * units]
    candidate, leave = opened[2 * units : 3 * units], opened[3 * units :]
    of_enter, of_forget = parts[:units], parts[units : 2 * units]
    of_candidate, of_leave = parts[2 * units : 3 * units], parts[3 * units :]
    one = opened.dtype.type(1)
    for unit in range(units):
        squashed[unit] = tanh(carry[unit])
    for unit in range(units):
        slope = one - squashed[unit] * squashed[unit]
        of_carry[unit] += of_state[unit] * leave[unit] * slope
    for unit in range(units):
        slope = enter[unit] * (one - enter[unit])
        of_enter[unit] = of_carry[unit] * candidate[unit] * slope
    for unit in range(units):
        slope = forget[unit] * (one - forget[unit])
        of_forget[unit] = of_carry[unit] * before[unit] * slope
    for unit in range(units):
        slope = one - candidate[unit] * candidate[unit]
        of_candidate[unit] = of_carry[unit] * enter[unit] * slope
    for unit in range(units):
        slope = leave[unit] * (one - leave[unit])
        of_leave[unit] = of_state[unit] * squashed[unit] * slope
    for unit in range(units):
        of_carry[unit] *= forget[unit]
