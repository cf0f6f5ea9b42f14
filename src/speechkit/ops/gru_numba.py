"""The gated recurrent unit, compiled for the host."""

from speechkit.ops import host_memory, matmul_numba, recurrence_numba
from speechkit.ops.activations_numba import sigmoid, tanh
from speechkit.ops.compiling import borrow, compiled, compiled_inline


def forward(
    values,
    input_kernel,
    bias,
    kernel,
    candidate_bias,
    dropout_mask,
    state,
    num_threads,
):
    """Returns states, and what the gradient needs.

    Args:
        values: `(frames, batch, features)`.
        input_kernel: `(features, 3 * units)`, with the gates in the order of
            `recurrence.gru`; or `(0, 3 * units)`: the values are the gates.
        bias: `(3 * units,)`, of the gates.
        kernel: `(units, 3 * units)`.
        candidate_bias: `(units,)`, added to the candidate's product with the state.
        dropout_mask: `(batch, units)`.
        state: `(batch, units)`.
        num_threads: Threads to compute in, at most.

    Returns:
        States, `(1 + frames, batch, units)`, from before the first frame on; the gates
        after their activations, `(frames, batch, 3 * units)`; and what the reset gate
        multiplied, `(frames, batch, units)`.
    """
    (frames, batch, _), width = values.shape, kernel.shape[1]
    shapes = (1 + frames, *state.shape), (frames, batch, width), (frames, *state.shape)
    states, opened, kept = (host_memory.empty(shape, values.dtype) for shape in shapes)
    states[0] = state
    tiles = matmul_numba.pack(input_kernel), matmul_numba.pack(kernel)
    biases = bias, candidate_bias
    recurrence_numba.in_blocks(
        _forward,
        (values, *tiles, *biases, dropout_mask, states, opened, kept),
        frames,
        kernel,
        batch,
        num_threads,
    )
    return states, opened, kept


@compiled
def _forward(
    values,
    input_tiles,
    tiles,
    bias,
    candidate_bias,
    dropout_mask,
    states,
    opened,
    kept,
    num_rows,
    blocks,
):
    values, input_tiles, tiles = borrow((values, input_tiles, tiles))
    bias, candidate_bias = borrow((bias, candidate_bias))
    states, opened, kept = borrow((states, opened, kept))
    frames, batch, width = opened.shape
    units, count = width // 3, len(blocks)
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
                    candidate_bias,
                    states[frame, clip],
                    opened[frame, clip],
                    kept[frame, clip],
                    state,
                )
                recurrence_numba.drop(state, dropout_mask[clip], hidden[index, row])


@compiled_inline
def _step(gates, bias, products, candidate_bias, before, opened, product, state):
    """Writes the opened gates, what one of them multiplies, and the new state."""
    # A loop with few arrays is computed several numbers at once.
    units = state.size
    both, candidate = opened[: 2 * units], opened[2 * units :]
    update, reset = both[:units], both[units:]
    of_candidate = products[2 * units :]
    for place in range(opened.size):
        opened[place] = gates[place] + bias[place]
    for place in range(both.size):
        both[place] = sigmoid(both[place] + products[place])
    for unit in range(units):
        product[unit] = of_candidate[unit] + candidate_bias[unit]
    for unit in range(units):
        candidate[unit] = tanh(candidate[unit] + reset[unit] * product[unit])
    for unit in range(units):
        change = before[unit] - candidate[unit]
        state[unit] = candidate[unit] + update[unit] * change
