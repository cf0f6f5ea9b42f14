"""The gradient of the plain recurrence, compiled for the host."""

from speechkit.ops import host_memory, matmul_numba, recurrence_numba
from speechkit.ops.compiling import borrow, compiled, compiled_inline


def backward(of_states, kernel, dropout_mask, states, most, num_threads):
    """Returns the gradients of gates, bias and state.

    Args:
        of_states: `(frames, batch, units)`.
        kernel: As for `simple_rnn_numba.forward`.
        dropout_mask: As for `simple_rnn_numba.forward`.
        states: What `simple_rnn_numba.forward` returned.
        most: As for `simple_rnn_numba.forward`.
        num_threads: As for `simple_rnn_numba.forward`.
    """
    frames, batch, units = of_states.shape
    of_gates, of_state = (
        host_memory.empty(shape, states.dtype)
        for shape in (of_states.shape, dropout_mask.shape)
    )
    of_biases = recurrence_numba.sums(batch, units, states.dtype)
    most = states.dtype.type(most)
    arguments = matmul_numba.pack(kernel.T), dropout_mask, states, most
    recurrence_numba.in_blocks(
        _backward,
        (of_states, *arguments, of_gates, of_biases, of_state),
        frames,
        kernel,
        batch,
        num_threads,
    )
    return of_gates, of_biases.sum(axis=0), of_state


@compiled
def _backward(
    of_states,
    tiles,
    dropout_mask,
    states,
    most,
    of_gates,
    of_biases,
    of_state,
    num_rows,
    blocks,
):
    of_states, tiles, states = borrow((of_states, tiles, states))
    of_gates, of_biases = borrow((of_gates, of_biases))
    frames, batch, units = of_states.shape
    count = len(blocks)
    parts = matmul_numba.scratch(count, num_rows, units, states)
    through = matmul_numba.scratch(count, num_rows, units, states)
    for frame in range(frames - 1, -1, -1):
        for index in range(count):
            first = blocks[index] * num_rows
            for clip in range(first, min(first + num_rows, batch)):
                row = clip - first
                gradient, given = through[index, row], of_states[frame, clip]
                recurrence_numba.join(gradient, dropout_mask[clip], given)
                part = parts[index, row, :units]
                _step_back(gradient, states[frame + 1, clip], most, part)
                recurrence_numba.copy(part, of_gates[frame, clip])
                recurrence_numba.add(part, of_biases[blocks[index]])
        matmul_numba.multiply(parts, tiles, through)
    for index in range(count):
        first = blocks[index] * num_rows
        for clip in range(first, min(first + num_rows, batch)):
            gradient = through[index, clip - first, :units]
            recurrence_numba.drop(gradient, dropout_mask[clip], of_state[clip])


@compiled_inline
def _step_back(gradient, state, most, part):
    one, zero = state.dtype.type(1), state.dtype.type(0)
    if most == 0:
        for unit in range(state.size):
            part[unit] = gradient[unit] * (one - state[unit] * state[unit])
    else:
        for unit in range(state.size):
            is_between = (state[unit] > zero) & (state[unit] < most)
            part[unit] = gradient[unit] if is_between else zero
