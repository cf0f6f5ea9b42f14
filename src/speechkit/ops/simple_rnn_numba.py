"""The plain recurrence, compiled for the host."""

from speechkit.ops import host_memory, matmul_numba, recurrence_numba
from speechkit.ops.activations_numba import tanh
from speechkit.ops.compiling import borrow, compiled, compiled_inline


def forward(values, input_kernel, bias, kernel, dropout_mask, state, most, num_threads):
    """Returns the states, `(1 + frames, batch, units)`, from before the first frame on.

    Args:
        values: `(frames, batch, features)`.
        input_kernel: `(features, units)`; or `(0, units)`: the values are the gates.
        bias: `(units,)`.
        kernel: `(units, units)`.
        dropout_mask: `(batch, units)`.
        state: `(batch, units)`.
        most: What a rectifier is clipped at; 0 for the hyperbolic tangent.
        num_threads: Threads to compute in, at most.
    """
    frames, batch, _ = values.shape
    shape = 1 + frames, *state.shape
    states = host_memory.empty(shape, values.dtype)
    states[0] = state
    tiles = matmul_numba.pack(input_kernel), matmul_numba.pack(kernel)
    recurrence_numba.in_blocks(
        _forward,
        (values, *tiles, bias, dropout_mask, values.dtype.type(most), states),
        frames,
        kernel,
        batch,
        num_threads,
    )
    return states


@compiled
def _forward(
    values, input_tiles, tiles, bias, dropout_mask, most, states, num_rows, blocks
):
    values, input_tiles, tiles, bias = borrow((values, input_tiles, tiles, bias))
    states = borrow(states)
    _, batch, units = states.shape
    frames, count = len(values), len(blocks)
    at_once = recurrence_numba.frames_at_once(blocks)
    rows = matmul_numba.scratch(at_once * count, num_rows, values.shape[2], values)
    gates = matmul_numba.scratch(at_once * count, num_rows, units, values)
    hidden = matmul_numba.scratch(count, num_rows, units, values)
    products = matmul_numba.scratch(count, num_rows, units, values)
    recurrence_numba.drop_all(states[0], dropout_mask, hidden, blocks)
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
                from_gates = gates[frame % at_once * count + index, row]
                _step(from_gates, bias, products[index, row], most, state)
                recurrence_numba.drop(state, dropout_mask[clip], hidden[index, row])


@compiled_inline
def _step(gates, bias, products, most, state):
    zero = state.dtype.type(0)
    for unit in range(state.size):
        state[unit] = gates[unit] + products[unit] + bias[unit]
    if most == 0:
        for unit in range(state.size):
            state[unit] = tanh(state[unit])
    else:
        for unit in range(state.size):
            state[unit] = zero if state[unit] < zero else state[unit]
            state[unit] = most if state[unit] > most else state[unit]
