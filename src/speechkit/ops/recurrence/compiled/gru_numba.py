"""The gated recurrent unit and its gradient, compiled for the host."""

import typing

import numpy as np

from speechkit.ops.recurrence.compiled import gradient_loop_numba, loop_numba
from speechkit.ops.recurrence.compiled.activations_numba import sigmoid, tanh
from speechkit.ops.recurrence.compiled.loop_numba import add, copy
from speechkit.ops.runtime import memory
from speechkit.ops.runtime.compiling import compiled_for


class _Forward(typing.NamedTuple):
    """What a step reads and writes; see `forward`."""

    candidate_bias: typing.Any
    opened: typing.Any
    kept: typing.Any


class _Backward(typing.NamedTuple):
    """What a step back reads and writes; see `backward`."""

    states: typing.Any
    opened: typing.Any
    kept: typing.Any
    grad_products: typing.Any
    grad_biases: typing.Any


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
        values: As for `loop_numba.forward`, as all that is not named here.
        input_kernel: Its gates, as those of `kernel`, in the order of
            `recurrence.gru`.
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
    frames, (batch, units) = len(values), state.shape
    opened, kept = (
        memory.empty((frames, batch, width), values.dtype)
        for width in (3 * units, units)
    )
    states = loop_numba.forward(
        _Forward(candidate_bias, opened, kept),
        values,
        input_kernel,
        bias,
        kernel,
        dropout_mask,
        state,
        num_threads,
    )
    return states, opened, kept


def backward(grad_states, kernel, dropout_mask, states, opened, kept, num_threads):
    """Returns the gradients of gates, bias, products, their bias, and the state.

    Of the products with a state only the candidate's differs from that of its gate.

    Args:
        grad_states: `(frames, batch, units)`.
        kernel: As for `forward`.
        dropout_mask: As for `forward`.
        states: What `forward` returned.
        opened: What `forward` returned.
        kept: What `forward` returned.
        num_threads: As for `forward`.
    """
    grad_products = memory.empty(kept.shape, kept.dtype)
    grad_biases = np.zeros(dropout_mask.shape, kept.dtype)
    cell = _Backward(states, opened, kept, grad_products, grad_biases)
    grad_gates, grad_bias, grad_state, past_gates = gradient_loop_numba.backward(
        cell, grad_states, kernel, dropout_mask, num_threads
    )
    grad_state += past_gates
    return grad_gates, grad_bias, grad_products, grad_biases.sum(axis=0), grad_state


@compiled_for(_Forward, loop_numba.step)
def _step(cell, frame, clip, gates, bias, products, before, state):
    # A loop with few arrays is computed several numbers at once.
    opened, product = cell.opened[frame, clip], cell.kept[frame, clip]
    units, candidate_bias = state.size, cell.candidate_bias
    both, candidate = opened[: 2 * units], opened[2 * units :]
    update, reset = both[:units], both[units:]
    candidate_product = products[2 * units :]
    for place in range(opened.size):
        opened[place] = gates[place] + bias[place]
    for place in range(both.size):
        both[place] = sigmoid(both[place] + products[place])
    for unit in range(units):
        product[unit] = candidate_product[unit] + candidate_bias[unit]
    for unit in range(units):
        candidate[unit] = tanh(candidate[unit] + reset[unit] * product[unit])
    for unit in range(units):
        change = before[unit] - candidate[unit]
        state[unit] = candidate[unit] + update[unit] * change


@compiled_for(_Backward, gradient_loop_numba.step_back)
def _step_back(cell, frame, clip, grad_state, besides, grad_products, grad_gates):
    past, units = besides, grad_state.size
    add(past, grad_state)
    opened, product = cell.opened[frame, clip], cell.kept[frame, clip]
    before = cell.states[frame, clip]
    update, reset = opened[:units], opened[units : 2 * units]
    candidate = opened[2 * units :]
    grad_update, grad_reset = grad_products[:units], grad_products[units : 2 * units]
    grad_product, grad_candidate = grad_products[2 * units :], grad_gates[2 * units :]
    one = opened.dtype.type(1)
    for unit in range(units):
        past[unit] = grad_state[unit] * update[unit]
    for unit in range(units):
        change = before[unit] - candidate[unit]
        grad_update[unit] = past[unit] * change * (one - update[unit])
    for unit in range(units):
        slope = one - candidate[unit] * candidate[unit]
        grad_candidate[unit] = (grad_state[unit] - past[unit]) * slope
    for unit in range(units):
        grad_product[unit] = grad_candidate[unit] * reset[unit]
    for unit in range(units):
        grad_reset[unit] = grad_product[unit] * product[unit] * (one - reset[unit])
    copy(grad_products[: 2 * units], grad_gates)
    copy(grad_product, cell.grad_products[frame, clip])
    add(grad_product, cell.grad_biases[clip])
