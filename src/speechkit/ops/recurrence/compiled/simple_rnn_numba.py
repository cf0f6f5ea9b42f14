"""The plain recurrence and its gradient, compiled for the host."""

import typing

from speechkit.ops.recurrence.compiled import gradient_loop_numba, loop_numba
from speechkit.ops.recurrence.compiled.activations_numba import tanh
from speechkit.ops.recurrence.compiled.loop_numba import copy
from speechkit.ops.runtime.compiling import compiled_for


class _Forward(typing.NamedTuple):
    """What a rectifier is clipped at; 0 for the hyperbolic tangent."""

    most: typing.Any


class _Backward(typing.NamedTuple):
    """What a step back reads; see `backward`."""

    states: typing.Any
    most: typing.Any


def forward(values, input_kernel, bias, kernel, dropout_mask, state, most, num_threads):
    """Returns the states; `loop_numba.forward` has the other arguments.

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
    return loop_numba.forward(
        _Forward(values.dtype.type(most)),
        values,
        input_kernel,
        bias,
        kernel,
        dropout_mask,
        state,
        num_threads,
    )


def backward(grad_states, kernel, dropout_mask, states, most, num_threads):
    """Returns the gradients of gates, bias and state.

    Args:
        grad_states: `(frames, batch, units)`.
        kernel: As for `forward`.
        dropout_mask: As for `forward`.
        states: What `forward` returned.
        most: As for `forward`.
        num_threads: As for `forward`.
    """
    cell = _Backward(states, states.dtype.type(most))
    grad_gates, grad_bias, grad_state, _ = gradient_loop_numba.backward(
        cell, grad_states, kernel, dropout_mask, num_threads
    )
    return grad_gates, grad_bias, grad_state


@compiled_for(_Forward, loop_numba.step)
def _step(cell, frame, clip, gates, bias, products, before, state):
    most, zero = cell.most, state.dtype.type(0)
    for unit in range(state.size):
        state[unit] = gates[unit] + products[unit] + bias[unit]
    if most == 0:
        for unit in range(state.size):
            state[unit] = tanh(state[unit])
    else:
        for unit in range(state.size):
            state[unit] = zero if state[unit] < zero else state[unit]
            state[unit] = most if state[unit] > most else state[unit]


@compiled_for(_Backward, gradient_loop_numba.step_back)
def _step_back(cell, frame, clip, grad_state, besides, grad_products, grad_gates):
    state, most = cell.states[frame + 1, clip], cell.most
    one, zero = state.dtype.type(1), state.dtype.type(0)
    if most == 0:
        for unit in range(state.size):
            grad_products[unit] = grad_state[unit] * (one - state[unit] * state[unit])
    else:
        for unit in range(state.size):
            is_clipped = (state[unit] <= zero) | (state[unit] >= most)
            grad_products[unit] = zero if is_clipped else grad_state[unit]
    copy(grad_products, grad_gates)
