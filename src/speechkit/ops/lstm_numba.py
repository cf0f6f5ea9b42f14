"""The long short-term memory and its gradient, compiled for the host."""

import numpy as np

from speechkit.ops import host_memory, matmul_numba, recurrence_numba
from speechkit.ops.activations_numba import sigmoid, tanh
from speechkit.ops.compiling import borrow, compiled, compiled_inline


def forward(
    values, input_kernel, bias, kernel, dropout_mask, state, carry, num_threads
):
    """Returns states and carries, and what the gradient needs.

    Args:
        values: `(frames, batch, features)`.
        input_kernel: `(features, 4 * units)`, with the gates in the order of
            `recurrence.lstm`; or `(0, 4 * units)`: the values are the gates.
        bias: `(4 * units,)`.
        kernel: `(units, 4 * units)`.
        dropout_mask: `(batch, units)`.
        state: `(batch, units)`.
        carry: `(batch, units)`.
        num_threads: Threads to compute in, at most.

    Returns:
        States and carries, `(1 + frames, batch, units)`, from before the first frame
        on; and the gates after their activations, `(frames, batch, 4 * units)`.
    """
    (frames, batch, _), width = values.shape, kernel.shape[1]
    shapes = *[(1 + frames, *state.shape)] * 2, (frames, batch, width)
    states, carries, opened = (
        host_memory.empty(shape, values.dtype) for shape in shapes
    )
    states[0], carries[0] = state, carry
    tiles = matmul_numba.pack(input_kernel), matmul_numba.pack(kernel)
    recurrence_numba.in_blocks(
        _forward,
        (values, *tiles, bias, dropout_mask, states, carries, opened),
        frames,
        kernel,
        batch,
        num_threads,
    )
    return states, carries, opened


@compiled
def _forward(
    values,
    input_tiles,
    tiles,
    bias,
    dropout_mask,
    states,
    carries,
    opened,
    num_rows,
    blocks,
):
    values, input_tiles, tiles, bias = borrow((values, input_tiles, tiles, bias))
    states, carries, opened = borrow((states, carries, opened))
    frames, batch, width = opened.shape
    units, count = width // 4, len(blocks)
    at_once = recurrence_numba.frames_at_once(blocks)
    rows = matmul_numba.scratch(at_once * count, num_rows, values.shape[2], values)
    gates = matmul_numba.scratch(at_once * count, num_rows, width, values)
    hidden = matmul_numba.scratch(count, num_rows, units, values)
    products = matmul_numba.scratch(count, num_rows, width, values)
    for index in range(count):
        first = blocks[index] * num_rows
        for clip in range(first, min(first + num_rows, batch)):
            recurrence_numba.drop(
                states[0, clip], dropout_mask[clip], hidden[index, clip - first]
            )
    for frame in range(frames):
        if frame % at_once == 0:
            last = min(frame + at_once, frames)
            recurrence_numba.find_gates(
                gates, rows, values, input_tiles, frame, last, blocks
            )
        matmul_numba.multiply(hidden, tiles, products)
        for index in range(count):
            first = blocks[index] * num_rows
            for clip in range(first, min(first + num_rows, batch)):
                row = clip - first
                state = states[frame + 1, clip]
                _step(
                    gates[frame % at_once * count + index, row],
                    bias,
                    products[index, row],
                    carries[frame, clip],
                    opened[frame, clip],
                    carries[frame + 1, clip],
                    state,
                )
                recurrence_numba.drop(state, dropout_mask[clip], hidden[index, row])


@compiled_inline
def _step(gates, bias, products, before, opened, carry, state):
    """Writes the opened gates, the carry and the state of a frame of a clip."""
    # A loop with few arrays is computed several numbers at once.
    units = state.size
    for place in range(opened.size):
        opened[place] = gates[place] + products[place] + bias[place]
    both, rest = opened[: 2 * units], opened[2 * units :]
    enter, forget = both[:units], both[units:]
    candidate, leave = rest[:units], rest[units:]
    for place in range(both.size):
        both[place] = sigmoid(both[place])
    for unit in range(units):
        candidate[unit] = tanh(candidate[unit])
    for unit in range(units):
        leave[unit] = sigmoid(leave[unit])
    for unit in range(units):
        carry[unit] = forget[unit] * before[unit] + enter[unit] * candidate[unit]
    for unit in range(units):
        state[unit] = leave[unit] * tanh(carry[unit])


def backward(of_states, of_carries, kernel, dropout_mask, carries, opened, num_threads):
    """Returns the gradients of gates, bias, state and carry.

    Args:
        of_states: `(frames, batch, units)`.
        of_carries: `(frames, batch, units)`; or of one frame, which stands for all.
        kernel: As for `forward`.
        dropout_mask: As for `forward`.
        carries: What `forward` returned.
        opened: What `forward` returned.
        num_threads: As for `forward`.
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
