"""The long short-term memory, compiled for the host."""

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
