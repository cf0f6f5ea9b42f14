"""The gradient of the gated recurrent unit, compiled for the host."""

from speechkit.ops import host_memory, matmul_numba, recurrence_numba
from speechkit.ops.compiling import borrow, compiled, compiled_inline


def backward(of_states, kernel, dropout_mask, states, opened, kept, num_threads):
    """Returns the gradients of gates, bias, products, their bias, and the state.

    Of the products with a state only the candidate's differs from that of its gate.

    Args:
        of_states: `(frames, batch, units)`.
        kernel: As for `gru_numba.forward`.
        dropout_mask: As for `gru_numba.forward`.
        states: What `gru_numba.forward` returned.
        opened: What `gru_numba.forward` returned.
        kept: What `gru_numba.forward` returned.
        num_threads: As for `gru_numba.forward`.
    """
    frames, batch, width = opened.shape
    of_gates, of_products, of_state = (
        host_memory.empty(shape, opened.dtype)
        for shape in (opened.shape, kept.shape, dropout_mask.shape)
    )
    of_biases, of_candidate_biases = (
        recurrence_numba.sums(batch, size, opened.dtype) for size in (width, width // 3)
    )
    arguments = matmul_numba.pack(kernel.T), dropout_mask, states, opened, kept
    results = of_gates, of_biases, of_products, of_candidate_biases, of_state
    recurrence_numba.in_blocks(
        _backward,
        (of_states, *arguments, *results),
        frames,
        kernel,
        batch,
        num_threads,
    )
    of_bias, of_candidate_bias = (
        one.sum(axis=0) for one in (of_biases, of_candidate_biases)
    )
    return of_gates, of_bias, of_products, of_candidate_bias, of_state


@compiled
def _backward(
    of_states,
    tiles,
    dropout_mask,
    states,
    opened,
    kept,
    of_gates,
    of_biases,
    of_products,
    of_candidate_biases,
    of_state,
    num_rows,
    blocks,
):
    of_states, tiles, states = borrow((of_states, tiles, states))
    opened, kept, of_products = borrow((opened, kept, of_products))
    of_gates, of_biases = borrow((of_gates, of_biases))
    frames, batch, width = opened.shape
    units, count = width // 3, len(blocks)
    parts = matmul_numba.scratch(count, num_rows, width, opened)
    through = matmul_numba.scratch(count, num_rows, units, opened)
    past_gates = matmul_numba.scratch(count, num_rows, units, opened)
    for frame in range(frames - 1, -1, -1):
        for index in range(count):
            block = blocks[index]
            first = block * num_rows
            for clip in range(first, min(first + num_rows, batch)):
                row = clip - first
                gradient = through[index, row, :units]
                past = past_gates[index, row, :units]
                recurrence_numba.join(gradient, dropout_mask[clip], past)
                recurrence_numba.add(of_states[frame, clip], gradient)
                of_gate, part = of_gates[frame, clip], parts[index, row, :width]
                _step_back(
                    gradient,
                    opened[frame, clip],
                    kept[frame, clip],
                    states[frame, clip],
                    past,
                    of_gate,
                    part,
                )
                of_product = part[2 * units :]
                recurrence_numba.copy(of_product, of_products[frame, clip])
                recurrence_numba.add(of_gate, of_biases[block])
                recurrence_numba.add(of_product, of_candidate_biases[block])
        matmul_numba.multiply(parts, tiles, through)
    for index in range(count):
        first = blocks[index] * num_rows
        for clip in range(first, min(first + num_rows, batch)):
            row = clip - first
            recurrence_numba.copy(past_gates[index, row, :units], of_state[clip])
            gradient = through[index, row, :units]
            recurrence_numba.drop(gradient, dropout_mask[clip], gradient)
            recurrence_numba.add(gradient, of_state[clip])


@compiled_inline
def _step_back(gradient, opened, product, before, past, of_gates, parts):
    """Writes what passes by the gates, and the gradients of gates and products."""
    units = gradient.size
    update, reset = opened[:units], opened[units : 2 * units]
    candidate = opened[2 * units :]
    of_update, of_reset = parts[:units], parts[units : 2 * units]
    of_product, of_candidate = parts[2 * units :], of_gates[2 * units :]
    one = opened.dtype.type(1)
    for unit in range(units):
        past[unit] = gradient[unit] * update[unit]
    for unit in range(units):
        change = before[unit] - candidate[unit]
        of_update[unit] = past[unit] * change * (one - update[unit])
    for unit in range(units):
        slope = one - candidate[unit] * candidate[unit]
        of_candidate[unit] = (gradient[unit] - past[unit]) * slope
    for unit in range(units):
        of_product[unit] = of_candidate[unit] * reset[unit]
    for unit in range(units):
        of_reset[unit] = of_product[unit] * product[unit] * (one - reset[unit])
    for place in range(2 * units):
        of_gates[place] = parts[place]
